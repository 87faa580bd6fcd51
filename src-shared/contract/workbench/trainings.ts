// Trainings in the workbench: what each is started with, its curves, its checkpoints.
import { z } from "zod";
import { failureSchema } from "../results.ts";
import { SAMPLE_DOMAINS } from "../sample-domains.ts";
import { COUNTED, weightsSettingsSchema } from "../training/da-sac.ts";
import { trainingConfigSchema } from "../training/training-config.ts";
import { variantScoreSchema } from "../training/variant-score.ts";
import { checkpointIdSchema, datasetIdSchema, trainingIdSchema } from "./ids.ts";
import { machineSchema, RUN_STATUSES, runEstimateSchema } from "./runs.ts";

const count = z.int().nonnegative();

/** Where images come from. */
export const trainingDataSchema = z.discriminatedUnion("kind", [
  /** Scenes of the built-in generator, drawn as needed; on a clear day unless domains are named. */
  z.object({
    kind: z.literal("sample"),
    count: z.int().min(1).max(100_000),
    domains: z.array(z.enum(SAMPLE_DOMAINS)).min(1).exactOptional(),
  }),
  z.object({ kind: z.literal("dataset"), datasetId: datasetIdSchema, split: z.string().nullable() }),
]);
export type TrainingData = z.infer<typeof trainingDataSchema>;

export const startTrainingSchema = z.object({
  name: z.string().max(200).default(""),
  data: trainingDataSchema,
  /** Images of the domain to adapt to, for methods that do; their labels are not looked at. */
  target: trainingDataSchema.nullable().default(null),
  /** By which the best epoch is chosen; null: the last one is the result (of the sample: scenes that follow). */
  validation: trainingDataSchema.nullable().default(null),
  /** The weights to begin with: a checkpoint of the same architecture, or ImageNet weights as torchvision saves them. */
  initialCheckpointId: checkpointIdSchema.nullable().default(null),
  /** Of DA-SAC: how target images are drawn: by a file's weights; "count": by what the initial checkpoint predicts; null: all alike. */
  importanceWeights: z.string().min(1, "name the file of importance weights").max(4096).nullable().default(null),
  /**
   * Of CROTS: the folder of pseudo-labels of stage 1; that of hard patches of stage 2, or "none"; "training:ID": the patches that the
   * training of stage 1 cut; null: made of what the initial checkpoint predicts.
   */
  labelFolder: z.string().min(1, "name the folder").max(4096).nullable().default(null),
  config: trainingConfigSchema,
  machine: machineSchema.prefault({}),
});
/** Before the id of a training whose patches are taken. */
export const OF_TRAINING = "training:";
/** In place of a folder of patches: mixed images alone, as the original's module `spatial_mix`. */
export const NO_PATCHES = "none";
export type StartTraining = z.infer<typeof startTrainingSchema>;

/** A file of importance weights, and the images that it should be of. */
export const weightsQuerySchema = z.object({
  file: z.string().min(1, "name the file of importance weights").max(4096),
  datasetId: datasetIdSchema,
  split: z.string().nullable(),
  /** Of the training: by which images are drawn for each class. */
  settings: weightsSettingsSchema,
});
export type WeightsQuery = z.infer<typeof weightsQuerySchema>;

/** Null where a training has no such file, or its target is not of files. */
export function weightsQueryOf({
  target,
  importanceWeights: file,
  config,
}: Pick<StartTraining, "target" | "importanceWeights" | "config">): WeightsQuery | null {
  if (config.method !== "da-sac" || target?.kind !== "dataset" || file === null || file === COUNTED) return null;
  const { datasetId, split } = target;
  return { file, datasetId, split, settings: weightsSettingsSchema.parse(config) };
}

export const trainingSchema = startTrainingSchema.extend({
  id: trainingIdSchema,
  /** A training that is held between two steps is "running" and paused. */
  status: z.enum(RUN_STATUSES),
  isPaused: z.boolean(),
  createdAt: count,
  startedAt: count.nullable(),
  endedAt: count.nullable(),
  error: failureSchema.nullable(),
  /** Target images whose classes are counted for the importance weights, before the first step; null at any other time. */
  counted: z.object({ done: count, images: count }).nullable().default(null),
  step: count,
  /** Null until the data has been listed. */
  steps: count.nullable(),
  /** Under way, counted from 1; 0 before the first step. */
  epoch: count,
  lastLoss: z.number().nullable(),
  learningRate: z.number().nullable(),
  imagesPerSecond: z.number().nullable(),
  leftMs: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  bestMiou: z.number().nullable(),
  /** Its checkpoints that are opened in the workbench. */
  checkpointIds: z.array(checkpointIdSchema),
});
export type Training = z.infer<typeof trainingSchema>;

export const trainingPreviewSchema = z.object({
  step: count,
  name: z.string().regex(/^[a-z0-9-]+$/),
  width: count,
  height: count,
  /** Whether it lies over a picture of its own, and not over the one that all others are of. */
  hasPicture: z.boolean(),
});

/** Before it starts; null where there is nothing to learn from. */
export const trainingEstimateSchema = runEstimateSchema.extend({ steps: count });
export type TrainingEstimate = z.infer<typeof trainingEstimateSchema>;

/** For the charts, with at most a few thousand points: of a longer run each is the mean of several steps. */
export const trainingCurvesSchema = z.object({
  steps: z.array(count),
  /** By name, a value for each of `steps`: "loss", "learningRate" and what else the method follows; null where it told none. */
  metrics: z.record(z.string(), z.array(z.number().nullable())),
  /** How many steps a point stands for. */
  stepsPerPoint: z.int().min(1),
  /** Epochs count from 1. */
  validations: z.array(z.object({ epoch: count, step: count, scores: z.array(variantScoreSchema) })),
  /** Pictures that were kept, by step and name: "prediction" and what else the method shows. */
  previews: z.array(trainingPreviewSchema),
});
export type TrainingCurves = z.infer<typeof trainingCurvesSchema>;
