// The document a run over images ends with: what `--json` prints and `results.json` holds.
import { z } from "zod";
import { datasetReportLineSchema } from "./dataset.ts";
import { METHOD_PARAMETERS } from "./image-methods.ts";
import { labelSetSchema } from "./label-set.ts";
import { predictionFiguresSchema } from "./prediction-figures.ts";
import { recipeUseSchema } from "./recommended-parameters.ts";
import { unknownLabelSchema } from "./unknown-labels.ts";

const milliseconds = z.number().nonnegative();
const count = z.int().nonnegative();

/** IoU per class, indexed by train id. A class in neither labels nor predictions has none: null. */
export const scoresSchema = z.object({
  /** Mean over all classes that have an IoU, a class that is predicted but not labelled counting as 0; null when none has. */
  miou: z.number().min(0).max(1).nullable(),
  iou: z.array(z.number().min(0).max(1).nullable()),
  /** Mean over the classes that the labels have; null when they have none, and where an earlier version scored. */
  miouPresent: z.number().min(0).max(1).nullable().default(null),
  /** The classes that the labels have, in order; the others with an IoU were only predicted. */
  present: z.array(z.int().nonnegative()).default([]),
});
export type Scores = z.infer<typeof scoresSchema>;

const scoredBeforeAndAfter = {
  /** Plain inference with the training images' statistics (alpha 0), of the built-in sample; null elsewhere. */
  source: scoresSchema.nullable(),
  /** The checkpoint's own prediction with the alpha it was stored with; null without labels, and always for `predict`. */
  before: scoresSchema.nullable(),
  /** The same with the alpha of this run; null without labels, and always for `predict`. */
  unadapted: scoresSchema.nullable(),
  /** What the command predicted; null without labels. */
  after: scoresSchema.nullable(),
};

/** How sure a prediction is and what it looks like; entropies are divided by log(classes). */
const lookSchema = predictionFiguresSchema.extend({
  meanConfidence: z.number().min(0).max(1),
  meanEntropy: z.number().min(0).max(1),
});

export const imageResultSchema = z.object({
  /** As it was given, or found in a folder that was given. */
  path: z.string(),
  /** Domain of a built-in sample image. */
  domain: z.string().optional(),
  labelPath: z.string().nullable(),
  /** What the label file holds that is of no class, if anything: those pixels count for nothing. */
  unknownLabels: z.array(unknownLabelSchema).optional(),
  size: z.object({ width: count, height: count }),
  /** One an iteration; empty unless adapted. */
  losses: z.array(z.number()),
  pseudoLabel: z
    .object({
      /** Pixels that got a pseudo-label, of `pixels`. */
      kept: count,
      pixels: count,
      /** Kept pixels of each class. */
      perClass: z.array(count),
    })
    .nullable(),
  /** Share of the pixels that several windows have predicted to which all gave the same class; null without a window. */
  overlapAgreement: z.number().min(0).max(1).nullable().default(null),
  /** What can be said without labels; null for `predict`, which changes nothing. */
  looks: z
    .object({
      /** With the alpha of this run. */
      unadapted: lookSchema,
      after: lookSchema,
      /** Share of the pixels on which a view has the class of all views together; null unless adapted. */
      agreement: z.number().min(0).max(1).nullable(),
    })
    .nullable(),
  /** What the run has brought, in words, as the window says it; null for `predict`. */
  verdict: z
    .object({
      title: z.string(),
      details: z.array(z.string()),
      note: z.string().nullable(),
      /** Signs of collapse and what to do; empty when there are none. */
      alarm: z.array(z.string()),
    })
    .nullable(),
  milliseconds: z.object({
    /** Reading image and label file. */
    load: milliseconds,
    /** The checkpoint's own prediction, where it is needed for comparison. */
    before: milliseconds,
    /** Augmented views and pseudo-label. */
    views: milliseconds,
    /** All iterations. */
    adapt: milliseconds,
    /** The last prediction. */
    final: milliseconds,
    /** Encoding and writing the files. */
    write: milliseconds,
    total: milliseconds,
  }),
  ...scoredBeforeAndAfter,
  /** Paths of the written files. */
  outputs: z.object({
    trainIds: z.string(),
    labelIds: z.string(),
    color: z.string(),
    overlay: z.string(),
    losses: z.string().optional(),
    logits: z.string().optional(),
  }),
});
export type ImageResult = z.infer<typeof imageResultSchema>;

/** One sentence about what went wrong, and its code. */
export const failureSchema = z.object({ code: z.string(), message: z.string() });
export type Failure = z.infer<typeof failureSchema>;

/**
 * Which of several networks in a checkpoint's file: student or teacher, its moving average, or what the file has before the
 * names of its weights, such as "ema_model".
 */
export const weightsChoiceSchema = z.string().min(1, "name the network").max(200);
export type WeightsChoice = z.infer<typeof weightsChoiceSchema>;

export const checkpointSummarySchema = z.object({
  path: z.string(),
  format: z.string(),
  sizeBytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  arch: z.string(),
  backbone: z.string(),
  numClasses: count,
  /** Of every normalisation layer as stored, 0 where these are plain; null when layers differ. */
  alpha: z.number().nullable(),
  /** What its classes are, where that is known and is not what their number says. */
  labelSet: labelSetSchema.exactOptional(),
  /** Which network, where the file holds several. */
  weights: weightsChoiceSchema.optional(),
  /** What is to be known of how it was read, in sentences: other networks, tensors and objects that are not used. */
  notes: z.array(z.string()).exactOptional(),
});
export type CheckpointSummary = z.infer<typeof checkpointSummarySchema>;

export const runtimeSummarySchema = z.object({
  name: z.enum(["onnx", "tfjs"]),
  provider: z.string(),
  threads: count,
  version: z.string(),
  note: z.string(),
});

/** Scores over several images: one confusion matrix over all their pixels, not a mean over images. */
const pooledSchema = z.object({ images: count, labelled: count, ...scoredBeforeAndAfter });

export const summarySchema = pooledSchema.extend({
  failed: count,
  /** Whether the run was stopped before the last image. */
  cancelled: z.boolean(),
  /** The same for each domain of the built-in sample. */
  domains: z.record(z.string(), pooledSchema),
  /** From the first image's start to the last one's end. */
  milliseconds,
});
export type Summary = z.infer<typeof summarySchema>;

const alphaOverride = {
  /** What `--alpha` put in the place of the checkpoint's; null when it was not given. */
  alpha: z.number().nullable(),
};

/** Every parameter of the method, the defaults too. Strict, so that each fits one command only. */
export const runConfigSchema = z.union([
  z.strictObject({ ...METHOD_PARAMETERS.predict.shape, ...alphaOverride }),
  z.strictObject({ ...METHOD_PARAMETERS.tta.shape, ...alphaOverride }),
  z.strictObject({ ...METHOD_PARAMETERS.adapt.shape, ...alphaOverride }),
]);
export type RunConfig = z.infer<typeof runConfigSchema>;

export const runResultsSchema = z.object({
  acclimate: z.string(),
  command: z.enum(["adapt", "tta", "predict"]),
  checkpoint: checkpointSummarySchema,
  runtime: runtimeSummarySchema,
  config: runConfigSchema,
  /** Where the parameters in `config` come from; null for the methods without a recipe. */
  recipe: recipeUseSchema.nullable(),
  classes: z.array(z.string()),
  images: z.array(imageResultSchema),
  /** Images that gave no result, and why. */
  failures: z.array(failureSchema.extend({ path: z.string() })),
  /** What was noticed about image and label files without stopping anything. */
  notices: z.array(datasetReportLineSchema),
  summary: summarySchema,
});
export type RunResults = z.infer<typeof runResultsSchema>;

/** What `--json` prints when there is nothing else to print. */
export const errorDocumentSchema = z.object({ error: failureSchema });
