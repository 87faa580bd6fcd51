// The names of things in a workspace: opaque, unguessable, one type each, so that a run is never taken for an image.
import { z } from "zod";

const opaqueId = z.string().regex(/^[0-9a-z]{8,40}$/, "an id is 8 to 40 small letters and digits");

export const datasetIdSchema = opaqueId.brand<"DatasetId">();
export const imageIdSchema = opaqueId.brand<"ImageId">();
export const checkpointIdSchema = opaqueId.brand<"CheckpointId">();
export const runIdSchema = opaqueId.brand<"RunId">();
export const groupIdSchema = opaqueId.brand<"GroupId">();
export const tuningIdSchema = opaqueId.brand<"TuningId">();
export const evaluationIdSchema = opaqueId.brand<"EvaluationId">();
export const trainingIdSchema = opaqueId.brand<"TrainingId">();
export const exportIdSchema = opaqueId.brand<"ExportId">();

export type DatasetId = z.infer<typeof datasetIdSchema>;
export type ImageId = z.infer<typeof imageIdSchema>;
export type CheckpointId = z.infer<typeof checkpointIdSchema>;
export type RunId = z.infer<typeof runIdSchema>;
export type GroupId = z.infer<typeof groupIdSchema>;
export type TuningId = z.infer<typeof tuningIdSchema>;
export type EvaluationId = z.infer<typeof evaluationIdSchema>;
export type TrainingId = z.infer<typeof trainingIdSchema>;
export type ExportId = z.infer<typeof exportIdSchema>;
