// How much there is to compute in a training: the graphs of a step and of a validated image, built and then only counted.
import type { TrainingWork } from "../../../src-shared/contract/engine-protocol.ts";
import type { TrainingConfig } from "../../../src-shared/contract/training/training-config.ts";
import { limitedSize } from "../images/limit-size.ts";
import { trainingMethodOf } from "../methods/training-methods.ts";
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

/** Of its images: sizes, null for scenes of the generator. */
export interface TrainedImages {
  /** What is learnt from. */
  readonly size: Size | null;
  /** What is predicted after an epoch; null: nothing. */
  readonly validated: { readonly size: Size | null } | null;
  /** What is predicted before the first step, to count importance weights; null: nothing. */
  readonly counted: { readonly size: Size | null } | null;
}

/**
 * @returns null for a method that can't say what its steps compute
 * @throws AppError `checkpoint.architecture` for a backbone that is not known
 */
export function trainingWork(
  config: TrainingConfig,
  { size: imageSize, validated, counted }: TrainedImages,
): TrainingWork | null {
  const step = trainingMethodOf(config).work?.(config);
  if (step === undefined) return null;
  const { architecture, passes, slots, others, images, numbers, variants, validatedSize } = step;
  const predicted = validated === null ? null : (validatedSize ?? validated.size ?? SAMPLE_SIZE);
  const weightBytes = weightBytesOf(architecture);
  const prediction = (size: Size | null) => evaluationWork(architecture, limitedSize(size ?? SAMPLE_SIZE));
  return {
    passes: passes.map(({ graph, times }) => ({ ...partOf(graph), times })),
    prediction: predicted === null ? null : prediction(predicted),
    predictions: variants,
    counting: counted === null ? null : prediction(counted.size),
    scoreBytes:
      predicted === null ? 0 : BYTES_PER_NUMBER * architecture.numClasses * predicted.width * predicted.height,
    weightBytes,
    otherWeightBytes: others * weightBytes,
    slots,
    images,
    batchBytes: BYTES_PER_NUMBER * numbers,
    readingThreads: defaultReadingThreads(),
    threadBytes:
      imageSize === null ? DRAWING_BYTES : DECODING_BYTES + BYTES_OF_PIXEL * imageSize.width * imageSize.height,
  };
}
