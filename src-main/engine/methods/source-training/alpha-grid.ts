// The alphas that weights are validated with.
import type { SourceTrainingConfig } from "../../../../src-shared/contract/training/source-training.ts";
import type { Architecture } from "../../models/architecture.ts";

/** Of a checkpoint that no validation chose an alpha for: the published one of ResNet-50. */
const DEFAULT_ALPHA = 0.1;
const DECIMALS = 5;

/**
 * The one alpha that was asked for, or so many from 0 to 1 at equal distances, rounded to 5 decimals.
 * A network of plain normalisation has no alpha. Source: spec "3. Source training", validation.
 */
export function alphaGrid(
  { alpha, numAlphas }: Pick<SourceTrainingConfig, "alpha" | "numAlphas">,
  { normalization }: Pick<Architecture, "normalization">,
): number[] {
  if (normalization === "plain") return [0];
  if (alpha !== null) return [alpha];
  return Array.from({ length: numAlphas }, (_, k) => Number((k / Math.max(1, numAlphas - 1)).toFixed(DECIMALS)));
}

/** The alpha to start with. */
export function initialAlpha({ alpha }: Pick<SourceTrainingConfig, "alpha">): number {
  return alpha ?? DEFAULT_ALPHA;
}
