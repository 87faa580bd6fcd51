// The matcher `toBeAllClose`: compares numbers one by one and says how many differ, by how much, and where.
import { expect } from "vitest";
import { describeDifferences } from "./describe-differences.ts";
import { TOLERANCES, type Tolerance } from "./tolerances.ts";

expect.extend({
  toBeAllClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance = TOLERANCES.values) {
    const text = describeDifferences(found, expected, tolerance);
    return { pass: text === "", message: () => text || "all numbers are close" };
  },
});

declare module "vitest" {
  interface Matchers<T> {
    /** Every number within `absolute + relative · |expected|`; tolerance `values` unless another one is given. */
    toBeAllClose(expected: ArrayLike<number>, tolerance?: Tolerance): T;
  }
}
