// The point that entropies are pulled to: fixed, or a slow average of a quantile of them.
import type { EntropyBalancingConfig } from "../../../../src-shared/contract/training/entropy-balancing.ts";

/**
 * The k-th smallest of all entropies, k = floor(quantile · count), at least the smallest. Source: spec "7.6", adaptive variant.
 *
 * @param quantile  0..1
 */
export function quantileOf(entropies: Float32Array, quantile: number): number {
  return nthOf(entropies.toSorted(), quantile);
}

/** The average after a step. @param before  null in the first one */
export function movedAverage(before: number | null, now: number, momentum: number): number {
  return before === null ? now : momentum * before + (1 - momentum) * now;
}

/** Shares of the pixels whose entropy is told, in per cent. */
const TOLD_QUANTILES = [5, 25, 50, 75, 95] as const;

/** How entropies spread, in nats: "quantile05" is what 5 % of the pixels are at most. */
export function entropySpread(entropies: Float32Array): Readonly<Record<string, number>> {
  const rising = entropies.toSorted();
  const quantiles = TOLD_QUANTILES.map((percent): [string, number] => [
    `quantile${`${percent}`.padStart(2, "0")}`,
    nthOf(rising, percent / 100),
  ]);
  return {
    mean: entropies.reduce((sum, value) => sum + value, 0) / entropies.length,
    ...Object.fromEntries(quantiles),
  };
}

function nthOf(rising: Float32Array, quantile: number): number {
  return rising[Math.max(1, Math.floor(quantile * rising.length)) - 1] ?? Number.NaN;
}

/** Of the entropy loss: the original's for a fixed and for a moving point, unless the configuration has one. */
export function entropyWeightOf({
  entropyWeight,
  balance,
}: Pick<EntropyBalancingConfig, "entropyWeight" | "balance">): number {
  return entropyWeight ?? (balance === "fixed" ? 0.1 : 0.01);
}
