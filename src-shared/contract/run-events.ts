// What a running method tells about itself: one typed stream for terminal and window.
import { z } from "zod";

const milliseconds = z.number().nonnegative();

export const runEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("viewFinished"),
    /** From 0. */
    index: z.int(),
    count: z.int(),
    scale: z.number(),
    flipped: z.boolean(),
    gray: z.boolean(),
    elapsedMs: milliseconds,
  }),
  z.object({
    type: z.literal("pseudoLabelFinished"),
    keptPixels: z.int(),
    pixels: z.int(),
    /** Kept pixels of each class. */
    perClass: z.array(z.int()),
    /** Share of the pixels on which a view has the class of all views together; the mean over the views. */
    agreement: z.number().min(0).max(1),
  }),
  z.object({
    type: z.literal("iterationFinished"),
    /** From 1. */
    iteration: z.int(),
    iterations: z.int(),
    loss: z.number(),
    elapsedMs: milliseconds,
  }),
  /** Of a prediction that goes through the image window by window. */
  z.object({
    type: z.literal("windowFinished"),
    /** From 0. */
    index: z.int(),
    /** Of this prediction; of all views where they are fused. */
    windows: z.int(),
  }),
  z.object({ type: z.literal("predictionFinished"), elapsedMs: milliseconds }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;

/** Hears of progress; called between steps, never during one. */
export type RunListener = (event: RunEvent) => void;

/** Mean IoU, 0..1, of the validation images with this alpha in every normalisation layer. */
const alphaScoreSchema = z.object({ alpha: z.number(), miou: z.number() });

export const trainingEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("trainingStarted"),
    /** Of the whole run. */
    steps: z.int(),
    epochs: z.int(),
    /** Training images. */
    images: z.int(),
    /** Steps that an earlier start of this run has finished. */
    finishedSteps: z.int(),
  }),
  z.object({
    type: z.literal("trainingStepFinished"),
    /** From 1, over all epochs. */
    step: z.int(),
    steps: z.int(),
    /** From 1. */
    epoch: z.int(),
    loss: z.number(),
    learningRate: z.number(),
    elapsedMs: milliseconds,
    /** Of it, spent waiting for images to be read and augmented. */
    waitMs: milliseconds,
    /** Over the last steps. */
    imagesPerSecond: z.number().nonnegative(),
    /** An estimate for the whole run, validations included. */
    leftMs: milliseconds,
    /** Resident memory of the process that trains, in bytes. */
    memoryBytes: z.number().nonnegative(),
  }),
  z.object({
    type: z.literal("validationImageFinished"),
    /** Finished epochs. */
    epoch: z.int(),
    /** From 1. */
    image: z.int(),
    images: z.int(),
  }),
  z.object({
    type: z.literal("validationFinished"),
    /** Finished epochs. */
    epoch: z.int(),
    /** In the order of the grid. */
    scores: z.array(alphaScoreSchema),
    /** The best of them. */
    alpha: z.number(),
    miou: z.number(),
  }),
  z.object({
    type: z.literal("trainingPreviewed"),
    step: z.int(),
    /** The data set that the image is from. */
    from: z.enum(["training", "validation"]),
    index: z.int(),
    width: z.int(),
    height: z.int(),
    /** One train id a pixel, row by row. */
    labels: z.instanceof(Uint8Array),
  }),
  z.object({
    type: z.literal("trainingSaved"),
    /** "state": all that is needed to go on from here. */
    kind: z.enum(["alpha", "best", "last", "state"]),
    step: z.int(),
    /** Of a checkpoint of the grid. */
    alpha: z.number().nullable(),
  }),
  z.object({ type: z.literal("trainingPaused"), step: z.int() }),
  z.object({ type: z.literal("trainingResumed"), step: z.int() }),
]);
export type TrainingEvent = z.infer<typeof trainingEventSchema>;

/** Hears of training; called between steps, never during one. */
export type TrainingListener = (event: TrainingEvent) => void;
