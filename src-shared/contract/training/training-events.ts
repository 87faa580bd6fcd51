// What a training tells about itself: one typed stream for terminal and window.
import { z } from "zod";
import { variantSchema, variantScoreSchema } from "./variant-score.ts";

const milliseconds = z.number().nonnegative();
const bytes = z.instanceof(Uint8Array);

/** The loss, the learning rate, and whatever else a method follows: each is a curve. */
export const metricsSchema = z.object({ loss: z.number() }).catchall(z.number());
export type Metrics = z.infer<typeof metricsSchema>;

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
  /** Before the start, where importance weights are counted: what the initial weights predict, image by image. */
  z.object({ type: z.literal("targetCounted"), done: z.int(), images: z.int() }),
  z.object({
    type: z.literal("trainingStepFinished"),
    /** From 1, over all epochs. */
    step: z.int(),
    steps: z.int(),
    /** From 1. */
    epoch: z.int(),
    metrics: metricsSchema,
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
    /** In the order of the method. */
    scores: z.array(variantScoreSchema),
    /** Of those that the best weights are chosen from. */
    best: variantScoreSchema,
  }),
  z.object({
    type: z.literal("trainingPreviewed"),
    step: z.int(),
    /** Which of the pictures that the method shows: "prediction", "pseudo-label". */
    name: z.string(),
    /** The data set that the image is from. */
    from: z.enum(["training", "validation"]),
    index: z.int(),
    width: z.int(),
    height: z.int(),
    /** One train id a pixel, row by row. */
    labels: bytes,
    /** What the labels are of where it is not the image: RGB, of the same size. */
    picture: bytes.nullable(),
  }),
  z.object({
    type: z.literal("trainingSaved"),
    /** "state": all that is needed to go on from here. */
    kind: z.enum(["variant", "best", "last", "state"]),
    step: z.int(),
    /** Of a checkpoint. */
    variant: variantSchema.nullable(),
  }),
  z.object({ type: z.literal("trainingPaused"), step: z.int() }),
  z.object({ type: z.literal("trainingResumed"), step: z.int() }),
]);
export type TrainingEvent = z.infer<typeof trainingEventSchema>;

/** Hears of training; called between steps, never during one. */
export type TrainingListener = (event: TrainingEvent) => void;
