// Runs: one method on one image, or on many, with everything that made it and everything that came out.

import { z } from "zod";
import { adaptationConfigSchema, alphaSchema, fitConfigSchema } from "../adaptation-config.ts";
import { type ImageMethod, imageMethodWithAlphaSchema } from "../image-methods.ts";
import { labelSetSchema } from "../label-set.ts";
import { MAX_AXIS_VALUES, parameterGridSchema } from "../parameter-grid.ts";
import { predictionFiguresSchema } from "../prediction-figures.ts";
import { failureSchema, scoresSchema } from "../results.ts";
import { runEventSchema } from "../run-events.ts";
import { checkpointIdSchema, datasetIdSchema, groupIdSchema, imageIdSchema, runIdSchema } from "./ids.ts";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

export const RUN_METHODS = ["predict", "tta", "adapt"] as const satisfies readonly ImageMethod[];
export type RunMethod = (typeof RUN_METHODS)[number];

/** All of a run's iterations are kept and scrubbed through; many more would be no adaptation any more. */
export const MAX_ITERATIONS = 10_000;

const iterationsSchema = z
  .int("the number of iterations is whole")
  .min(0, "the number of iterations is 0 or more")
  .max(MAX_ITERATIONS, `there are at most ${MAX_ITERATIONS} iterations`);

const iterations = {
  numEpochs: iterationsSchema.default(adaptationConfigSchema.shape.numEpochs.parse(undefined)),
  /** Prediction kept after every so many iterations; the first and the last always are. */
  keepEvery: z.int("a whole number of iterations").min(1, "keep every iteration, or every so many").default(1),
};

/** The form of the adapt screen: the parameters of all methods, of which one is chosen. */
export const runConfigFormSchema = adaptationConfigSchema.extend({
  method: z.enum(RUN_METHODS).default("adapt"),
  /** In place of the checkpoint's own in every normalisation layer. */
  alpha: alphaSchema,
  ...fitConfigSchema.shape,
  ...iterations,
});
export type RunConfigForm = z.infer<typeof runConfigFormSchema>;

const [predict, tta, adapt] = imageMethodWithAlphaSchema.options;

/** What a run does: a method with its own parameters. Those of others are left out when it is read. */
export const imageRunConfigSchema = z.discriminatedUnion("method", [predict, tta, adapt.extend(iterations)]);
export type ImageRunConfig = z.infer<typeof imageRunConfigSchema>;

/** A parameter by its name; undefined where the method has none of that name. */
export function ownParameter<Name extends keyof RunConfigForm>(
  config: ImageRunConfig,
  name: Name,
): RunConfigForm[Name] | undefined {
  const own: Partial<RunConfigForm> = config;
  return own[name];
}

/** What computes. "auto" takes the best that works. */
export const machineSchema = z.object({
  runtime: z.enum(["auto", "onnx", "tfjs"]).default("auto"),
  provider: z.string().default("auto"),
  /** Null: one a core. */
  threads: z.int().min(1).max(256).nullable().default(null),
});
export type Machine = z.infer<typeof machineSchema>;

export const RUN_STATUSES = ["queued", "running", "finished", "failed", "cancelled", "interrupted"] as const;
/** "interrupted": the engine or the program ended in the middle; what was finished is kept. */
export type RunStatus = (typeof RUN_STATUSES)[number];

const predictionSchema = z.object({
  /** Against the labels; null without. */
  scores: scoresSchema.nullable(),
  meanConfidence: share,
  /** Of the entropy divided by log(classes). */
  meanEntropy: share,
  /** Null where an earlier version predicted. */
  figures: predictionFiguresSchema.nullable().default(null),
});

/** One stop of the scrubber: iteration 0 is the unadapted prediction. */
export const keptIterationSchema = predictionSchema.extend({ iteration: count });
export type KeptIteration = z.infer<typeof keptIterationSchema>;

/** What a result is measured against: the checkpoint with its stored alpha, and with alpha 0, the source's statistics alone. */
export const REFERENCE_KINDS = ["stored", "source"] as const;
export type ReferenceKind = (typeof REFERENCE_KINDS)[number];

/** Unadapted, like iteration 0, which has the run's alpha. */
export const referenceSchema = predictionSchema.extend({
  kind: z.enum(REFERENCE_KINDS),
  /** Null when the layers' differ. */
  alpha: share.nullable(),
  /** Whether there are planes of its own; a reference with the run's alpha is iteration 0. */
  hasPlanes: z.boolean(),
});
export type ReferencePrediction = z.infer<typeof referenceSchema>;

/** What is needed to get the same result again. */
export const provenanceSchema = z.object({
  acclimate: z.string(),
  checkpointSha256: z.string(),
  imageSha256: z.string(),
  runtime: z.string(),
  provider: z.string(),
  threads: count,
  /** "linux x64, AMD EPYC, 2 cores" */
  machine: z.string(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** A row of the history. */
export const runSummarySchema = z.object({
  id: runIdSchema,
  groupId: groupIdSchema.nullable(),
  status: z.enum(RUN_STATUSES),
  method: z.enum(RUN_METHODS),
  config: imageRunConfigSchema,
  image: z.object({ id: imageIdSchema, datasetId: datasetIdSchema, key: z.string() }),
  checkpoint: z.object({
    id: checkpointIdSchema,
    name: z.string(),
    numClasses: count,
    /** What the classes are, where that is more than their number. */
    labelSet: labelSetSchema.exactOptional(),
  }),
  /** Milliseconds since 1970. */
  createdAt: count,
  startedAt: count.nullable(),
  endedAt: count.nullable(),
  error: failureSchema.nullable(),
  /** Of iteration 0 and of the last kept one; null without labels. */
  miouBefore: share.nullable(),
  miouAfter: share.nullable(),
  /** Of the checkpoint as it is stored: what a gain is measured from. Null without labels, and until it was predicted. */
  miouStored: share.nullable().default(null),
  lastLoss: z.number().nullable(),
  notes: z.string(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

export const runSchema = runSummarySchema.extend({
  machine: machineSchema,
  /** Pixels; null until the image has been read. */
  size: z.object({ width: count, height: count }).nullable(),
  /** Loss of iteration i + 1. */
  losses: z.array(z.number()),
  kept: z.array(keptIterationSchema),
  /** At most one of a kind; none until iteration 0 is kept, and of runs of an earlier version. */
  references: z.array(referenceSchema).default([]),
  /** Views that are finished. */
  views: z.array(z.object({ index: count, scale: z.number(), flipped: z.boolean(), gray: z.boolean() })),
  pseudoLabel: z
    .object({
      keptPixels: count,
      pixels: count,
      perClass: z.array(count),
      /** As the event of the pseudo-label says; null where an earlier version ran. */
      agreement: share.nullable().default(null),
    })
    .nullable(),
  /** Last event, for the progress line. */
  lastEvent: runEventSchema.nullable(),
  provenance: provenanceSchema.nullable(),
});
export type Run = z.infer<typeof runSchema>;

/** What the parts of a run took: what the next one's time and memory are estimated from. */
export const runCostSchema = z.object({
  /** Reading and laying out the model; 0 where it was there already. */
  loadMs: z.number().nonnegative(),
  /** The unadapted prediction, with all that is laid out for the first image of a size. */
  firstMs: z.number().nonnegative(),
  /** One a view. */
  views: z.array(z.object({ scale: z.number().positive(), elapsedMs: z.number().nonnegative() })),
  /** One an iteration, without what is kept. */
  iterationsMs: z.array(z.number().nonnegative()),
  /** Computing and writing what is kept, of all kept iterations but the first. References are in none of the parts. */
  keptMs: z.array(z.number().nonnegative()),
  totalMs: z.number().nonnegative(),
  /** Largest memory of the process while it ran, and what it held before. */
  peakBytes: count,
  startBytes: count,
});
export type RunCost = z.infer<typeof runCostSchema>;

export const startRunSchema = z.object({
  imageId: imageIdSchema,
  checkpointId: checkpointIdSchema,
  config: imageRunConfigSchema,
  machine: machineSchema.prefault({}),
});
export type StartRun = z.infer<typeof startRunSchema>;

/**
 * A grid: every combination becomes a run of its own, all of them fixed when the sweep is started; only numbers of
 * iterations are read off the longest one.
 */
export const startSweepSchema = startRunSchema.extend({
  grid: parameterGridSchema.extend({
    numEpochs: z.array(iterationsSchema).min(1).max(MAX_AXIS_VALUES).optional(),
  }),
});
export type StartSweep = z.infer<typeof startSweepSchema>;

/** The same run over many images, each a run of its own that keeps its first and last prediction. */
export const startBatchSchema = startRunSchema.omit({ imageId: true }).extend({
  imageIds: z.array(imageIdSchema).min(1, "choose at least one image").max(100_000),
  name: z.string().max(200).default(""),
});
export type StartBatch = z.infer<typeof startBatchSchema>;

/** Runs that were started together. */
export const runGroupSchema = z.object({
  id: groupIdSchema,
  kind: z.enum(["sweep", "batch"]),
  name: z.string(),
  createdAt: count,
  checkpoint: z.object({
    id: checkpointIdSchema,
    name: z.string(),
    numClasses: count,
    /** What the classes are, where that is more than their number. */
    labelSet: labelSetSchema.exactOptional(),
  }),
  config: imageRunConfigSchema,
  /** Of a sweep. */
  grid: startSweepSchema.shape.grid.nullable(),
  /** Runs by status. */
  counts: z.record(z.enum(RUN_STATUSES), count),
});
export type RunGroup = z.infer<typeof runGroupSchema>;

/** One side of a comparison over many images: per image the newest finished run that fits. */
export const comparisonSideSchema = z.object({
  checkpointId: checkpointIdSchema,
  /** "before": the unadapted prediction. */
  stage: z.enum(["before", "after"]),
  method: z.enum(RUN_METHODS).nullable().default(null),
  groupId: groupIdSchema.nullable().default(null),
});
export type ComparisonSide = z.infer<typeof comparisonSideSchema>;

export const comparisonQuerySchema = z.object({
  datasetId: datasetIdSchema,
  a: comparisonSideSchema,
  b: comparisonSideSchema,
});
export type ComparisonQuery = z.infer<typeof comparisonQuerySchema>;

export const comparisonSchema = z.object({
  /** Images with a result on both sides, by falling gain of b over a; images without labels last. */
  images: z.array(
    z.object({
      imageId: imageIdSchema,
      key: z.string(),
      runA: runIdSchema,
      runB: runIdSchema,
      a: scoresSchema.nullable(),
      b: scoresSchema.nullable(),
    }),
  ),
  /** Mean over the images' own values: not pooled over pixels. */
  meanA: scoresSchema.nullable(),
  meanB: scoresSchema.nullable(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** Time and memory before a run starts, and what they were estimated from. */
export const runEstimateSchema = z.object({
  milliseconds: z.number().nonnegative(),
  peakBytes: z.number().nonnegative(),
  /** "measured": from earlier runs of this checkpoint here; "calculated": from the arithmetic. */
  basis: z.enum(["measured", "calculated"]),
  /** Bytes free for it now. */
  freeBytes: z.number().nonnegative(),
});
export type RunEstimate = z.infer<typeof runEstimateSchema>;

/** The planes of one kept iteration, all at the image's own size, one byte a value. */
export const PLANES = ["labels", "confidence", "entropy", "candidates"] as const;
/**
 * labels: train ids. confidence: 255·largest probability, rounded. entropy: 255·entropy/log(classes), rounded.
 * candidates, four bytes a pixel: second class, 255·its probability, third class, 255·its probability.
 */
export type Plane = (typeof PLANES)[number];

/** Where planes are: a kept iteration, or the checkpoint as it is stored where that is not iteration 0. */
export const planeStopSchema = z.union([z.literal("stored"), count]);
export type PlaneStop = z.infer<typeof planeStopSchema>;
