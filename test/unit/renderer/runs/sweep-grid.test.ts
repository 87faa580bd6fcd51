import { describe, expect, it } from "vitest";
import {
  firstGrid,
  offeredValues,
  runCount,
  sweepTime,
  toggledValue,
  valueProblem,
} from "../../../../src-renderer/features/runs/sweep-grid.ts";
import { someConfig } from "./some-runs.ts";

describe("the grid of a sweep", () => {
  it("begins with the form's values and those beside them", () => {
    expect(firstGrid(someConfig())).toEqual({ baseLr: [0.02, 0.05, 0.1], numEpochs: [5, 10, 20], threshold: [0.7] });
  });

  it("begins with a value nobody offers, too", () => {
    expect(firstGrid(someConfig({ baseLr: 0.03 })).baseLr).toEqual([0.02, 0.03, 0.05]);
    expect(offeredValues("baseLr", [0.03])).toContain(0.03);
  });

  it("keeps at least one value, and no more than the server takes", () => {
    expect(toggledValue([0.5], 0.5)).toEqual([0.5]);
    expect(toggledValue([0.5], 0.1)).toEqual([0.1, 0.5]);
    const full = Array.from({ length: 20 }, (_, index) => index);
    expect(toggledValue(full, 99)).toEqual(full);
  });

  it("counts every combination", () => {
    expect(runCount({ baseLr: [1, 2, 3], numEpochs: [1, 2], threshold: [0, 1] })).toBe(12);
  });

  it("refuses values that no run takes", () => {
    expect(valueProblem("numEpochs", 1.5)).toBe("The number of iterations is whole.");
    expect(valueProblem("numEpochs", 1e9)).toBe("There are at most 10000 iterations.");
    expect(valueProblem("threshold", 1.5)).toBe("The threshold is between 0 and 1.");
    expect(valueProblem("baseLr", Number.NaN)).not.toBeNull();
    expect(valueProblem("baseLr", 0)).toBeNull();
  });

  it("adds up the times by iterations, and says nothing while one is unknown", () => {
    const grid = { baseLr: [0.1, 0.2], numEpochs: [5, 10], threshold: [0.7] };
    expect(
      sweepTime(
        grid,
        new Map([
          [5, 100],
          [10, 300],
        ]),
      ),
    ).toBe(800);
    expect(sweepTime(grid, new Map([[5, 100]]))).toBeNull();
  });
});
