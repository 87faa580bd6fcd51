// One image from file to files: read, predict, score, write.
import { dirname } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { ImageResult } from "../../../src-shared/contract/results.ts";
import type { RunListener } from "../../../src-shared/contract/run-events.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import type { DatasetReport } from "../../engine/datasets/dataset-report.ts";
import { writeFilesTogether } from "../../engine/files/write-file-atomically.ts";
import { argmaxLabels } from "../../engine/images/argmax.ts";
import { decodeImage } from "../../engine/images/decode-image.ts";
import type { LabelMap, RgbImage } from "../../engine/images/rgb-image.ts";
import { predictReference, referenceAlpha } from "../../engine/methods/inference/predict-reference.ts";
import type { SegmentationModel } from "../../engine/methods/shared/segmentation-model.ts";
import type { ConfusionMatrix } from "../../engine/metrics/confusion-matrix.ts";
import { inputLabels } from "../inputs/input-labels.ts";
import type { RunInput } from "../inputs/run-input.ts";
import type { RunFlags } from "../options/run-options.ts";
import { type Comparison, confusionOf, scoresOf } from "./evaluation.ts";
import { imageFiles, logitsPath, outputPaths } from "./image-files.ts";
import { ImageJudge } from "./judge-image.ts";
import type { Method, MethodResult } from "./method.ts";
import { createFolder } from "./output-folder.ts";
import { StepClock } from "./step-clock.ts";

export interface ImageJob {
  readonly input: RunInput;
  /** Of the whole run. */
  readonly imageCount: number;
  readonly model: SegmentationModel;
  readonly labelSet: LabelSet;
  readonly method: Method;
  readonly flags: RunFlags;
  readonly onEvent: RunListener;
  readonly signal: AbortSignal;
  /** Hears of label files with ids that their data set does not have. */
  readonly datasetReport: DatasetReport;
}

export interface ProcessedImage {
  readonly result: ImageResult;
  readonly comparison: Comparison;
}

/**
 * All files of the image are written, or none.
 *
 * @throws AppError naming the image
 * @throws CancelledError
 */
export async function processImage(job: ImageJob): Promise<ProcessedImage> {
  try {
    return await run(job);
  } catch (error) {
    throw aboutImage(job.input.path, error);
  }
}

async function run(job: ImageJob): Promise<ProcessedImage> {
  const { input, method, model } = job;
  const started = performance.now();
  const image = await decodeImage(input.path);
  const labels = await inputLabels(input, image, {
    labelEncoding: job.flags.labelEncoding,
    numClasses: job.labelSet.numClasses,
    report: job.datasetReport,
    signal: job.signal,
  });
  const loaded = performance.now();
  const before = await scoresBefore(job, image, labels !== null);
  const source = labels === null ? null : await scoresOfSource(job, image);
  const compared = performance.now();
  const clock = new StepClock(() => performance.now());
  const { names, numClasses } = job.labelSet;
  const { width, height } = image;
  const judge = new ImageJudge({ width, height, numClasses, labels }, () => clock.skip());
  const onEvent: RunListener = (event) => {
    clock.hear(event);
    judge.hear(event);
    job.onEvent(event);
  };
  const keeper = method.hasBefore ? { keeper: judge } : {};
  const result = await method.run(model, image, { onEvent, signal: job.signal, ...keeper });
  const writing = performance.now();
  const comparison = compare(job, image, { labels, source, before }, judge.unadaptedConfusion, result);
  const outputs = await write(job, image, before, result);
  const ended = performance.now();
  const { views, adapt, final } = clock;
  return {
    comparison,
    result: {
      path: input.path,
      ...(input.domain === undefined ? {} : { domain: input.domain }),
      labelPath: input.labelPath,
      size: { width: image.width, height: image.height },
      losses: [...result.losses],
      pseudoLabel: result.pseudoLabel,
      ...judge.judged(method.command, result, scoresOf(comparison.before), names),
      milliseconds: {
        load: loaded - started,
        before: compared - loaded,
        views,
        adapt,
        final,
        write: ended - writing,
        total: ended - started,
      },
      source: scoresOf(comparison.source),
      before: scoresOf(comparison.before),
      unadapted: scoresOf(comparison.unadapted),
      after: scoresOf(comparison.after),
      outputs,
    },
  };
}

/** The logits of the checkpoint as it is stored, where something will be compared with them. */
async function scoresBefore(
  { method, model, flags, signal }: ImageJob,
  image: RgbImage,
  hasLabels: boolean,
): Promise<Float32Array | null> {
  if (!method.hasBefore || !(hasLabels || flags.saveLogits !== undefined)) return null;
  return (await predictReference(model, image, "stored", { signal })).scores;
}

/** Of the built-in sample, where it is not what the checkpoint does by itself. */
async function scoresOfSource(
  { input, method, model, signal }: ImageJob,
  image: RgbImage,
): Promise<Float32Array | null> {
  if (input.domain === undefined || !method.hasBefore || referenceAlpha(model, "stored") === 0) return null;
  return (await predictReference(model, image, "source", { signal })).scores;
}

interface Compared {
  readonly labels: LabelMap | null;
  readonly source: Float32Array | null;
  readonly before: Float32Array | null;
}

function compare(
  { labelSet: { numClasses } }: ImageJob,
  { height, width }: RgbImage,
  { labels, source, before }: Compared,
  unadapted: ConfusionMatrix | null,
  { scores }: MethodResult,
): Comparison {
  const confusion = (of: Float32Array | null) =>
    labels === null || of === null
      ? null
      : confusionOf(labels, argmaxLabels(of, numClasses, height, width), numClasses);
  return { source: confusion(source), before: confusion(before), unadapted, after: confusion(scores) };
}

async function write(
  { input, flags, imageCount, method, labelSet }: ImageJob,
  image: RgbImage,
  before: Float32Array | null,
  result: MethodResult,
): Promise<ImageResult["outputs"]> {
  const { numClasses } = labelSet;
  const logits = flags.saveLogits === undefined ? null : logitsPath(flags.saveLogits, input.name, imageCount);
  const paths = outputPaths(flags.output, input.name, method.command === "adapt", logits);
  const files = await imageFiles(paths, {
    image,
    prediction: argmaxLabels(result.scores, numClasses, image.height, image.width),
    result,
    numClasses,
    palette: flags.palette === "cityscapes" ? labelSet.palette : labelSet.colorBlindSafePalette,
    overlayOpacity: flags.overlayOpacity,
    scores: logits === null ? null : { name: method.scoresName, scores: result.scores, before },
  });
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) await createFolder(folder);
  await writeFilesTogether(files);
  return paths;
}

/** The engine's sentences know nothing of files; with many images one wants to know which it was. */
function aboutImage(path: string, error: unknown): unknown {
  if (!(error instanceof AppError) || error.message.includes(`"${path}"`) || error.code.startsWith("output."))
    return error;
  if (error.code.startsWith("label.") || error.code.startsWith("input.")) return error;
  return new AppError(error.code, `"${path}": ${error.message}`, { cause: error });
}
