// Checkpoints as the workbench shows them: what is in the file, and what stands in the way of running it.
import { z } from "zod";
import { labelSetSchema } from "../label-set.ts";
import { recommendedParametersSchema } from "../recommended-parameters.ts";
import { failureSchema } from "../results.ts";
import { checkpointIdSchema } from "./ids.ts";

const count = z.int().nonnegative();

export const checkpointSchema = z.object({
  id: checkpointIdSchema,
  name: z.string(),
  path: z.string(),
  isSample: z.boolean(),
  /** False while the file is not there. */
  isAvailable: z.boolean(),
  format: z.string(),
  sizeBytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Null when no known architecture has these keys. */
  arch: z.string().nullable(),
  backbone: z.string().nullable(),
  numClasses: count.nullable(),
  /** Of every normalisation layer as stored; null when layers differ or have none. */
  alpha: z.number().nullable(),
  /** The parameters of self-adaptation that it recommends; null without. Read before there were any: without, too. */
  recommended: recommendedParametersSchema.nullable().default(null),
  /** Why its recommendation can't be read; null when it can, or there is none. */
  recommendedProblem: failureSchema.nullable().default(null),
  /** What its classes are, where its file or somebody says; without, what their number says. */
  labelSet: labelSetSchema.exactOptional(),
  /** What is to be known of how it was read, in sentences. */
  notes: z.array(z.string()).exactOptional(),
  /** Why it can't be run, in one sentence; null when it can. */
  problem: failureSchema.nullable(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

export const checkpointKeySchema = z.object({
  key: z.string(),
  dtype: z.string(),
  shape: z.array(count),
  /** How it fits the recognised architecture; "other" when there is none. */
  fit: z.enum(["matched", "unexpected", "missing", "wrongShape", "other"]),
  /** The shape the architecture wants, where it differs. */
  expectedShape: z.array(count).nullable(),
  /** How many of its values are NaN or infinite; 0 also in a row of a version that did not look. */
  noNumbers: count.default(0),
});
export type CheckpointKey = z.infer<typeof checkpointKeySchema>;

/** What the values of one tensor are like. Figures leave out what is no finite number; null where nothing else is there. */
export const tensorStatisticsSchema = z.object({
  key: z.string(),
  dtype: z.string(),
  shape: z.array(count),
  values: count,
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  deviation: z.number().nullable(),
  /** How many values are 0, are no numbers, and are infinite. */
  zeros: count,
  notNumbers: count,
  infinities: count,
  /** Values between the least and the greatest, in parts of equal width; one part where they are the same. */
  histogram: z.array(count),
});
export type TensorStatistics = z.infer<typeof tensorStatisticsSchema>;

/** How a tensor differs between two checkpoints. */
export const tensorChangeSchema = z.object({
  key: z.string(),
  kind: z.enum(["same", "changed", "otherShape", "onlyHere", "onlyThere"]),
  /** Euclidean length of the difference over that of the first checkpoint's tensor; null where it says nothing. */
  relative: z.number().nonnegative().nullable(),
  /** Of one value. */
  largest: z.number().nonnegative().nullable(),
});
export type TensorChange = z.infer<typeof tensorChangeSchema>;

/** Pixels; a larger input says nothing more, and takes long to lay out. */
export const networkSizeSchema = z.object({
  width: z.int("a width is whole").min(32, "a width is 32 pixels or more").max(8192, "a width is at most 8192 pixels"),
  height: z
    .int("a height is whole")
    .min(32, "a height is 32 pixels or more")
    .max(8192, "a height is at most 8192 pixels"),
});
export type NetworkSize = z.infer<typeof networkSizeSchema>;

const blockSchema = z.object({
  name: z.string(),
  /** [N, C, H, W] of its last convolution; empty where it has none. */
  output: z.array(count),
  parameters: count,
  multiplyAdds: count,
});
export type ArchitectureBlock = z.infer<typeof blockSchema>;

export const architectureDescriptionSchema = z.object({
  input: networkSizeSchema,
  stages: z.array(
    z.object({
      name: z.string(),
      /** [N, C, H, W] of every feature map that leaves the stage. */
      outputs: z.array(z.array(count)),
      /** What training changes. */
      parameters: count,
      /** Of the convolutions. */
      multiplyAdds: count,
      blocks: z.array(blockSchema),
    }),
  ),
  parameters: count,
  multiplyAdds: count,
});
export type ArchitectureDescription = z.infer<typeof architectureDescriptionSchema>;
