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
