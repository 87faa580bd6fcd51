// One image from file to files, in the parts of the engine's course: read, predicted, made into files, written.
import { dirname } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { ImageResult } from "../../../src-shared/contract/results.ts";
import type { RunListener } from "../../../src-shared/contract/run-events.ts";
import type { ReferenceKind } from "../../../src-shared/contract/workbench/runs.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import type { DatasetReport } from "../../engine/datasets/dataset-report.ts";
import type { LabelMap, RgbImage } from "../../engine/images/rgb-image.ts";
import type { ImageSeries } from "../../engine/methods/image-series.ts";
import { framingOf, predictReference, referenceAlpha } from "../../engine/methods/inference/predict-reference.ts";
import type { PseudoLabel } from "../../engine/methods/self-adaptation/pseudo-label.ts";
import type { SegmentationModel } from "../../engine/methods/shared/segmentation-model.ts";
import type { ConfusionMatrix } from "../../engine/metrics/confusion-matrix.ts";
import { type NewFile, writeFilesTogether } from "../../files/write-file-atomically.ts";
import { type ReadInput, readInput } from "../inputs/read-input.ts";
import type { RunInput } from "../inputs/run-input.ts";
import type { RunFlags } from "../options/run-options.ts";
import { type CollectedPrediction, collectPrediction } from "./collect-prediction.ts";
import { type Comparison, confusionOf, scoresOf } from "./evaluation.ts";
import { imageFiles, logitsPath, outputPaths } from "./image-files.ts";
import { ImageJudge } from "./judge-image.ts";
import { type Method, TRAITS } from "./method.ts";
import { createFolder } from "./output-folder.ts";
import { StepClock } from "./step-clock.ts";

/** Everything that is the same for all images. */
export interface RunSetup {
  readonly model: SegmentationModel;
  readonly labelSet: LabelSet;
  readonly method: Method;
  readonly flags: RunFlags;
  readonly signal: AbortSignal;
  /** Hears what was noticed about image and label files. */
  readonly datasetReport: DatasetReport;
}

export interface LoadedInput extends ReadInput {
  readonly loadMs: number;
}

/** @throws AppError naming the image; CancelledError */
export function loadInput(input: RunInput, { labelSet, datasetReport, signal }: RunSetup): Promise<LoadedInput> {
  return naming(input.path, async () => {
    const started = performance.now();
    const read = await readInput(input, { model: labelSet, report: datasetReport, signal });
    return { ...read, loadMs: performance.now() - started };
  });
}

export interface PredictedImage {
  readonly losses: readonly number[];
  readonly pseudoLabel: ImageResult["pseudoLabel"];
  readonly overlapAgreement: number | null;
  readonly judged: Pick<ImageResult, "looks" | "verdict">;
  readonly before: CollectedPrediction | null;
  readonly last: CollectedPrediction;
  readonly comparison: Comparison;
  readonly milliseconds: Pick<ImageResult["milliseconds"], "before" | "views" | "adapt" | "final">;
}

/** @throws AppError naming the image; CancelledError */
export function predictImage(
  input: RunInput,
  loaded: LoadedInput,
  setup: RunSetup,
  series: ImageSeries,
  listener: RunListener,
): Promise<PredictedImage> {
  return naming(input.path, async () => {
    const { image, labels } = loaded;
    const { method, flags, signal } = setup;
    const { names, numClasses } = setup.labelSet;
    const { hasBefore } = TRAITS[method.config.method];
    const started = performance.now();
    const before = await predictedBefore(setup, image, labels !== null);
    const source = labels === null ? null : await predictedBySource(input, setup, image);
    const compared = performance.now();
    const clock = new StepClock(() => performance.now());
    const { width, height } = image;
    const keepsScores = flags.saveLogits !== undefined;
    const judge = new ImageJudge({ width, height, numClasses, labels, keepsScores }, () => {
      if (hasBefore) clock.skip();
    });
    const onEvent: RunListener = (event) => {
      clock.hear(event);
      judge.hear(event);
      listener(event);
    };
    const { losses, pseudoLabel } = await series.run(image, { onEvent, signal, keeper: judge });
    const { last } = judge;
    const result = { losses, pseudoLabel: pseudoLabel === null ? null : figuresOf(pseudoLabel) };
    const unadapted = hasBefore ? judge.unadaptedConfusion : null;
    const comparison = compare(numClasses, { labels, source, before, last }, unadapted);
    const { views, adapt, final } = clock;
    return {
      ...result,
      overlapAgreement: last.overlapAgreement,
      judged: judge.judged(method.config.method, result, scoresOf(comparison.before), names),
      before,
      last,
      comparison,
      milliseconds: { before: compared - started, views, adapt, final },
    };
  });
}

export interface EncodedImage extends Omit<PredictedImage, "before" | "last"> {
  readonly paths: ImageResult["outputs"];
  /** The content of all, complete before the first is written. */
  readonly files: readonly NewFile[];
  readonly loaded: Pick<LoadedInput, "unknown" | "loadMs"> & { readonly size: ImageResult["size"] };
  readonly encodeMs: number;
}

/** @param imageCount  of the whole run @throws AppError naming the image */
export function encodeImage(
  input: RunInput,
  { image, unknown, loadMs }: LoadedInput,
  { before, last, ...predicted }: PredictedImage,
  { flags, method, labelSet }: RunSetup,
  imageCount: number,
): Promise<EncodedImage> {
  return naming(input.path, async () => {
    const started = performance.now();
    const { config } = method;
    const logits = flags.saveLogits === undefined ? null : logitsPath(flags.saveLogits, input.name, imageCount);
    const paths = outputPaths(flags.output, input.name, config.method === "adapt", logits);
    const { scoresName: name } = TRAITS[config.method];
    const { scores } = last;
    const files = await imageFiles(paths, {
      image,
      prediction: last.labels,
      losses: predicted.losses,
      classes: labelSet,
      palette: flags.palette === "cityscapes" ? labelSet.palette : labelSet.colorBlindSafePalette,
      overlayOpacity: flags.overlayOpacity,
      scores: scores === null ? null : { name, scores, before: before?.scores ?? null },
    });
    const size = { width: image.width, height: image.height };
    return { ...predicted, paths, files, loaded: { unknown, loadMs, size }, encodeMs: performance.now() - started };
  });
}

/** All files of the image are written, or none. @throws AppError `output.*` */
export async function writeImage(input: RunInput, encoded: EncodedImage): Promise<ImageResult> {
  const started = performance.now();
  const { files, paths, loaded, losses, pseudoLabel, overlapAgreement, judged, comparison } = encoded;
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) await createFolder(folder);
  await writeFilesTogether(files);
  const { before, views, adapt, final } = encoded.milliseconds;
  const parts = {
    load: loaded.loadMs,
    before,
    views,
    adapt,
    final,
    write: encoded.encodeMs + performance.now() - started,
  };
  return {
    path: input.path,
    ...(input.domain === undefined ? {} : { domain: input.domain }),
    labelPath: input.labelPath,
    ...(loaded.unknown.length === 0 ? {} : { unknownLabels: [...loaded.unknown] }),
    size: loaded.size,
    losses: [...losses],
    pseudoLabel,
    overlapAgreement,
    ...judged,
    milliseconds: { ...parts, total: Object.values(parts).reduce((sum, one) => sum + one, 0) },
    source: scoresOf(comparison.source),
    before: scoresOf(comparison.before),
    unadapted: scoresOf(comparison.unadapted),
    after: scoresOf(comparison.after),
    outputs: paths,
  };
}

/** What the checkpoint predicts as it is stored, where something will be compared with it. */
async function predictedBefore(
  setup: RunSetup,
  image: RgbImage,
  hasLabels: boolean,
): Promise<CollectedPrediction | null> {
  const savesScores = setup.flags.saveLogits !== undefined;
  const isWanted = TRAITS[setup.method.config.method].hasBefore && (hasLabels || savesScores);
  return isWanted ? predicted(setup, image, "stored", savesScores) : null;
}

/** Of the built-in sample, where it is not what the checkpoint does by itself. */
async function predictedBySource(
  { domain }: RunInput,
  setup: RunSetup,
  image: RgbImage,
): Promise<CollectedPrediction | null> {
  const { hasBefore } = TRAITS[setup.method.config.method];
  if (domain === undefined || !hasBefore || referenceAlpha(setup.model, "stored") === 0) return null;
  return predicted(setup, image, "source", false);
}

async function predicted(
  { model, method, labelSet: { numClasses }, signal }: RunSetup,
  image: RgbImage,
  kind: ReferenceKind,
  keepsScores: boolean,
): Promise<CollectedPrediction> {
  const bands = predictReference(model, image, kind, framingOf(method.config), { signal });
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

function figuresOf({ labels, keptPixels: kept, perClass }: PseudoLabel): ImageResult["pseudoLabel"] {
  return { kept, pixels: labels.data.length, perClass: [...perClass] };
}

/** The engine's sentences know nothing of files; with many images one wants to know which it was. */
async function naming<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw isAboutImage(path, error) ? new AppError(error.code, `"${path}": ${error.message}`, { cause: error }) : error;
  }
}

function isAboutImage(path: string, error: unknown): error is AppError {
  if (!(error instanceof AppError) || error.message.includes(`"${path}"`)) return false;
  return !["output.", "label.", "input."].some((kind) => error.code.startsWith(kind));
}
