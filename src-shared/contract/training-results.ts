// The document a training run ends with: what `acclimate train --json` prints.
import { z } from "zod";
import { trainingConfigSchema } from "./training/training-config.ts";
import { bestScoreSchema, variantScoreSchema } from "./training/variant-score.ts";

const count = z.int().nonnegative();

export const trainingResultsSchema = z.object({
  command: z.literal("train"),
  config: trainingConfigSchema,
  /** What was trained on. */
  data: z.record(z.string(), z.unknown()),
  /** Null where training began from scratch. */
  initialWeights: z.object({ path: z.string(), sha256: z.string() }).nullable(),
  /** Of the whole run, and those that an earlier start had finished. */
  steps: count,
  resumedAt: count,
  /** Null where no validation gave a score: then the last weights are the result. */
  best: bestScoreSchema.nullable(),
  /** The best weights of each, such as each alpha of source training's grid. */
  variants: z.array(bestScoreSchema),
  epochs: z.array(
    z.object({
      epoch: count,
      /** Mean of its steps; null when no image had a labelled pixel. */
      loss: z.number().nullable(),
      scores: z.array(variantScoreSchema),
    }),
  ),
  imagesPerSecond: z.number().nonnegative(),
  /** Share of the steps' time in which the engine waited for images, 0..1. */
  waitShare: z.number().min(0).max(1),
  outputs: z.object({ best: z.string(), last: z.string(), variants: z.array(z.string()) }),
});
export type TrainingResults = z.infer<typeof trainingResultsSchema>;
