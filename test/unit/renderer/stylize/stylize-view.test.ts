import { expect, it } from "vitest";
import {
  betaAt,
  changedSide,
  styleOf,
  useStylizeView,
} from "../../../../src-renderer/features/stylize/stylize-view.ts";
import { styleSchema } from "../../../../src-shared/contract/style.ts";

it("begins with the published beta", () => {
  expect(styleOf(useStylizeView.getState())).toEqual({ style: "fourier", beta: 0.01 });
});

it("gives a beta that is taken, at every place of the slider", () => {
  for (let place = 0; place <= 1; place += 0.005) {
    const style = styleOf({ kind: "fourier", place });
    expect(styleSchema.parse(style)).toEqual(style);
  }
  expect([betaAt(0), betaAt(1)]).toEqual([0, 0.499]);
});

it("asks for no beta where colours are transferred", () => {
  expect(styleOf({ kind: "reinhard", place: 0.3 })).toEqual({ style: "reinhard" });
});

it("tells how many coefficients of an image change", () => {
  expect(changedSide(0.01, { width: 1920, height: 1024 })).toBe(21);
});
