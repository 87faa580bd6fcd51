// One evaluation from data set to figures: goes on where an earlier one stopped.

import { dirname, relative, sep } from "node:path";
import type { DatasetItem, DatasetLayout } from "../../../src-shared/contract/dataset.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type {
  EvaluatedImage,
  EvaluationConfig,
  EvaluationEvent,
  EvaluationHeader,
  EvaluationSummary,
  FailedImage,
  Shard,
} from "../../../src-shared/contract/evaluation.ts";
import type { CheckpointSummary } from "../../../src-shared/contract/results.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import { makeFolders } from "../../files/make-folders.ts";
import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import { requireContained } from "../datasets/contained-items.ts";
import { DatasetReport } from "../datasets/dataset-report.ts";
import { detectLayout } from "../datasets/detect-layout.ts";
import { itemsOfSplit } from "../datasets/items-of-split.ts";
import { reportLabels, reportTurned } from "../datasets/report-read.ts";
import { encodeLabelPng } from "../images/encode-png.ts";
import type { LabelMap } from "../images/rgb-image.ts";
import { checkMethod } from "../methods/image-methods.ts";
import type { SegmentationModel } from "../methods/shared/segmentation-model.ts";
import { evaluateImages } from "./evaluate-images.ts";
import { openEvaluationFolder, recordsPath, writeSummary } from "./evaluation-folder.ts";
import { ImageThreads } from "./image-threads.ts";
import { methodOf } from "./method-of.ts";
import type { EngineTimes } from "./over-images.ts";
import type { ReadImage } from "./read-image.ts";
import { type Records, RecordsWriter, readRecords } from "./records-file.ts";
import { itemsOfShard } from "./shard.ts";
import { summarizeEvaluation } from "./summarize-evaluation.ts";
import { predictionPath } from "./write-submission.ts";

export interface EvaluationRequest {
  readonly dataset: string;
  /** Detected when it is null. */
  readonly layout: DatasetLayout | null;
  /** Null: all images. */
  readonly split: string | null;
  readonly config: EvaluationConfig;
  readonly shard: Shard;
  /** Absolute. */
  readonly output: string;
  /** Whether images and labels that links lead out of the data set's folder to are refused, or followed. */
  readonly contained: boolean;
  /** Whether the predicted train ids of each image are kept as PNG. */
  readonly savePredictions: boolean;
}

export interface EvaluationModel {
  readonly model: SegmentationModel;
  readonly checkpoint: CheckpointSummary;
}

export interface EvaluationResult {
  readonly summary: EvaluationSummary;
  /** What the data set's report says, one sentence each. */
  readonly notices: readonly string[];
  /** Images that were evaluated in an earlier run. */
  readonly resumed: number;
  readonly times: EngineTimes;
}

export interface EvaluationOptions {
  readonly version: string;
  onEvent(event: EvaluationEvent): void;
  /** Hears how many images there are to evaluate, and what an earlier run has recorded of them. */
  onListed?(images: number, recorded: Records): void;
  /** Before the first of the images that have no record yet; may refuse them. */
  beforeFirst?(images: readonly DatasetItem[]): Promise<void>;
  /** Hears of each record once it is on the disk. */
  onRecord?(record: EvaluatedImage | FailedImage): void;
  /** Carries out what writes a file; at once unless it is given. */
  write?(write: () => Promise<void>): Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * @throws AppError `input.*` for data set, split or folder, or a method that does nothing with the network; `output.*`
 * @throws CancelledError; what is recorded stays, and the next run of the same evaluation goes on from there
 */
export async function runEvaluation(
  request: EvaluationRequest,
  { model, checkpoint }: EvaluationModel,
  { version, onEvent, onListed, beforeFirst, onRecord, write = (act) => act(), signal }: EvaluationOptions,
): Promise<EvaluationResult> {
  const { config, output, shard } = request;
  checkMethod(model.architecture, config);
  requireIndependentImages(config, shard);
  const report = new DatasetReport();
  const layout = request.layout ?? (await detectLayout(request.dataset));
  const all = await itemsOfSplit(request.dataset, { layout, split: request.split, report, signal });
  const header: EvaluationHeader = {
    acclimate: version,
    checkpoint,
    runtime: { ...model.runtime.description },
    config,
    dataset: { path: request.dataset, layout, split: request.split, images: all.length },
    shard,
  };
  await openEvaluationFolder(output, header);
  const ofShard = itemsOfShard(all, shard);
  const recorded = await readRecords(recordsPath(output));
  onListed?.(ofShard.length, recorded);
  const { evaluated } = recorded;
  const open = ofShard.filter(({ key }) => !evaluated.has(key));
  if (carriesVelocity(config) && open.length > 0 && evaluated.size > 0) throw notResumable(output);
  if (open.length > 0) await beforeFirst?.(open);

  const unknownOf = new Map<string, EvaluatedImage["unknownLabels"]>();
  const noteRead = (item: DatasetItem, { image, labels, unknown, hints }: ReadImage): void => {
    reportTurned(report, item.key, image);
    if (labels === null || item.labelPath === null) return;
    const file = relative(request.dataset, item.labelPath).replaceAll(sep, "/");
    reportLabels(report, { path: file, encoding: item.labelEncoding }, { labels, unknown, hints });
    if (unknown.length > 0) unknownOf.set(item.key, { file, values: [...unknown] });
  };
  const run = methodOf(model, config);
  const writer = await RecordsWriter.open(recordsPath(output));
  const threads = new ImageThreads();
  let times: EngineTimes;
  try {
    times = await evaluateImages({
      items: open,
      numClasses: checkpoint.numClasses,
      load: async (item) => {
        if (request.contained) await requireContained(request.dataset, item);
        const read = await threads.read(item, labelSetOf(checkpoint));
        noteRead(item, read);
        return read;
      },
      run: (image, _item, stop) => run(image, stop),
      score: (request) => threads.score(request),
      record: async (record, prediction, { key }) => {
        // First the file: a record says that everything of the image is there.
        if (request.savePredictions && prediction !== null)
          await write(() => savePrediction(predictionPath(output, key), prediction));
        const unknownLabels = unknownOf.get(key);
        unknownOf.delete(key);
        const noted = unknownLabels === undefined || "code" in record ? record : { ...record, unknownLabels };
        await write(() => writer.append(noted));
        onRecord?.(noted);
      },
      onEvent,
      signal,
    });
  } finally {
    await Promise.all([writer.close(), threads.dispose()]);
  }
  const records = await readRecords(recordsPath(output));
  const summary = summarizeEvaluation([...records.evaluated.values()], checkpoint.numClasses, records.failed.size);
  await writeSummary(output, header, summary);
  const notices = report.lines.map(({ message }) => message);
  return { summary, notices, resumed: ofShard.length - open.length, times };
}

async function savePrediction(path: string, prediction: LabelMap): Promise<void> {
  const png = await encodeLabelPng(prediction);
  await makeFolders(dirname(path), path);
  await writeFileAtomically(path, png);
}

/** With a velocity that goes from image to image, a part of the images gives other figures than the whole. */
function requireIndependentImages(config: EvaluationConfig, shard: Shard): void {
  if (!carriesVelocity(config) || shard.count === 1) return;
  throw new AppError(
    "input.option",
    "--carry-velocity makes each image depend on the one before, so that shards would give other figures; leave one of them out.",
  );
}

function carriesVelocity(config: EvaluationConfig): boolean {
  return config.method === "adapt" && config.carryVelocity;
}

function notResumable(output: string): AppError {
  return new AppError(
    "input.option",
    `"${output}" holds a part of an evaluation whose velocity goes on from image to image, which can't be taken up in the middle; start anew in another folder.`,
  );
}
