// What computes and what waits for it, in order: runs by themselves, sweeps and batches as one, evaluations, trainings, tunings.
import { z } from "zod";
import { evaluationSchema } from "./evaluations.ts";
import { evaluationIdSchema, groupIdSchema, runIdSchema, trainingIdSchema, tuningIdSchema } from "./ids.ts";
import { runGroupSchema, runSummarySchema } from "./runs.ts";
import { trainingSchema } from "./trainings.ts";
import { tuningSchema } from "./tunings.ts";

const milliseconds = z.number().nonnegative();

/** A run by itself, a group, an evaluation, a training or a tuning. */
export const queueItemIdSchema = z.union([
  runIdSchema,
  groupIdSchema,
  evaluationIdSchema,
  trainingIdSchema,
  tuningIdSchema,
]);
export type QueueItemId = z.infer<typeof queueItemIdSchema>;

export const queueItemSchema = z.intersection(
  z.object({
    id: queueItemIdSchema,
    /** "stopping": told to stop, and still in a step. "paused": holds its place until it is to go on. */
    state: z.enum(["waiting", "running", "paused", "stopping"]),
    /** Until it is done, once it is its turn; null while unknown. */
    leftMs: milliseconds.nullable(),
  }),
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("run"), run: runSummarySchema }),
    /** Of the group's runs the one that computes, if one does, and how many wait or run. */
    z.object({
      kind: z.literal("group"),
      group: runGroupSchema,
      run: runSummarySchema.nullable(),
      open: z.int().nonnegative(),
    }),
    z.object({ kind: z.literal("evaluation"), evaluation: evaluationSchema }),
    z.object({ kind: z.literal("training"), training: trainingSchema }),
    z.object({ kind: z.literal("tuning"), tuning: tuningSchema }),
  ]),
);
export type QueueItem = z.infer<typeof queueItemSchema>;

export const queueSchema = z.object({
  /** What computes first, then what waits, in the order in which it will be carried out. */
  items: z.array(queueItemSchema),
  /** More wait than are listed. */
  unlisted: z.int().nonnegative(),
  /** Why nothing is carried out now, in a sentence; null while something is, or could be. */
  heldBecause: z.string().nullable(),
});
export type Queue = z.infer<typeof queueSchema>;

/** Where to: before another item that waits, or behind all (null). */
export const moveInQueueSchema = z.object({ id: queueItemIdSchema, before: queueItemIdSchema.nullable() });
export type MoveInQueue = z.infer<typeof moveInQueueSchema>;
