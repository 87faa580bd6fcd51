// What crosses between the jobs and an engine process: commands in; events, results and errors out, all plain data.

import { z } from "zod";
import { DATASET_ENCODINGS } from "../labels/dataset-tables.ts";
import { viewsConfigSchema } from "./adaptation-config.ts";
import { datasetItemSchema, datasetLayoutSchema, datasetReportLineSchema } from "./dataset.ts";
import { evaluationConfigSchema, evaluationSummarySchema } from "./evaluation.ts";
import { exportedFileSchema, exportJobSchema } from "./export-job.ts";
import { imageMethodConfigSchema } from "./image-methods.ts";
import { labelSetSchema } from "./label-set.ts";
import { failureSchema } from "./results.ts";
import { runEventSchema } from "./run-events.ts";
import { styleSchema } from "./style.ts";
import { weightsSettingsSchema } from "./training/da-sac.ts";
import { trainingConfigSchema } from "./training/training-config.ts";
import { trainingEventSchema } from "./training/training-events.ts";
import { tuningPlanSchema, tuningResultSchema } from "./tuning.ts";
import { unknownLabelSchema } from "./unknown-labels.ts";
import {
  architectureDescriptionSchema,
  checkpointKeySchema,
  checkpointSchema,
  networkSizeSchema,
  tensorChangeSchema,
  tensorStatisticsSchema,
} from "./workbench/checkpoints.ts";
import {
  benchmarkIdSchema,
  confusionCellSchema,
  evaluationResultSchema,
  importanceWeightsSchema,
  submissionPlanSchema,
  submissionSchema,
} from "./workbench/evaluations.ts";
import {
  imageRunConfigSchema,
  keptIterationSchema,
  machineSchema,
  referenceSchema,
  runCostSchema,
} from "./workbench/runs.ts";
import { deviceSchema } from "./workbench/system.ts";
import { trainingDataSchema, trainingPreviewSchema } from "./workbench/trainings.ts";

const path = z.string().min(1);
const count = z.int().nonnegative();
const milliseconds = z.number().nonnegative();
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, "bytes are a Uint8Array");
const size = z.object({ width: count, height: count });
/** What a network is told from: the shapes of its tensors by key, or the file where that describes it node by node. */
const networkSourceSchema = z.union([z.object({ shapes: z.record(z.string(), z.array(count)) }), z.object({ path })]);
export type NetworkSource = z.infer<typeof networkSourceSchema>;
const labels = z.object({ path, encoding: z.enum(DATASET_ENCODINGS) });
const imageLabels = labels.extend({ imagePath: path });
const unknown = z.array(unknownLabelSchema);
const nothing = z.null();

/** Where the planes of one kept iteration are written, gzip of raw bytes. */
const planeFilesSchema = z.object({ labels: path, confidence: path, entropy: path, candidates: path });
export type PlaneFiles = z.infer<typeof planeFilesSchema>;

export const runInputSchema = z.object({
  imagePath: path,
  /** Null when the image has none. */
  labels: labels.nullable(),
  checkpointPath: path,
  config: imageRunConfigSchema,
  machine: machineSchema,
  /** Every iteration that is kept, 0 and the last among them, in order. Its folder is there. */
  kept: z.array(z.object({ iteration: count, files: planeFilesSchema })).min(1),
  pseudoLabelFile: path,
  /** Where the checkpoint's own prediction goes if it is not iteration 0. */
  storedFiles: planeFilesSchema,
});
export type RunInput = z.infer<typeof runInputSchema>;

const runEngineEventSchema = z.discriminatedUnion("type", [
  /** Image and model are there; the first iteration begins. */
  z.object({
    type: z.literal("started"),
    size,
    imageSha256: z.string(),
    checkpointSha256: z.string(),
    runtime: z.string(),
    provider: z.string(),
    threads: count,
  }),
  z.object({ type: z.literal("progressed"), event: runEventSchema }),
  /** The pseudo-label's file is whole. */
  z.object({ type: z.literal("pseudoLabelWritten") }),
  /** A sentence about what goes on otherwise than asked. */
  z.object({ type: z.literal("noticed"), message: z.string() }),
  /** The files of its planes are whole. */
  z.object({ type: z.literal("kept"), kept: keptIterationSchema }),
  /** What the run is measured against; so are its files, if it has any. */
  z.object({ type: z.literal("referenced"), reference: referenceSchema }),
]);

export const evaluationInputSchema = z.object({
  /** The data set's folder. */
  dataset: path,
  layout: datasetLayoutSchema,
  /** Null: all images. */
  split: z.string().nullable(),
  checkpointPath: path,
  config: evaluationConfigSchema,
  machine: machineSchema,
  /** Where records, predictions and figures go; an evaluation that is in there already is gone on with. */
  folder: path,
});
export type EvaluationInput = z.infer<typeof evaluationInputSchema>;

const evaluationEngineEventSchema = z.discriminatedUnion("type", [
  /** The images are listed, or one more has its record: how far it is, with the figures over what is recorded. */
  z.object({
    type: z.literal("recorded"),
    images: count,
    done: count,
    failed: count,
    miou: z.number().nullable(),
    ece: z.number().nullable(),
    /** What the record says of its image; null at the listing, and of an image that failed. */
    image: evaluationSummarySchema.shape.perImage.element.nullable(),
  }),
  /** A sentence about what was left out. */
  z.object({ type: z.literal("noticed"), message: z.string() }),
]);

export const tuningInputSchema = z.object({
  images: z.array(z.object({ key: z.string().min(1), path, labels: labels.nullable() })).min(1),
  checkpointPath: path,
  plan: tuningPlanSchema,
  machine: machineSchema,
  /** Where trials are kept; a tuning that is in there already is gone on with. */
  folder: path,
});
export type TuningInput = z.infer<typeof tuningInputSchema>;

const tuningEngineEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("tried"), result: tuningResultSchema }),
  /** A sentence about what was left out. */
  z.object({ type: z.literal("noticed"), message: z.string() }),
]);

const trainingSourceSchema = z.discriminatedUnion("kind", [
  trainingDataSchema.options[0],
  z.object({ kind: z.literal("folder"), root: path, split: z.string().nullable() }),
]);

export const trainingInputSchema = z.object({
  /** Null: of a method that asks for no source. */
  training: trainingSourceSchema.nullable(),
  /** Images of the domain to adapt to, for methods that do; their labels are not looked at. */
  target: trainingSourceSchema.nullable(),
  validation: trainingSourceSchema.nullable(),
  /** Null: random weights. */
  initialWeights: path.nullable(),
  /** How target images are drawn: a file of importance weights, or "count"; null: all alike. */
  importanceWeights: path.nullable(),
  /** Of methods that learn labels of the target: the folder of pseudo-labels or hard patches, or "none"; null: the run makes them. */
  labelFolder: path.nullable(),
  config: trainingConfigSchema,
  machine: machineSchema,
  /** The file of the best weights; others lie beside it, and so does the state of a training to go on with. */
  output: path,
  /** Where previews go, by their step, with the picture they are of. */
  previews: path,
});
export type TrainingInput = z.infer<typeof trainingInputSchema>;

const trainingEngineEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progressed"), event: trainingEventSchema }),
  /** Its files are whole: gzip of uint8 [H, W], and the picture it lies over if it has its own. */
  z.object({ type: z.literal("previewWritten"), preview: trainingPreviewSchema }),
  /** A sentence about what was left out. */
  z.object({ type: z.literal("noticed"), message: z.string() }),
]);

const workSchema = z.object({
  gflop: z.number().nonnegative(),
  /** Read and written outside of convolutions and matrix products. */
  movedBytes: count,
  /** Of results that are needed at one moment, at the worst. */
  heldBytes: count,
});

/** Arithmetic and memory of a run, from its graphs. */
export const runWorkSchema = z.object({
  /** One evaluation pass over the whole image. */
  prediction: workSchema,
  /** One of the two views of each scale. */
  views: z.array(workSchema.extend({ scale: z.number().positive() })),
  iteration: workSchema,
  weightBytes: count,
  /** Of one score a pixel and class. */
  scoreBytes: count,
  /** Of it, held at a time: rows of windows are handed on when they are finished. */
  heldScoreBytes: count,
});
export type RunWork = z.infer<typeof runWorkSchema>;

/** The same of a training. */
export const trainingWorkSchema = z.object({
  /** The passes of a step, forward alone or with gradients, and how often each. */
  passes: z.array(workSchema.extend({ times: count })).min(1),
  /** Over a validated image; null where nothing is validated. */
  prediction: workSchema.nullable(),
  /** Of each validated image, one a variant. */
  predictions: count,
  /** Over an image that importance weights are counted by; null where none are. */
  counting: workSchema.nullable(),
  /** Of one score a pixel and class of such an image. */
  scoreBytes: count,
  /** Of the network that learns, and of all others. */
  weightBytes: count,
  otherWeightBytes: count,
  /** Numbers that the optimizer keeps of each of its parameters. */
  slots: count,
  /** Images that are read for a step; bytes of what is made of them. */
  images: count,
  batchBytes: count,
  /** Threads that read images, and what each of them holds. */
  readingThreads: count,
  threadBytes: count,
});
export type TrainingWork = z.infer<typeof trainingWorkSchema>;

/** The commands by name: what each takes, tells on the way, and answers. */
export const ENGINE_COMMANDS = {
  /** One method on one image. */
  run: { input: runInputSchema, event: runEngineEventSchema, output: runCostSchema },
  /** A method over a data set. */
  evaluate: { input: evaluationInputSchema, event: evaluationEngineEventSchema, output: nothing },
  /** Settings of self-adaptation on some images, ranked. */
  tune: { input: tuningInputSchema, event: tuningEngineEventSchema, output: nothing },
  /** Fits a network to labelled images. It can be paused. */
  train: { input: trainingInputSchema, event: trainingEngineEventSchema, output: nothing },
  /** What an evaluation's folder has, over what is recorded so far. */
  evaluationFigures: {
    input: z.object({ folder: path, numClasses: z.int().min(2).max(254) }),
    event: z.never(),
    output: evaluationResultSchema.pick({ summary: true, failures: true }),
  },
  /** Images with pixels in a cell of the confusion matrix, those with the most first. */
  confusedImages: {
    input: confusionCellSchema.extend({ folder: path, numClasses: z.int().min(2).max(254) }),
    event: z.never(),
    output: z.array(z.object({ key: z.string(), pixels: count })),
  },
  /** uint8 [H, W]: the train ids that an evaluation predicted for an image. */
  predictedLabels: {
    input: z.object({ folder: path, key: z.string() }),
    event: z.never(),
    output: z.object({ bytes, size }),
  },
  /** What a benchmark's server would get of an evaluation, and what it would refuse. */
  planSubmission: {
    input: z.object({ folder: path, benchmark: benchmarkIdSchema }),
    event: z.never(),
    output: submissionPlanSchema,
  },
  /** The archive for a benchmark's server. */
  writeSubmission: {
    input: z.object({ folder: path, benchmark: benchmarkIdSchema, output: path }),
    event: z.never(),
    output: submissionSchema,
  },
  /** Importance weights by what an evaluation predicted; the extension of the file says in which form. */
  writeImportanceWeights: {
    input: z.object({ folder: path, output: path }),
    event: z.never(),
    output: importanceWeightsSchema,
  },
  /** Whether a file of importance weights is of the images of a folder; why not is the error. */
  checkImportanceWeights: {
    input: z.object({
      file: path,
      target: z.object({ root: path, split: z.string().nullable() }),
      settings: weightsSettingsSchema,
    }),
    event: z.never(),
    output: z.object({ images: count }),
  },
  /** What the network sees in each image: a vector of length 1. */
  embedImages: {
    input: z.object({
      checkpointPath: path,
      machine: machineSchema,
      images: z.array(z.object({ key: z.string(), path })),
    }),
    event: z.discriminatedUnion("type", [
      /** float32 */
      z.object({ type: z.literal("embedded"), key: z.string(), vector: bytes }),
      z.object({ type: z.literal("unreadable"), key: z.string(), message: z.string() }),
    ]),
    output: nothing,
  },
  /** Gives up the model that is kept for the next run. */
  forgetModel: { input: nothing, event: z.never(), output: nothing },
  /** How much there is to compute. */
  measureWork: {
    input: z.object({
      network: networkSourceSchema,
      size,
      config: imageMethodConfigSchema,
    }),
    event: z.never(),
    output: runWorkSchema,
  },
  measureTraining: {
    input: z.object({
      config: trainingConfigSchema,
      /** Sizes; null: of a scene of the generator. */
      images: z.object({
        size: size.nullable(),
        /** Null where nothing is validated, or counted before the first step. */
        validated: z.object({ size: size.nullable() }).nullable(),
        counted: z.object({ size: size.nullable() }).nullable(),
      }),
    }),
    event: z.never(),
    /** Null for a method that can't say. */
    output: trainingWorkSchema.nullable(),
  },
  /** Of a test convolution on the processor. */
  measureSpeed: { input: nothing, event: z.never(), output: z.object({ gigaflopsPerSecond: z.number().positive() }) },
  /** Of the device that a job would compute on, where that has memory of its own and can be asked; null elsewhere. */
  freeDeviceMemory: {
    input: machineSchema.pick({ runtime: true, provider: true }),
    event: z.never(),
    output: z.object({ bytes: count.nullable() }),
  },
  /** Reads the whole file. */
  inspectCheckpoint: {
    input: z.object({ path }),
    event: z.never(),
    output: z.object({
      checkpoint: checkpointSchema.omit({ id: true, name: true, isSample: true, isAvailable: true }),
      keys: z.array(checkpointKeySchema),
    }),
  },
  /** What the values of every tensor are like. Reads the whole file. */
  checkpointStatistics: { input: z.object({ path }), event: z.never(), output: z.array(tensorStatisticsSchema) },
  /** How the tensors of one checkpoint differ in another. Reads both files. */
  checkpointChanges: {
    input: z.object({ from: path, to: path }),
    event: z.never(),
    output: z.array(tensorChangeSchema),
  },
  /** Stages and blocks. */
  describeArchitecture: {
    input: z.object({ network: networkSourceSchema, size: networkSizeSchema }),
    event: z.never(),
    output: architectureDescriptionSchema,
  },
  /** Every runtime and device, tried one after another; takes seconds. */
  devices: {
    input: z.object({ threads: machineSchema.shape.threads }),
    event: z.never(),
    output: z.array(deviceSchema.extend({ convolutionMs: milliseconds.nullable() })),
  },
  /** What layout a folder has, from a few names. */
  detectDataset: {
    input: z.object({ root: path }),
    event: z.never(),
    output: z.object({ layout: datasetLayoutSchema, layoutName: z.string() }),
  },
  /** All images of a folder, told in batches; the answer is what was noticed. */
  listDataset: {
    input: z.object({ root: path, layout: datasetLayoutSchema.optional() }),
    event: z.object({ type: z.literal("listed"), items: z.array(datasetItemSchema) }),
    output: z.array(datasetReportLineSchema),
  },
  /** WebP, at most maxPx wide and high; with the size of the image itself. */
  thumbnail: {
    input: z.object({ path, maxPx: z.int().positive() }),
    event: z.never(),
    output: z.object({ bytes, size }),
  },
  /** PNG with the pixels as the engine reads them, for formats that browsers do not show. */
  pixels: { input: z.object({ path }), event: z.never(), output: z.object({ bytes, size }) },
  /** Of an image file, from its first bytes. */
  imageSize: { input: z.object({ path }), event: z.never(), output: size },
  /** Cuts an image into tiles, at halved sizes too, in an empty folder: `photo_files/LEVEL/COLUMN_ROW.png`. */
  photoTiles: {
    input: z.object({ path, folder: path, tilePx: z.int().positive() }),
    event: z.never(),
    output: nothing,
  },
  /** WebP: one augmented view of the image. */
  view: {
    input: z.object({ path, index: count, views: viewsConfigSchema }),
    event: z.never(),
    output: z.object({ bytes, size }),
  },
  /** WebP: an image in the style of another, at most maxPx wide and high, rounded and clipped. */
  stylize: {
    input: z.object({ path, stylePath: path, how: styleSchema, maxPx: z.int().positive() }),
    event: z.never(),
    output: z.object({ bytes, size }),
  },
  /** uint8 [H, W]: train ids, 255 where a pixel counts for nothing; and what is of no class. */
  groundTruth: {
    input: imageLabels.extend({ numClasses: z.int().min(2).max(255), labelSet: labelSetSchema.exactOptional() }),
    event: z.never(),
    output: z.object({ bytes, size, unknown }),
  },
  /** Train ids, of the 19 classes, that occur in a label file. */
  presentClasses: {
    input: imageLabels,
    event: z.never(),
    output: z.object({ trainIds: z.array(count), pixels: count, unknown, hints: z.array(z.string()) }),
  },
  /** Files of runs, told one by one. */
  writeExport: { input: exportJobSchema, event: exportedFileSchema, output: nothing },
} as const;

export type EngineCommand = keyof typeof ENGINE_COMMANDS;
export type EngineInput<C extends EngineCommand> = z.input<(typeof ENGINE_COMMANDS)[C]["input"]>;
export type EngineEvent<C extends EngineCommand> = z.infer<(typeof ENGINE_COMMANDS)[C]["event"]>;
export type EngineOutput<C extends EngineCommand> = z.infer<(typeof ENGINE_COMMANDS)[C]["output"]>;

/** To the engine. Inputs, events and outputs are checked against their command's schema by whoever gets them. */
export const engineRequestSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), id: count, command: z.string(), input: z.unknown() }),
  /** Stops a command between its steps; it then answers with the error "cancelled". */
  z.object({ type: z.literal("cancel"), id: count }),
  /** Holds a command between its steps, if it has such, until it is to go on. */
  z.object({ type: z.literal("pause"), id: count }),
  z.object({ type: z.literal("resume"), id: count }),
]);
export type EngineRequest = z.infer<typeof engineRequestSchema>;

export const CANCELLED_CODE = "cancelled";

/** From the engine. */
export const engineReplySchema = z.discriminatedUnion("type", [
  /** The process takes commands from now on. */
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("event"), id: count, event: z.unknown() }),
  z.object({ type: z.literal("result"), id: count, output: z.unknown() }),
  /** An error crosses as data. Code "bug" is a broken invariant, with its stack as message. */
  z.object({ type: z.literal("error"), id: count, error: failureSchema }),
  /** Memory that the process holds, about once a second. */
  z.object({ type: z.literal("memory"), bytes: count }),
]);
export type EngineReply = z.infer<typeof engineReplySchema>;
