// Runs one method on one image; what it computes on the way is written and told as soon as it is there.

import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { PlaneFiles, RunInput } from "../../../../src-shared/contract/engine-protocol.ts";
import { AppError, BugError } from "../../../../src-shared/contract/errors.ts";
import { type KeptIteration, REFERENCE_KINDS } from "../../../../src-shared/contract/workbench/runs.ts";
import type { LabelSet } from "../../../../src-shared/labels/label-sets.ts";
import { readInputFile } from "../../../files/read-input-file.ts";
import { writeFileAtomically } from "../../../files/write-file-atomically.ts";
import { DatasetReport } from "../../datasets/dataset-report.ts";
import { readLabels } from "../../datasets/read-labels.ts";
import { reportLabels } from "../../datasets/report-read.ts";
import { decodeImage } from "../../images/decode-image.ts";
import { MAX_IMAGE_FILE_BYTES } from "../../images/image-limits.ts";
import { predictionFigures } from "../../images/prediction-figures.ts";
import { planesOfBands } from "../../images/prediction-planes.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import type { ScoreBands } from "../../images/score-bands.ts";
import { type MethodOptions, runMethod } from "../../methods/image-methods.ts";
import { framingOf, isUnadapted, predictReference, referenceAlpha } from "../../methods/inference/predict-reference.ts";
import { stopIfCancelled } from "../../methods/shared/cancellation.ts";
import type { ResultKeeper, ScoreKind } from "../../methods/shared/run-options.ts";
import type { SegmentationModel } from "../../methods/shared/segmentation-model.ts";
import { confusionOf, scoresFrom } from "../../metrics/score-labels.ts";
import type { Handler, HandlerContext } from "../handler.ts";
import type { CachedModel, ModelCache } from "../model-cache.ts";
import { PeakMemory } from "../peak-memory.ts";
import { RunClock } from "../run-clock.ts";
import { untilThereIsRoom } from "../until-there-is-room.ts";
import { gzipped, writePlanes } from "../write-planes.ts";

type RunContext = HandlerContext<"run">;

export function runHandler(models: ModelCache): Handler<"run"> {
  return async (input, context) => {
    const clock = new RunClock(new PeakMemory());
    // The image first: whether it can be read is known long before the model is there.
    const image = await decodeImage(input.imagePath);
    const imageSha256 = createHash("sha256").update(await readInputFile(input.imagePath, MAX_IMAGE_FILE_BYTES));
    stopIfCancelled(context.signal);
    const { config, machine, checkpointPath } = input;
    const cached = await models.get({ path: checkpointPath, machine, alpha: config.alpha }, context.signal);
    stopIfCancelled(context.signal);
    const { labelSet } = cached.read;
    const { numClasses } = labelSet;
    const labels = await labelsOf(input, labelSet, context);
    tellStarted(image, imageSha256.digest("hex"), cached, context);
    clock.loaded(cached.loadMs);
    const options: MethodOptions = {
      signal: context.signal,
      onEvent: (event) => {
        clock.hear(event);
        context.tell({ type: "progressed", event });
      },
      keeper: keeperOf({ input, model: cached.model, image, numClasses, labels, clock, context }),
    };
    try {
      (await runMethod(cached.model, image, config, options)).weights?.dispose();
    } catch (error) {
      // A runtime that failed, for want of memory as a rule, may hold what it should not.
      if (error instanceof AppError && error.code === "runtime.failed") await models.clear();
      throw error;
    }
    return clock.cost();
  };
}

/** What can't be scored is predicted all the same. */
async function labelsOf(
  { labels, imagePath }: RunInput,
  model: LabelSet,
  { signal, tell }: RunContext,
): Promise<Uint8Array | null> {
  if (labels === null) return null;
  try {
    const { path, encoding } = labels;
    const read = await readLabels({ imagePath, labelPath: path, labelEncoding: encoding }, model, signal);
    const report = new DatasetReport();
    reportLabels(report, { path: basename(path), encoding }, read);
    for (const { message } of report.lines) tell({ type: "noticed", message });
    return read.labels.data;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    tell({ type: "noticed", message: `The prediction is not scored. ${error.message}` });
    return null;
  }
}

function tellStarted(
  { width, height }: RgbImage,
  imageSha256: string,
  { model, read }: CachedModel,
  { tell }: RunContext,
): void {
  const { name, provider, threads } = model.runtime.description;
  const checkpointSha256 = read.summary.sha256;
  tell({ type: "started", size: { width, height }, imageSha256, checkpointSha256, runtime: name, provider, threads });
}

interface Keeping {
  readonly input: RunInput;
  readonly model: SegmentationModel;
  readonly image: RgbImage;
  readonly numClasses: number;
  readonly labels: Uint8Array | null;
  readonly clock: RunClock;
  readonly context: RunContext;
}

function keeperOf(keeping: Keeping): ResultKeeper {
  const { input, image, numClasses, labels, clock, context } = keeping;
  const { kept, pseudoLabelFile } = input;
  const { signal, tell } = context;
  const wait = { signal, onFull: (message: string) => tell({ type: "noticed", message }) };
  let unadapted: Uint8Array | null = null;
  let views: Uint8Array | null = null;
  const { width, height } = image;
  const keep = async (scores: ScoreBands, kind: ScoreKind, files: PlaneFiles | null): Promise<Predicted> => {
    const planes = await planesOfBands(scores, kind, { numClasses, height, width });
    if (files !== null) await untilThereIsRoom(() => writePlanes(files, planes), wait);
    const figures = predictionFigures(planes, numClasses, { unadapted, views });
    unadapted ??= planes.labels;
    const { meanConfidence, meanEntropy } = planes;
    const ownScores = labels === null ? null : scoresFrom(confusionOf(labels, planes.labels, numClasses));
    return { scores: ownScores, meanConfidence, meanEntropy, figures };
  };
  return {
    keeps: (iteration) => kept.some((one) => one.iteration === iteration),
    async prediction(iteration, scores, kind) {
      const files = kept.find((one) => one.iteration === iteration)?.files;
      if (files === undefined) throw new BugError(`nobody said where iteration ${iteration} is written`);
      const predicted = await keep(scores, kind, files);
      clock.kept();
      tell({ type: "kept", kept: { iteration, ...predicted } });
      if (iteration === 0) await tellReferences(keeping, predicted, (own, to) => keep(own, "logits", to));
    },
    async pseudoLabel({ data }, { data: classes }) {
      views = classes;
      const bytes = await gzipped(data);
      await untilThereIsRoom(() => writeFileAtomically(pseudoLabelFile, bytes), wait);
      tell({ type: "pseudoLabelWritten" });
    },
  };
}

type Predicted = Omit<KeptIteration, "iteration">;

/**
 * What the run will be measured against, as soon as there is something to look at. A reference that is iteration 0 costs
 * nothing; a plain prediction, which would take twice as long, is only measured against the checkpoint as it is stored.
 */
async function tellReferences(
  { input, model, image, context: { signal, tell } }: Keeping,
  unadapted: Predicted,
  keep: (scores: ScoreBands, files: PlaneFiles | null) => Promise<Predicted>,
): Promise<void> {
  for (const kind of REFERENCE_KINDS) {
    const alpha = referenceAlpha(model, kind);
    if (isUnadapted(model, kind)) {
      tell({ type: "referenced", reference: { kind, alpha, hasPlanes: false, ...unadapted } });
      continue;
    }
    if (kind === "source" && input.config.method === "predict") continue;
    const scores = predictReference(model, image, kind, framingOf(input.config), { signal });
    // The source's statistics are a figure to know; the checkpoint as it is stored is something to look at, too.
    const hasPlanes = kind === "stored";
    const predicted = await keep(scores, hasPlanes ? input.storedFiles : null);
    tell({ type: "referenced", reference: { kind, alpha, hasPlanes, ...predicted } });
  }
}
