// How far a training run has come, in plain data that is kept with its weights.
import { z } from "zod";
import { lossWatchStateSchema } from "./loss-watch.ts";

const count = z.int().nonnegative();

/** The best weights of one alpha so far. */
const bestSchema = z.object({
  alpha: z.number(),
  /** Finished epochs. */
  epoch: count,
  /** Mean IoU, 0..1. */
  miou: z.number(),
});
export type BestScore = z.infer<typeof bestSchema>;

const epochRowSchema = z.object({
  /** From 1. */
  epoch: count,
  /** Mean loss of its steps; null when none had labelled pixels. */
  loss: z.number().nullable(),
  /** Of the validation after it; empty where there was none. */
  scores: z.array(z.object({ alpha: z.number(), miou: z.number() })),
});
export type EpochRow = z.infer<typeof epochRowSchema>;

export const trainingProgressSchema = z.object({
  /** In the training data: with another number a step is another one. */
  images: count,
  /** Finished steps, of all epochs. Order, augmentation and dropout follow from seed and step: there is no other random state. */
  step: count,
  /** Of the weights: fewer than steps where images had no labels. */
  updates: count,
  /** Through the network: more than updates where a step has several parts. */
  passes: count,
  /** Epochs after which validation and saving are done, too. */
  finishedEpochs: count,
  bests: z.array(bestSchema),
  epochs: z.array(epochRowSchema),
  /** Of the epoch under way. */
  lossSum: z.number(),
  lossCount: count,
  watch: lossWatchStateSchema,
});
export type TrainingProgress = z.infer<typeof trainingProgressSchema>;

/** Of a run with so many training images that begins. */
export function noProgress(images: number): TrainingProgress {
  return {
    images,
    step: 0,
    updates: 0,
    passes: 0,
    finishedEpochs: 0,
    bests: [],
    epochs: [],
    lossSum: 0,
    lossCount: 0,
    watch: { first: [], last: [] },
  };
}

/** The best of all; of equal ones that of the smallest alpha. Source: spec "3. Source training", validation. */
export function bestOf(bests: readonly BestScore[]): BestScore | null {
  return bests
    .toSorted((a, b) => a.alpha - b.alpha)
    .reduce<BestScore | null>((best, one) => (best === null || one.miou > best.miou ? one : best), null);
}

/** The bests with this one among them, in place of the one of its alpha where it is better; 0 is no score to keep. */
export function withScore(bests: readonly BestScore[], score: BestScore): readonly BestScore[] {
  const before = bests.find(({ alpha }) => alpha === score.alpha);
  if (!(score.miou > (before?.miou ?? 0))) return bests;
  return [...bests.filter((best) => best !== before), score];
}
