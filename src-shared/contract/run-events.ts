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
  }),
  z.object({
    type: z.literal("iterationFinished"),
    /** From 1. */
    iteration: z.int(),
    iterations: z.int(),
    loss: z.number(),
    elapsedMs: milliseconds,
  }),
  z.object({ type: z.literal("predictionFinished"), elapsedMs: milliseconds }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;

/** Hears of progress; called between steps, never during one. */
export type RunListener = (event: RunEvent) => void;

export const trainingEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("trainingStepFinished"),
    /** From 1, over all epochs. */
    step: z.int(),
    steps: z.int(),
    loss: z.number(),
    learningRate: z.number(),
    elapsedMs: milliseconds,
  }),
  z.object({
    type: z.literal("validationFinished"),
    /** Finished epochs. */
    epoch: z.int(),
    /** Mean IoU, 0..1. */
    miou: z.number(),
  }),
]);
export type TrainingEvent = z.infer<typeof trainingEventSchema>;

/** Hears of training; called between steps, never during one. */
export type TrainingListener = (event: TrainingEvent) => void;
