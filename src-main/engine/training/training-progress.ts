// How far a training run has come, in plain data that is kept with its weights.
import { z } from "zod";
import {
  type BestScore,
  bestScoreSchema,
  isSameVariant,
  variantScoreSchema,
} from "../../../src-shared/contract/training/variant-score.ts";
import { lossWatchStateSchema } from "./loss-watch.ts";
import type { ImageCounts } from "./training-method.ts";

const count = z.int().nonnegative();

const epochRowSchema = z.object({
  /** From 1. */
  epoch: count,
  /** Mean loss of its steps; null when none had anything to learn from. */
  loss: z.number().nullable(),
  /** Of the validation after it; empty where there was none. */
  scores: z.array(variantScoreSchema),
});
export type EpochRow = z.infer<typeof epochRowSchema>;

export const trainingProgressSchema = z.object({
  /** In the data sets of the run, by their roles: with another number a step is another one. */
  images: z.object({ source: count, target: count.exactOptional() }),
  /** Finished steps, of all epochs. All that is random follows from seed and step: there is no other random state. */
  step: count,
  /** Epochs after which validation and saving are done, too. */
  finishedEpochs: count,
  /** Of each variant. */
  bests: z.array(bestScoreSchema),
  epochs: z.array(epochRowSchema),
  /** Of the epoch under way. */
  lossSum: z.number(),
  lossCount: count,
  watch: lossWatchStateSchema,
  /** What the method needs besides its networks; null before its first step. */
  method: z.record(z.string(), z.array(z.number())).nullable(),
});
export type TrainingProgress = z.infer<typeof trainingProgressSchema>;

/** Of a run with so many training images that begins. */
export function noProgress(images: ImageCounts): TrainingProgress {
  return {
    images,
    step: 0,
    finishedEpochs: 0,
    bests: [],
    epochs: [],
    lossSum: 0,
    lossCount: 0,
    watch: { first: [], last: [] },
    method: null,
  };
}

/** The best of all; of equal ones that of the smallest value. Source: spec "3. Source training", validation. */
export function bestOf<S extends Omit<BestScore, "epoch">>(scores: readonly S[]): S | null {
  return scores
    .toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0))
    .reduce<S | null>((best, one) => (best === null || one.miou > best.miou ? one : best), null);
}

/** The bests with this one among them, in place of the one of its variant where it is better; 0 is no score to keep. */
export function withScore(bests: readonly BestScore[], score: BestScore): readonly BestScore[] {
  const before = bests.find((best) => isSameVariant(best, score));
  if (!(score.miou > (before?.miou ?? 0))) return bests;
  return [...bests.filter((best) => best !== before), score];
}
