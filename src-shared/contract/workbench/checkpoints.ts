// Checkpoints as the workbench shows them: what is in the file, and what stands in the way of running it.
import { z } from "zod";
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
