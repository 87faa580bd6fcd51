// Spearman's correlation: by hand, with ties, and whatever keeps the order.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rankCorrelation } from "../../helpers/rank-correlation.ts";

describe("rank correlation", () => {
  it("is 1 − 6·Σd² / (n·(n² − 1)) without ties", () => {
    expect(rankCorrelation([10, 20, 30, 40, 50], [1, 2, 3, 5, 4])).toBeCloseTo(1 - (6 * 2) / (5 * 24), 12);
    expect(rankCorrelation([1, 2, 3], [9, 5, 1])).toBeCloseTo(-1, 12);
  });

  it("gives equal values the mean of their ranks", () => {
    // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5, variances 4.5 and 5.
    expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
    expect(rankCorrelation([7, 7, 7], [1, 2, 3])).toBeNaN();
  });

  it("does not change when a figure goes through anything rising", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 20 }),
        fc.nat(),
        (a, seed) => {
          const b = a.map((value, i) => (value * 7 + seed * i) % 13);
          const expected = rankCorrelation(a, b);
          const rising = a.map((value) => value ** 3 + 5);
          if (Number.isNaN(expected)) expect(rankCorrelation(rising, b)).toBeNaN();
          else expect(rankCorrelation(rising, b)).toBeCloseTo(expected, 12);
        },
      ),
    );
  });
});
