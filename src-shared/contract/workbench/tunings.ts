// Auto-tuning in the workbench: which settings suit an image, or several, with their ranking as it comes.
import { z } from "zod";
import { failureSchema } from "../results.ts";
import { tuningPlanSchema, tuningResultSchema } from "../tuning.ts";
import { checkpointIdSchema, imageIdSchema, tuningIdSchema } from "./ids.ts";
import { machineSchema, RUN_STATUSES } from "./runs.ts";

const count = z.int().nonnegative();

/** Enough to tell settings apart; every setting is run on each. */
export const MAX_TUNED_IMAGES = 64;

export const startTuningSchema = z.object({
  imageIds: z
    .array(imageIdSchema)
    .min(1, "choose at least one image")
    .max(MAX_TUNED_IMAGES, `tune on at most ${MAX_TUNED_IMAGES} images`),
  checkpointId: checkpointIdSchema,
  plan: tuningPlanSchema,
  machine: machineSchema.prefault({}),
  /** Of the images: "fog/003.png", or "val of ACDC". */
  name: z.string().min(1).max(200),
});
export type StartTuning = z.infer<typeof startTuningSchema>;

/** "interrupted" and "cancelled" ones can be taken up again: trials that are done are not done again. */
export const tuningSchema = startTuningSchema.extend({
  id: tuningIdSchema,
  status: z.enum(RUN_STATUSES),
  checkpointName: z.string(),
  /** Milliseconds since 1970. */
  createdAt: count,
  startedAt: count.nullable(),
  endedAt: count.nullable(),
  /** Trials that were done when it was last started. */
  doneBefore: count.default(0),
  error: failureSchema.nullable(),
  /** Null before the first trial. */
  result: tuningResultSchema.nullable(),
});
export type Tuning = z.infer<typeof tuningSchema>;
