// The comparison of numbers: what counts as close, and what is said when it is not.
import { describe, expect, test } from "vitest";
import { describeDifferences } from "../../helpers/describe-differences.ts";
import "../../helpers/to-be-all-close.ts";

const tolerance = { relative: 1e-3, absolute: 1e-6 };

describe("toBeAllClose", () => {
  test("allows a relative and an absolute error", () => {
    expect([100.05, 1e-7]).toBeAllClose([100, 0], tolerance);
    expect([100.2]).not.toBeAllClose([100], tolerance);
  });

  test("holds NaN equal to NaN only and infinities to themselves only", () => {
    const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
    expect([nan, infinity, -infinity]).toBeAllClose([nan, infinity, -infinity], tolerance);
    for (const [found, expected] of [
      [nan, 1],
      [1, nan],
      [infinity, 1],
      [1e38, infinity],
      [-infinity, infinity],
      [nan, infinity],
    ]) {
      expect([found as number]).not.toBeAllClose([expected as number], tolerance);
    }
  });

  test("says how many differ, the worst, and where", () => {
    const text = describeDifferences([1, 2.5, 3, 5], [1, 2, 3, 4], tolerance);
    expect(text).toContain("2 of 4 differ");
    expect(text).toContain("Worst at 3: 5 instead of 4 (absolute 1.00e+0, relative 2.50e-1)");
  });

  test("says that lengths differ", () => {
    expect(describeDifferences([1], [1, 2], tolerance)).toBe("1 numbers instead of 2");
  });
});
