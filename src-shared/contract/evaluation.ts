// A method over many images: its parameters, what is recorded of each image, and the figures that follow from the records.
import { z } from "zod";
import { adaptationConfigSchema, alphaSchema, fitConfigSchema } from "./adaptation-config.ts";
import { dropoutConfigSchema, IMAGE_METHODS, imageMethodWithAlphaSchema } from "./image-methods.ts";
import { checkpointSummarySchema, failureSchema, runtimeSummarySchema } from "./results.ts";
import { fileUnknownsSchema, unknownLabelsSchema } from "./unknown-labels.ts";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

/** The parameters of all methods, of which one is chosen: what a form shows, and flags say. */
export const evaluationParametersSchema = adaptationConfigSchema.extend({
  method: z.enum(IMAGE_METHODS).default("adapt"),
  alpha: alphaSchema,
  passes: dropoutConfigSchema.shape.passes,
  ...fitConfigSchema.shape,
});
export type EvaluationParameters = z.infer<typeof evaluationParametersSchema>;

/** What is evaluated: a method with its own parameters. */
export const evaluationConfigSchema = imageMethodWithAlphaSchema;
export type EvaluationConfig = z.infer<typeof evaluationConfigSchema>;

/** Every n-th image from the i-th on, of the images in the order of their keys. */
export const shardSchema = z
  .object({ index: z.int().min(1, "shards count from 1"), count: z.int().min(1, "there is at least 1 shard") })
  .refine(({ index, count: shards }) => index <= shards, "the shard's number is at most the number of shards");
export type Shard = z.infer<typeof shardSchema>;

/** What decides the figures: parts with the same can be joined. */
export const evaluationHeaderSchema = z.object({
  acclimate: z.string(),
  checkpoint: checkpointSummarySchema,
  runtime: runtimeSummarySchema,
  config: evaluationConfigSchema,
  dataset: z.object({
    path: z.string(),
    layout: z.string(),
    /** Null: all images. */
    split: z.string().nullable(),
    /** Images of the split, of all shards. */
    images: count,
  }),
  shard: shardSchema,
});
export type EvaluationHeader = z.infer<typeof evaluationHeaderSchema>;

/** Sums of one image; see `metrics/calibration.ts`. */
const calibrationSumsSchema = z.object({
  pixels: z.array(z.number()),
  weightedErrors: z.array(z.number()),
  correctSums: z.array(z.number()),
  confidenceSums: z.array(z.number()),
});

export const evaluatedImageSchema = z.object({
  key: z.string(),
  /** Of the data set's item; records of earlier versions have none. */
  domain: z.string().nullable().default(null),
  size: z.object({ width: count, height: count }),
  /** [K, K] pixel counts, row = label; null without labels. */
  confusion: z.array(count).nullable(),
  calibration: calibrationSumsSchema.nullable(),
  /** What the label file holds that is of no class, if anything: those pixels count for nothing. */
  unknownLabels: fileUnknownsSchema.optional(),
  /** Mean over the pixels of the entropy divided by log(classes), and of the largest probability. */
  entropy: share,
  confidence: share,
  /** One an iteration; empty unless adapted. */
  losses: z.array(z.number()),
  /** Share of the pixels that several windows have predicted to which all gave the same class; null where none slid. */
  overlapAgreement: share.nullable().default(null),
  milliseconds: z.number().nonnegative(),
});
export type EvaluatedImage = z.infer<typeof evaluatedImageSchema>;

/** An image that gave no result, and why. Tried again when the evaluation is resumed. */
export const failedImageSchema = failureSchema.extend({ key: z.string() });
export type FailedImage = z.infer<typeof failedImageSchema>;

const perClass = z.array(share.nullable());

/** The figures of the images of one domain: of a condition, a time of day, a density of fog. */
export const domainFiguresSchema = z.object({
  name: z.string(),
  images: count,
  labelled: count,
  /** One confusion matrix over the domain's pixels; null without labels. */
  miou: share.nullable(),
  iou: perClass,
  meanImageMiou: share.nullable(),
});
export type DomainFigures = z.infer<typeof domainFiguresSchema>;

export const evaluationSummarySchema = z.object({
  images: count,
  labelled: count,
  failed: count,
  numClasses: count,
  /** What label files hold that is of no class, if anything. */
  unknownLabels: unknownLabelsSchema.optional(),
  /** One confusion matrix over all pixels; null without labels. */
  pooled: z
    .object({
      miou: share.nullable(),
      iou: perClass,
      overallAccuracy: share.nullable(),
      meanAccuracy: share.nullable(),
      frequencyWeightedIou: share.nullable(),
      /** [K, K] pixel counts, row = label. */
      confusion: z.array(count),
    })
    .nullable(),
  /** Mean over the labelled images of each one's own mean IoU; not the benchmark's figure. */
  meanImageMiou: share.nullable(),
  calibration: z
    .object({
      ece: z.number().nonnegative(),
      ecePerClass: z.array(z.number().nonnegative()),
      /** Ten bins with centres 0.05, 0.15, … */
      reliability: z.object({ accuracy: z.array(z.number()), confidence: z.array(z.number()) }),
    })
    .nullable(),
  /** Means over all pixels. */
  entropy: share.nullable(),
  confidence: share.nullable(),
  /** Mean over the images that were predicted in windows; null when none was. */
  overlapAgreement: share.nullable().default(null),
  /** Where the data set tells domains apart: each of them, by name. */
  domains: z.array(domainFiguresSchema),
  /** Of each labelled image: its own mean IoU and IoU per class. */
  perImage: z.array(
    z.object({ key: z.string(), miou: share.nullable(), iou: perClass, entropy: share, confidence: share }),
  ),
});
export type EvaluationSummary = z.infer<typeof evaluationSummarySchema>;

/** What each figure is, in one sentence: printed beside it wherever it is shown. */
export const FIGURE_DEFINITIONS = {
  miou: "Pooled mean IoU: one confusion matrix over the pixels of all images, IoU per class, mean over the classes that occur in labels or predictions; ignored pixels do not count.",
  labelledMiou: "The same mean over the classes that occur in labels: a class that is only predicted does not count.",
  domains: "Pooled mean IoU of each domain: one confusion matrix over the pixels of its images.",
  meanImageMiou: "Mean of the images' own mean IoU: every image counts the same, however many classes it shows.",
  ece: "Expected calibration error: 10 bins per labelled class and image, weighted by the class's pixels, mean over all classes; absent classes count as 0.",
  reliability:
    "Reliability: share of right pixels against mean confidence in 10 bins, per labelled class and image, weighted by the class's pixels.",
  entropy:
    "Mean over all pixels of the entropy of the class probabilities, divided by the logarithm of the number of classes.",
  confidence: "Mean over all pixels of the largest class probability.",
  overlapAgreement:
    "Overlap agreement: share of the pixels that several windows have predicted to which all gave the same class, mean over the images.",
  confusion: "Confusion matrix: pixels by labelled class (row) and predicted class (column).",
} as const;

export const evaluationEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("imageStarted"), key: z.string(), index: count, images: count }),
  z.object({ type: z.literal("imageEvaluated"), key: z.string(), done: count, images: count, miou: share.nullable() }),
  z.object({ type: z.literal("imageFailed"), key: z.string(), done: count, images: count, message: z.string() }),
]);
export type EvaluationEvent = z.infer<typeof evaluationEventSchema>;
