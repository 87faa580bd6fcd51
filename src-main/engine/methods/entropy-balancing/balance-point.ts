// The point that entropies are pulled to: fixed, or a slow average of a quantile of them.

export type BalanceSettings =
  | { readonly mode: "fixed"; readonly target: number }
  | { readonly mode: "moving"; readonly quantile: number; readonly momentum: number; readonly floor: number };

/**
 * The k-th smallest of all entropies, k = floor(quantile · count), at least the smallest. Source: spec "7.6", adaptive variant.
 *
 * @param quantile  0..1
 */
export function quantileOf(entropies: Float32Array, quantile: number): number {
  const k = Math.max(1, Math.floor(quantile * entropies.length));
  return entropies.toSorted()[k - 1] ?? Number.NaN;
}

/** The average after a step. @param before  null in the first one */
export function movedAverage(before: number | null, now: number, momentum: number): number {
  return before === null ? now : momentum * before + (1 - momentum) * now;
}

/** How many of the entropies lie in each of so many equal parts of 0..ln K, as shares of all. */
export function entropyHistogram(entropies: Float32Array, numClasses: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  const scale = bins / Math.log(numClasses);
  for (const entropy of entropies) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(entropy * scale)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count) => count / entropies.length);
}
