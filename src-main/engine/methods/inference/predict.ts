// Plain inference: one evaluation pass over the image.
import { limitSize } from "../../images/limit-size.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import { type ScoreBand, wholeBand } from "../../images/score-bands.ts";
import type { Architecture } from "../../models/architecture.ts";
import type { DeviceTensor, NamedTensors } from "../../runtimes/runtime.ts";
import { stopIfCancelled } from "../shared/cancellation.ts";
import { requireFinite } from "../shared/require-finite.ts";
import type { RunOptions } from "../shared/run-options.ts";
import type { SegmentationModel } from "../shared/segmentation-model.ts";
import { enlargedBands } from "./enlarged-bands.ts";

export interface Prediction {
  /** float32 [1, K, H, W] at the image's own size; of test-time augmentation probabilities, otherwise logits. */
  readonly scores: Float32Array;
  /** float32 [1, K, h, w], before enlargement; null where views were fused. */
  readonly lowResolution: Float32Array | null;
}

/** Predicts one image, which is first reduced to the size limit. Source: spec "4.5 Modes", only-inf. */
export async function predict(
  model: SegmentationModel,
  image: RgbImage,
  options: RunOptions = {},
): Promise<Prediction> {
  const started = performance.now();
  const pixels = model.upload(limitSize(image));
  const prediction = await predictWith(model, pixels, [image.height, image.width], model.base, options).finally(() =>
    pixels.dispose(),
  );
  options.onEvent?.({ type: "predictionFinished", elapsedMs: performance.now() - started });
  await options.keeper?.prediction(0, wholeBand(prediction.scores, image.height), "logits");
  return prediction;
}

/**
 * One evaluation pass with given weights, its logits enlarged to the image's own size.
 *
 * @param alphas  of the weights' normalisation layers, where they are not the model's
 * @throws AppError `method.diverged` when a logit is NaN or infinite
 */
export async function predictWith(
  model: SegmentationModel,
  pixels: DeviceTensor,
  nativeSize: readonly [number, number],
  weights: NamedTensors,
  options: RunOptions,
  alphas: readonly number[] = [],
): Promise<Prediction> {
  stopIfCancelled(options.signal);
  const low = await model.logits(pixels, weights, alphas);
  try {
    const lowResolution = await floats(low);
    requireFinite(lowResolution, model, weights);
    const [, , height = 0, width = 0] = pixels.shape;
    const logits = await model.enlarge(low, [height, width], [nativeSize[0], nativeSize[1]]);
    const scores = await floats(logits).finally(() => logits.dispose());
    return { scores, lowResolution };
  } finally {
    low.dispose();
  }
}

/** More scores than these, 256 MiB, are never there as a whole. */
const MOST_WHOLE_SCORES = 64 * 2 ** 20;

/** Whether the scores of all pixels are too many to have together. */
export function hasManyScores(
  { architecture }: { readonly architecture: Pick<Architecture, "numClasses"> },
  image: { readonly height: number; readonly width: number },
): boolean {
  return architecture.numClasses * image.height * image.width > MOST_WHOLE_SCORES;
}

/**
 * The same some rows at a time, where there are too many scores to have them together.
 *
 * @throws AppError `method.diverged` when a logit is NaN or infinite
 */
export async function* predictBandsWith(
  model: SegmentationModel,
  pixels: DeviceTensor,
  nativeSize: readonly [number, number],
  weights: NamedTensors,
  options: RunOptions,
  alphas: readonly number[] = [],
): AsyncGenerator<ScoreBand, void, undefined> {
  const { numClasses } = model.architecture;
  const [height, width] = nativeSize;
  const [, , inputHeight = 0, inputWidth = 0] = pixels.shape;
  const isLarge = hasManyScores(model, { height, width }) && (height !== inputHeight || width !== inputWidth);
  const asked = isLarge ? ([inputHeight, inputWidth] as const) : nativeSize;
  const { scores } = await predictWith(model, pixels, asked, weights, options, alphas);
  if (!isLarge) yield { top: 0, height, scores };
  else yield* enlargedBands(scores, { numClasses, height: inputHeight, width: inputWidth }, { height, width });
}

/** A copy of a float32 tensor's data, which outlives the tensor. */
export async function floats(tensor: DeviceTensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.read());
}
