// Dropout masks: the share that is dropped, what the rest is scaled by, and the seed.
import { describe, expect, it } from "vitest";
import { KEPT, seededMasks } from "../../../../../src-main/engine/methods/shared/dropout-masks.ts";

describe("seededMasks", () => {
  const mask = seededMasks(1)(0, [2, 50, 100, 10]);

  it("drops a tenth, and scales the rest so that the mean stays", () => {
    const dropped = mask.filter((value) => value === 0).length / mask.length;
    expect(dropped).toBeCloseTo(0.1, 2);
    expect(mask.every((value) => value === 0 || value === Math.fround(KEPT))).toBe(true);
    expect(KEPT).toBeCloseTo(1 / 0.9, 12);
    expect(mask.reduce((sum, value) => sum + value, 0) / mask.length).toBeCloseTo(1, 2);
  });

  it("gives the same mask for the same seed and place, and another for another", () => {
    expect(seededMasks(1)(0, [2, 50, 100, 10])).toEqual(mask);
    expect(seededMasks(2)(0, [2, 50, 100, 10])).not.toEqual(mask);
    expect(seededMasks(1)(1, [2, 50, 100, 10])).not.toEqual(mask);
  });
});
