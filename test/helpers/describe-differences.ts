// Compares numbers one by one: how many differ, by how much, and where.
import type { Tolerance } from "./tolerances.ts";

interface Difference {
  readonly index: number;
  readonly found: number;
  readonly expected: number;
  readonly absolute: number;
}

/** Differences beyond the tolerance. NaN equals only NaN, an infinity only itself. */
export function differences(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance): Difference[] {
  return Array.from(expected, (wanted, index): Difference => {
    const value = found[index] ?? Number.NaN;
    return { index, found: value, expected: wanted, absolute: Object.is(value, wanted) ? 0 : Math.abs(value - wanted) };
  }).filter(({ found: value, expected: wanted, absolute }) => {
    if (value === wanted || (Number.isNaN(value) && Number.isNaN(wanted))) return false;
    return !(absolute <= tolerance.absolute + tolerance.relative * Math.abs(wanted)) || !Number.isFinite(wanted);
  });
}

/** What is wrong, in two lines; empty when nothing is. */
export function describeDifferences(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
): string {
  if (found.length !== expected.length) return `${found.length} numbers instead of ${expected.length}`;
  const wrong = differences(found, expected, tolerance);
  if (wrong.length === 0) return "";
  const worst = wrong.reduce((a, b) => (b.absolute > a.absolute || Number.isNaN(b.absolute) ? b : a));
  const relative = worst.absolute / Math.abs(worst.expected);
  return (
    `${wrong.length} of ${expected.length} differ by more than ${tolerance.absolute} + ${tolerance.relative} relative.\n` +
    `Worst at ${worst.index}: ${worst.found} instead of ${worst.expected} ` +
    `(absolute ${worst.absolute.toExponential(2)}, relative ${relative.toExponential(2)})`
  );
}
