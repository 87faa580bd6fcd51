// What the server tells every open window, in order, without being asked.
import { z } from "zod";
import { runEventSchema } from "../run-events.ts";
import { checkpointSchema } from "./checkpoints.ts";
import { datasetSchema } from "./datasets.ts";
import { embeddingStateSchema } from "./embeddings.ts";
import { evaluationSchema } from "./evaluations.ts";
import { exportSchema } from "./exports.ts";
import {
  checkpointIdSchema,
  datasetIdSchema,
  evaluationIdSchema,
  runIdSchema,
  trainingIdSchema,
  tuningIdSchema,
} from "./ids.ts";
import { keptIterationSchema, referenceSchema, runSummarySchema } from "./runs.ts";
import { engineStateSchema, settingsSchema } from "./system.ts";
import { trainingSchema } from "./trainings.ts";
import { tuningSchema } from "./tunings.ts";

export const workbenchEventSchema = z.discriminatedUnion("type", [
  /** Created, or its status or notes changed. Ends of runs come exactly once. */
  z.object({ type: z.literal("runChanged"), run: runSummarySchema }),
  z.object({ type: z.literal("runProgressed"), runId: runIdSchema, event: runEventSchema }),
  /** Its planes can be fetched from now on. */
  z.object({ type: z.literal("iterationKept"), runId: runIdSchema, kept: keptIterationSchema }),
  /** What the run is measured against; its planes, if it has any, can be fetched from now on. */
  z.object({ type: z.literal("runReferenced"), runId: runIdSchema, reference: referenceSchema }),
  z.object({ type: z.literal("runRemoved"), runId: runIdSchema }),
  z.object({ type: z.literal("datasetChanged"), dataset: datasetSchema }),
  z.object({ type: z.literal("datasetRemoved"), datasetId: datasetIdSchema }),
  z.object({ type: z.literal("checkpointChanged"), checkpoint: checkpointSchema }),
  z.object({ type: z.literal("checkpointRemoved"), checkpointId: checkpointIdSchema }),
  z.object({ type: z.literal("exportChanged"), export: exportSchema }),
  /** Some images further, or ended. */
  z.object({ type: z.literal("embeddingsChanged"), state: embeddingStateSchema }),
  /** Created, an image further, or ended; at most a few times a second. */
  z.object({ type: z.literal("evaluationChanged"), evaluation: evaluationSchema }),
  z.object({ type: z.literal("evaluationRemoved"), evaluationId: evaluationIdSchema }),
  /** Created, a setting further, or ended. */
  z.object({ type: z.literal("tuningChanged"), tuning: tuningSchema }),
  z.object({ type: z.literal("tuningRemoved"), tuningId: tuningIdSchema }),
  /** Created, steps further, paused or ended; at most a few times a second. */
  z.object({ type: z.literal("trainingChanged"), training: trainingSchema }),
  z.object({ type: z.literal("trainingRemoved"), trainingId: trainingIdSchema }),
  /** Its order, or what is in it. How far the running one is, the others say. */
  z.object({ type: z.literal("queueChanged") }),
  z.object({ type: z.literal("engineChanged"), engine: engineStateSchema }),
  /** Saved by one of the windows: the others follow. */
  z.object({ type: z.literal("settingsChanged"), settings: settingsSchema }),
  /** A sentence for the user that belongs to no screen, such as a full disk. */
  z.object({
    type: z.literal("noticed"),
    level: z.enum(["info", "warning", "error"]),
    message: z.string(),
    /** What it is true of only until that has ended. */
    about: z.union([runIdSchema, evaluationIdSchema, trainingIdSchema, tuningIdSchema]).optional(),
  }),
]);
export type WorkbenchEvent = z.infer<typeof workbenchEventSchema>;
