// The schedules of learning rates.
import { describe, expect, it } from "vitest";
import { scheduleOf } from "../../../../../src-main/engine/methods/source-training/optimizer.ts";
import { constant, poly, stepwise, warmUp } from "../../../../../src-main/engine/training/optimizers/schedules.ts";

const over = (schedule: (step: number) => number, steps: number) =>
  Array.from({ length: steps }, (_, t) => schedule(t));

describe("source training's schedule", () => {
  it("poly starts at the base rate, falls all the time, and still learns in the last step", () => {
    const factors = over(scheduleOf({ lrScheduler: "poly", warmupSteps: 0 }, 20), 20);
    expect(factors[0]).toBe(1);
    expect(factors.toSorted((a, b) => b - a)).toEqual(factors);
    expect(factors.at(-1)).toBeCloseTo((2 / 21) ** 0.9, 12);
  });

  it("constant stays at the base rate", () => {
    expect(scheduleOf({ lrScheduler: "constant", warmupSteps: 0 }, 20)(19)).toBe(1);
  });
});

it("poly is 0 at its end and behind it", () => {
  expect(over(poly(4, 1), 6)).toEqual([1, 0.75, 0.5, 0.25, 0, 0]);
});

it("a linear warm-up grows from its ratio to the schedule behind it", () => {
  // At t of 4 steps: (1 − (1 − t/4)·(1 − 0.1))·poly(t)
  const factors = over(warmUp({ steps: 4, ratio: 0.1 }, poly(10, 1)), 6);
  const expected = [0.1, 0.325 * 0.9, 0.55 * 0.8, 0.775 * 0.7, 0.6, 0.5];
  for (const [t, factor] of factors.entries()) expect(factor).toBeCloseTo(expected[t] ?? 0, 12);
  expect(warmUp({ steps: 0, ratio: 0 }, constant())(0)).toBe(1);
});

it("milestones multiply the rate from their step on", () => {
  expect(over(stepwise([2, 4], 0.1), 6)).toEqual([1, 1, 0.1, 0.1, 0.1 ** 2, 0.1 ** 2]);
});
