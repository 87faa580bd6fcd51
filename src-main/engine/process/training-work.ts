// How much there is to compute in a training: the graphs of a step and of a validated image, built and then only counted.
import type { TrainingWork } from "../../../src-shared/contract/engine-protocol.ts";
import type { SourceTrainingConfig } from "../../../src-shared/contract/training/source-training.ts";
import { limitedSize } from "../images/limit-size.ts";
import { alphaGrid } from "../methods/source-training/alpha-grid.ts";
import { architectureOf } from "../methods/source-training/training-architecture.ts";
import { type TrainingSettings, trainingGraph } from "../methods/source-training/training-graph.ts";
import { allParameters } from "../training/optimizers/parameter-groups.ts";
import { sgd } from "../training/optimizers/sgd.ts";
import { defaultReadingThreads } from "../training/train-into-files.ts";
import { SAMPLE_SIZE } from "../training/training-data.ts";
import { evaluationWork, partOf, weightBytesOf } from "./run-work.ts";

const BYTES_PER_NUMBER = 4;

type Size = { readonly width: number; readonly height: number };

/** A thread with what it needs to draw scenes, of which it keeps some; one that decodes files. */
const DRAWING_BYTES = 310e6;
const DECODING_BYTES = 120e6;
/** Decoded, cropped and converted copies of an image, and the labels. */
const BYTES_OF_PIXEL = 20;

/**
 * @param imageSize  of an image that is learnt from; null: a scene of the generator
 * @param validated  the same of those that are predicted after an epoch; null without
 * @throws AppError `checkpoint.architecture` for a backbone that is not known
 */
export function trainingWork(
  config: SourceTrainingConfig,
  imageSize: Size | null,
  validated: { readonly size: Size | null } | null,
): TrainingWork {
  const architecture = architectureOf(config);
  const { batchSize, cropSize, momentum, weightDecay, dropout, auxWeight, ema } = config;
  const images = Math.min(config.microBatchSize ?? batchSize, batchSize);
  const parts = Math.ceil(batchSize / images);
  const settings: TrainingSettings = {
    places: dropout ? "everyRelu" : "ownLayers",
    auxWeight,
    hasAverage: ema > 0,
    addsGradients: parts > 1,
    result: "update",
    isPart: parts > 1,
  };
  const optimizer = sgd(momentum, [allParameters(weightDecay)]);
  const { graph } = trainingGraph(architecture, images, cropSize, settings, optimizer);
  const [height, width] = cropSize;
  const predicted = validated === null ? null : (validated.size ?? SAMPLE_SIZE);
  return {
    part: partOf(graph),
    parts,
    prediction: predicted === null ? null : evaluationWork(architecture, limitedSize(predicted)),
    predictions: alphaGrid(config).length,
    scoreBytes:
      predicted === null ? 0 : BYTES_PER_NUMBER * architecture.numClasses * predicted.width * predicted.height,
    weightBytes: weightBytesOf(architecture),
    // Three channels and the labels.
    batchBytes: 4 * BYTES_PER_NUMBER * batchSize * height * width,
    readingThreads: defaultReadingThreads(),
    threadBytes:
      imageSize === null ? DRAWING_BYTES : DECODING_BYTES + BYTES_OF_PIXEL * imageSize.width * imageSize.height,
  };
}
