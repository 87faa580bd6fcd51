// Parallel coordinates: places on an axis, what a brush holds, and the line under the pointer.
import { describe, expect, it } from "vitest";
import { lineStrength } from "../../../../src-renderer/features/runs/draw-parallel-lines.ts";
import { linesThrough, nearestLine, parallelAxis } from "../../../../src-renderer/features/runs/parallel-axes.ts";

describe("an axis", () => {
  it("places numbers between its ends, and runs without one nowhere", () => {
    const axis = parallelAxis("miou", [0.2, 0.6, null, 0.4]);
    expect([0.2, 0.4, 0.6].map(axis.shareOf)).toEqual([0, expect.closeTo(0.5), 1]);
    expect(axis.shareOf(null)).toBeNull();
    expect(axis.ticks).toEqual([0.2, expect.closeTo(0.4), 0.6]);
  });

  it("reads rates over several powers of ten by their logarithm", () => {
    const axis = parallelAxis("baseLr", [0.001, 0.1, 0.01]);
    expect(axis.shareOf(0.01)).toBeCloseTo(0.5);
    expect(parallelAxis("baseLr", [0, 0.1]).shareOf(0.05)).toBeCloseTo(0.5);
  });

  it("gives names places of their own, in rising order", () => {
    const axis = parallelAxis("method", ["tta", "adapt", "tta", "predict"]);
    expect(axis.ticks).toEqual(["adapt", "predict", "tta"]);
    expect(axis.shareOf("predict")).toBe(0.5);
  });

  it("turns a brush into a condition that holds what lies in it, and finds it again", () => {
    const numbers = parallelAxis("miou", [0, 1]);
    expect(numbers.conditionOf(0.25, 1)).toEqual({ column: "miou", from: 0.25, to: 1 });
    expect(numbers.stretchOf(numbers.conditionOf(0.25, 0.75))).toEqual([0.25, 0.75]);
    const names = parallelAxis("method", ["tta", "adapt", "predict"]);
    expect(names.conditionOf(0.3, 0.9)).toEqual({ column: "method", values: ["predict"] });
    const [from, to] = names.stretchOf({ column: "method", values: ["predict"] }) ?? [0, 0];
    expect([from < 0.5, to > 0.5]).toEqual([true, true]);
  });

  it("stands in the middle when all values are the same", () => {
    expect(parallelAxis("threshold", [0.7, 0.7]).shareOf(0.7)).toBe(0.5);
    expect(parallelAxis("method", ["adapt"]).shareOf("adapt")).toBe(0.5);
    expect(parallelAxis("miou", []).ticks).toHaveLength(3);
  });
});

describe("the line under the pointer", () => {
  const axes = [parallelAxis("miou", [0, 1, null]), parallelAxis("entropy", [1, 0, 0.5])];
  const shares = linesThrough(axes, [
    [0, 1, null],
    [1, 0, 0.5],
  ]);

  it("is the nearest one within reach, across a steep line as well", () => {
    expect(nearestLine(shares, [0, 100], 100, { x: 10, y: 88 }, 6)).toBe(0);
    expect(nearestLine(shares, [0, 100], 100, { x: 90, y: 88 }, 6)).toBe(1);
    expect(nearestLine(shares, [0, 100], 100, { x: 10, y: 50 }, 6)).toBeNull();
    expect(nearestLine(shares, [0, 100], 100, { x: -5, y: 50 }, 6)).toBeNull();
  });

  it("is drawn solidly among few, faintly among thousands", () => {
    expect(lineStrength(1)).toBeGreaterThan(0.8);
    expect(lineStrength(10_000)).toBeLessThan(0.1);
  });
});
