// One image from file to files: read, predict, score, write.
import { dirname } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { ImageResult } from "../../../src-shared/contract/results.ts";
import type { RunListener } from "../../../src-shared/contract/run-events.ts";
import type { ReferenceKind } from "../../../src-shared/contract/workbench/runs.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import type { DatasetReport } from "../../engine/datasets/dataset-report.ts";
import { writeFilesTogether } from "../../engine/files/write-file-atomically.ts";
import type { LabelMap, RgbImage } from "../../engine/images/rgb-image.ts";
import { predictReference, referenceAlpha } from "../../engine/methods/inference/predict-reference.ts";
import type { SegmentationModel } from "../../engine/methods/shared/segmentation-model.ts";
import { slidingWindowOf } from "../../engine/methods/sliding-window/window-grid.ts";
import type { ConfusionMatrix } from "../../engine/metrics/confusion-matrix.ts";
import { readInput } from "../inputs/read-input.ts";
import type { RunInput } from "../inputs/run-input.ts";
import type { RunFlags } from "../options/run-options.ts";
import { type CollectedPrediction, collectPrediction } from "./collect-prediction.ts";
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
  /** Hears what was noticed about image and label files. */
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
  const reading = { numClasses: job.labelSet.numClasses, report: job.datasetReport, signal: job.signal };
  const { image, labels, unknown } = await readInput(input, reading);
  const loaded = performance.now();
  const before = await predictedBefore(job, image, labels !== null);
  const source = labels === null ? null : await predictedBySource(job, image);
  const compared = performance.now();
  const clock = new StepClock(() => performance.now());
  const { names, numClasses } = job.labelSet;
  const { width, height } = image;
  const keepsScores = job.flags.saveLogits !== undefined;
  const judge = new ImageJudge({ width, height, numClasses, labels, keepsScores }, () => {
    if (method.hasBefore) clock.skip();
  });
  const onEvent: RunListener = (event) => {
    clock.hear(event);
    judge.hear(event);
    job.onEvent(event);
  };
  const result = await method.run(model, image, { onEvent, signal: job.signal, keeper: judge });
  const writing = performance.now();
  const { last } = judge;
  const unadapted = method.hasBefore ? judge.unadaptedConfusion : null;
  const comparison = compare(numClasses, { labels, source, before, last }, unadapted);
  const outputs = await write(job, image, { before, last }, result);
  const ended = performance.now();
  const { views, adapt, final } = clock;
  return {
    comparison,
    result: {
      path: input.path,
      ...(input.domain === undefined ? {} : { domain: input.domain }),
      labelPath: input.labelPath,
      ...(unknown.length === 0 ? {} : { unknownLabels: [...unknown] }),
      size: { width: image.width, height: image.height },
      losses: [...result.losses],
      pseudoLabel: result.pseudoLabel,
      overlapAgreement: last.overlapAgreement,
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

/** What the checkpoint predicts as it is stored, where something will be compared with it. */
async function predictedBefore(
  job: ImageJob,
  image: RgbImage,
  hasLabels: boolean,
): Promise<CollectedPrediction | null> {
  const savesScores = job.flags.saveLogits !== undefined;
  return job.method.hasBefore && (hasLabels || savesScores) ? predicted(job, image, "stored", savesScores) : null;
}

/** Of the built-in sample, where it is not what the checkpoint does by itself. */
async function predictedBySource(job: ImageJob, image: RgbImage): Promise<CollectedPrediction | null> {
  const { input, method, model } = job;
  if (input.domain === undefined || !method.hasBefore || referenceAlpha(model, "stored") === 0) return null;
  return predicted(job, image, "source", false);
}

async function predicted(
  { model, method, labelSet: { numClasses }, signal }: ImageJob,
  image: RgbImage,
  kind: ReferenceKind,
  keepsScores: boolean,
): Promise<CollectedPrediction> {
  const bands = predictReference(model, image, kind, slidingWindowOf(method.config), { signal });
  return collectPrediction(bands, { numClasses, width: image.width, height: image.height }, keepsScores);
}

interface Compared {
  readonly labels: LabelMap | null;
  readonly source: CollectedPrediction | null;
  readonly before: CollectedPrediction | null;
  readonly last: CollectedPrediction;
}

function compare(
  numClasses: number,
  { labels, source, before, last }: Compared,
  unadapted: ConfusionMatrix | null,
): Comparison {
  const confusion = (of: CollectedPrediction | null) =>
    labels === null || of === null ? null : confusionOf(labels, of.labels, numClasses);
  return { source: confusion(source), before: confusion(before), unadapted, after: confusion(last) };
}

async function write(
  { input, flags, imageCount, method, labelSet }: ImageJob,
  image: RgbImage,
  { before, last }: Pick<Compared, "before" | "last">,
  result: MethodResult,
): Promise<ImageResult["outputs"]> {
  const { numClasses } = labelSet;
  const logits = flags.saveLogits === undefined ? null : logitsPath(flags.saveLogits, input.name, imageCount);
  const paths = outputPaths(flags.output, input.name, method.command === "adapt", logits);
  const { scores } = last;
  const files = await imageFiles(paths, {
    image,
    prediction: last.labels,
    result,
    numClasses,
    palette: flags.palette === "cityscapes" ? labelSet.palette : labelSet.colorBlindSafePalette,
    overlayOpacity: flags.overlayOpacity,
    scores: scores === null ? null : { name: method.scoresName, scores, before: before?.scores ?? null },
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
