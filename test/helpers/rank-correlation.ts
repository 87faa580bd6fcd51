// Spearman's rank correlation: whether two figures put the same things in the same order.
import { BugError } from "../../src-shared/contract/errors.ts";

/**
 * Pearson's correlation of the ranks, where equal values share the mean of their ranks: −1..1.
 *
 * @returns NaN where one of the two has a single value only
 */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw new BugError(`rank correlation of ${a.length} and ${b.length} values`);
  const [ranksA, ranksB] = [ranks(a), ranks(b)];
  const middle = (a.length + 1) / 2;
  let [covariance, varianceA, varianceB] = [0, 0, 0];
  ranksA.forEach((rank, i) => {
    const [x, y] = [rank - middle, (ranksB[i] as number) - middle];
    covariance += x * y;
    varianceA += x * x;
    varianceB += y * y;
  });
  return covariance / Math.sqrt(varianceA * varianceB);
}

/** From 1. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const result = new Array<number>(values.length).fill(0);
  for (let first = 0; first < order.length; ) {
    let last = first;
    while (order[last + 1]?.value === order[first]?.value) last += 1;
    for (const { index } of order.slice(first, last + 1)) result[index] = (first + last) / 2 + 1;
    first = last + 1;
  }
  return result;
}
