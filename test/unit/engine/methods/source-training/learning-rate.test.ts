// The two schedules.
import { expect, it } from "vitest";
import { learningRateAt } from "../../../../../src-main/engine/methods/source-training/learning-rate.ts";

it("poly starts at the base rate, falls all the time, and still learns in the last step", () => {
  const rates = Array.from({ length: 20 }, (_, step) =>
    learningRateAt(step, 20, { baseLr: 0.005, lrScheduler: "poly" }),
  );
  expect(rates[0]).toBe(0.005);
  expect(rates.toSorted((a, b) => b - a)).toEqual(rates);
  expect(rates.at(-1)).toBeCloseTo(0.005 * (2 / 21) ** 0.9, 12);
});

it("constant stays at the base rate", () => {
  expect(learningRateAt(19, 20, { baseLr: 0.01, lrScheduler: "constant" })).toBe(0.01);
});
