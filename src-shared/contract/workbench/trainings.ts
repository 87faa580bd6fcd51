// Source training in the workbench: what it is started with, its curve, its checkpoints.
import { z } from "zod";
import { failureSchema } from "../results.ts";
import { trainingConfigSchema } from "../training-config.ts";
import { checkpointIdSchema, datasetIdSchema, trainingIdSchema } from "./ids.ts";
import { machineSchema, RUN_STATUSES } from "./runs.ts";

const count = z.int().nonnegative();

/** Where labelled images come from. */
export const trainingDataSchema = z.discriminatedUnion("kind", [
  /** Scenes of the built-in generator on a clear day, drawn as needed. */
  z.object({ kind: z.literal("sample"), count: z.int().min(1).max(100_000) }),
  z.object({ kind: z.literal("dataset"), datasetId: datasetIdSchema, split: z.string().nullable() }),
]);
export type TrainingData = z.infer<typeof trainingDataSchema>;

export const startTrainingSchema = z.object({
  name: z.string().max(200).default(""),
  data: trainingDataSchema,
  /** By which the best epoch is chosen; null: the last one is the result (of the sample: scenes that follow). */
  validation: trainingDataSchema.nullable().default(null),
  /** The weights to begin with: a checkpoint of the same architecture, or ImageNet weights as torchvision saves them. */
  initialCheckpointId: checkpointIdSchema.nullable().default(null),
  config: trainingConfigSchema,
  machine: machineSchema.prefault({}),
});
export type StartTraining = z.infer<typeof startTrainingSchema>;

export const trainingSchema = startTrainingSchema.extend({
  id: trainingIdSchema,
  /** A training that is held between two steps is "running" and paused. */
  status: z.enum(RUN_STATUSES),
  isPaused: z.boolean(),
  createdAt: count,
  startedAt: count.nullable(),
  endedAt: count.nullable(),
  error: failureSchema.nullable(),
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

/** For the charts, with at most a few thousand points: of a longer run each is the mean of several steps. */
export const trainingCurvesSchema = z.object({
  steps: z.array(z.object({ step: count, loss: z.number(), learningRate: z.number() })),
  /** How many steps a point stands for. */
  stepsPerPoint: z.int().min(1),
  /** Epochs count from 1. */
  validations: z.array(
    z.object({ epoch: count, step: count, scores: z.array(z.object({ alpha: z.number(), miou: z.number() })) }),
  ),
  /** Steps at which a prediction of one image was kept. */
  previews: z.array(z.object({ step: count, width: count, height: count })),
});
export type TrainingCurves = z.infer<typeof trainingCurvesSchema>;
