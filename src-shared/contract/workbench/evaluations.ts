// Evaluations in the workbench: a method over a data set, its figures as they come, and two of them side by side.

import { z } from "zod";
import { evaluationConfigSchema, evaluationSummarySchema } from "../evaluation.ts";
import { labelSetSchema } from "../label-set.ts";
import { failureSchema } from "../results.ts";
import { checkpointIdSchema, datasetIdSchema, evaluationIdSchema, imageIdSchema } from "./ids.ts";
import { machineSchema, RUN_STATUSES, runEstimateSchema } from "./runs.ts";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

export const startEvaluationSchema = z.object({
  datasetId: datasetIdSchema,
  /** Null: all images. */
  split: z.string().nullable().default(null),
  checkpointId: checkpointIdSchema,
  config: evaluationConfigSchema,
  machine: machineSchema.prefault({}),
  name: z.string().max(200).default(""),
});
export type StartEvaluation = z.infer<typeof startEvaluationSchema>;

/** A row of the list. "interrupted" and "cancelled" ones can be taken up again. */
export const evaluationSchema = startEvaluationSchema.extend({
  id: evaluationIdSchema,
  status: z.enum(RUN_STATUSES),
  datasetName: z.string(),
  checkpointName: z.string(),
  numClasses: count,
  /** What the classes are, where that is more than their number. */
  labelSet: labelSetSchema.exactOptional(),
  /** Milliseconds since 1970. */
  createdAt: count,
  startedAt: count.nullable(),
  endedAt: count.nullable(),
  error: failureSchema.nullable(),
  /** Images that have a record, of those of the split; null until the split has been listed. */
  done: count,
  images: count.nullable(),
  failed: count,
  /** Pooled over what is recorded so far; null without labels. */
  miou: share.nullable(),
  ece: z.number().nullable(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

/** Before it starts; of all its images. */
export const evaluationEstimateSchema = runEstimateSchema.extend({ images: count });
export type EvaluationEstimate = z.infer<typeof evaluationEstimateSchema>;

/** Everything that is known of an evaluation; of a running one, over what is recorded so far. */
export const evaluationResultSchema = z.object({
  evaluation: evaluationSchema,
  /** Null before the first record. */
  summary: evaluationSummarySchema.nullable(),
  /** Image of each key of `summary.perImage`; a key whose image is gone is left out. */
  imageIds: z.record(z.string(), imageIdSchema),
  /** Images without a result, and why. */
  failures: z.array(failureSchema.extend({ key: z.string() })),
});
export type EvaluationResult = z.infer<typeof evaluationResultSchema>;

/** One cell of the confusion matrix: pixels of one labelled class that were predicted as another, or as the same. */
export const confusionCellSchema = z.object({ label: z.int().min(0).max(254), predicted: z.int().min(0).max(254) });
export type ConfusionCell = z.infer<typeof confusionCellSchema>;

/** An image with pixels of a cell. Those without, and images that are gone, are left out; the most pixels come first. */
export const confusedImageSchema = z.object({ imageId: imageIdSchema, pixels: count });
export type ConfusedImage = z.infer<typeof confusedImageSchema>;

/** The benchmarks whose servers take submissions. */
export const BENCHMARK_IDS = ["cityscapes", "acdc", "dark-zurich"] as const;
export const benchmarkIdSchema = z.enum(BENCHMARK_IDS);
export type BenchmarkId = z.infer<typeof benchmarkIdSchema>;

export const submissionPlanSchema = z.object({
  /** Of each image its name in the archive. */
  files: z.array(z.object({ key: z.string(), name: z.string() })),
  /** Sentences; a submission with problems is not written. */
  problems: z.array(z.string()),
});
export type SubmissionPlan = z.infer<typeof submissionPlanSchema>;

export const submissionSchema = z.object({ files: count, sizeBytes: count });
export type Submission = z.infer<typeof submissionSchema>;

/** Forms that importance weights are written in: the original program's, and text. */
export const WEIGHTS_FORMS = ["data", "json"] as const;
export const weightsFormSchema = z.enum(WEIGHTS_FORMS);
export type WeightsForm = z.infer<typeof weightsFormSchema>;

/** How much of each class lies in which image, as it was written. */
export const importanceWeightsSchema = z.object({
  images: count,
  /** Train ids that are predicted nowhere. */
  unseen: z.array(count),
  sizeBytes: count,
});
export type ImportanceWeights = z.infer<typeof importanceWeightsSchema>;
/** With the file, to train by. */
export type WrittenWeights = ImportanceWeights & { path: string };
