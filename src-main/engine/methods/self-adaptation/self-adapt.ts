// Self-adaptation of one image: fuse views into a pseudo-label, fit the network to it, predict again.
import type { AdaptationConfig } from "../../../../src-shared/contract/adaptation-config.ts";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { limitSize } from "../../images/limit-size.ts";
import { resizeNearest } from "../../images/resize-nearest.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";
import { type ScoreBands, wholeBand } from "../../images/score-bands.ts";
import type { Architecture } from "../../models/architecture.ts";
import type { DeviceTensor, NamedTensors } from "../../runtimes/runtime.ts";
import { type Prediction, predictWith } from "../inference/predict.ts";
import { stopIfCancelled } from "../shared/cancellation.ts";
import type { DropoutMasks } from "../shared/dropout-masks.ts";
import type { ResultKeeper, RunOptions } from "../shared/run-options.ts";
import { outputOf, type SegmentationModel } from "../shared/segmentation-model.ts";
import { predictInWindows } from "../sliding-window/predict-in-windows.ts";
import type { SlidingWindow } from "../sliding-window/window-grid.ts";
import { fuseViews } from "../test-time-augmentation/fuse-views.ts";
import { agreementOf, type ViewVote } from "../test-time-augmentation/view-votes.ts";
import { dropoutPlacesOf, frozenLayersOf, type Split, splitAtFirstTrained, targetGraph } from "./adaptation-graphs.ts";
import { AdaptedWeights, type Velocities } from "./adapted-weights.ts";
import { type PseudoLabel, pseudoLabel } from "./pseudo-label.ts";

/** What becomes of the model. */
export interface AdaptedModel {
  readonly pseudoLabel: PseudoLabel;
  readonly losses: readonly number[];
  /** Weights and running statistics after the last iteration, by key. The caller disposes of them. */
  readonly weights: AdaptedWeights;
}

export interface Adaptation extends AdaptedModel {
  readonly prediction: Prediction;
}

export interface AdaptationOptions extends RunOptions {
  /** Velocities of the image before, as the original carries them over; none at first. */
  readonly velocities?: Velocities;
  /** Where the network is cut into a constant and an iterated part; by default as late as the frozen layers allow. */
  readonly split?: Split;
  /** Masks of the network's dropout layers; by default random ones, the same for every image. */
  readonly masks?: DropoutMasks;
  /** Called behind each kept prediction; predicts other images with the weights as they are then. */
  readonly onKept?: (iteration: number, predictOther: PredictOther) => Promise<void>;
}

/** float32 [1, K, H, W], logits at that image's own size. */
export type PredictOther = (image: RgbImage) => Promise<Float32Array>;

/**
 * Adapts the model to one image and predicts it, as a whole whatever window the configuration names. The model itself is
 * left as it is. Source: spec "4.6 Self-adaptation of one image".
 *
 * @throws AppError `image.size` when a channel of the last feature map would be a single number
 * @throws AppError `method.diverged` when no pixel is labelled, or the loss, a weight or a logit is not finite
 * @throws CancelledError between steps, when the signal says so
 */
export async function selfAdapt(
  model: SegmentationModel,
  image: RgbImage,
  config: AdaptationConfig,
  options: AdaptationOptions = {},
): Promise<Adaptation> {
  const limited = limitSize(image);
  const pixels = model.upload(limited);
  const predictAnd = async (weights: NamedTensors, tell: Tell, onPredicted: () => void): Promise<Prediction> => {
    const prediction = await predictWith(model, pixels, [image.height, image.width], weights, options);
    onPredicted();
    await tell(wholeBand(prediction.scores, image.height));
    return prediction;
  };
  try {
    return await adapt(model, { image, limited, pixels }, config, options, predictAnd);
  } finally {
    pixels.dispose();
  }
}

/**
 * The same with predictions at the full resolution, window by window, which the keeper gets. What is adapted to stays the
 * whole image, reduced where it is large: pseudo-labels and the statistics of normalisation are taken over the image, and the
 * original's parameters were found that way.
 */
export async function selfAdaptInWindows(
  model: SegmentationModel,
  image: RgbImage,
  config: AdaptationConfig,
  window: SlidingWindow,
  options: AdaptationOptions & { readonly keeper: ResultKeeper },
): Promise<AdaptedModel> {
  const limited = limitSize(image);
  const pixels = model.upload(limited);
  const predictAnd = async (weights: NamedTensors, tell: Tell, onPredicted: () => void): Promise<void> => {
    await tell(predictInWindows(model, image, window, options, { weights }));
    onPredicted();
  };
  try {
    const { prediction: _, ...adapted } = await adapt(model, { image, limited, pixels }, config, options, predictAnd);
    return adapted;
  } finally {
    pixels.dispose();
  }
}

interface AdaptedImage {
  readonly image: RgbImage;
  /** What is adapted to, and as the network's input. */
  readonly limited: RgbImage;
  readonly pixels: DeviceTensor;
}

/** Takes the scores of one prediction. */
type Tell = (scores: ScoreBands) => Promise<void>;

/**
 * @param predictAnd  predicts with the weights, tells the scores, and says when they are computed
 */
async function adapt<Result>(
  model: SegmentationModel,
  { image, limited, pixels }: AdaptedImage,
  config: AdaptationConfig,
  options: AdaptationOptions,
  predictAnd: (weights: NamedTensors, tell: Tell, onPredicted: () => void) => Promise<Result>,
): Promise<AdaptedModel & { readonly prediction: Result }> {
  if (config.numEpochs > 0) requireStatistics(model.architecture, limited);
  const { architecture } = model;
  const split =
    options.split ?? splitAtFirstTrained(architecture, frozenLayersOf(architecture, config), dropoutPlacesOf(config));
  const weights = new AdaptedWeights(model, split, config, options.velocities, options.masks);
  const predictOther: PredictOther = async (other) => {
    const otherPixels = model.upload(limitSize(other));
    try {
      return (await predictWith(model, otherPixels, [other.height, other.width], weights.tensors, options)).scores;
    } finally {
      otherPixels.dispose();
    }
  };
  const predictAfter = async (iteration: number, onPredicted = () => {}): Promise<Result> => {
    await weights.driftTo(iteration);
    if (!(await weights.areFinite())) throw diverged(`A weight is no number after iteration ${iteration}`, config);
    const tell: Tell = async (scores) => options.keeper?.prediction(iteration, scores, "logits");
    const result = await predictAnd(weights.tensors, tell, onPredicted);
    await options.onKept?.(iteration, predictOther);
    return result;
  };
  const keep = async (iteration: number): Promise<void> => {
    await predictAfter(iteration);
  };
  try {
    // Without iterations the last prediction is the unadapted one.
    if (options.keeper?.keeps(0) === true && config.numEpochs > 0) await keep(0);
    const label = await labelImage(model, limited, config, options);
    const toNative = (map: LabelMap): LabelMap => resizeNearest(map, image.width, image.height);
    await options.keeper?.pseudoLabel(toNative(label.labels), toNative({ ...label.labels, data: label.classes }));
    const losses = await iterate(model, weights, pixels, label, config, options, keep);
    const started = performance.now();
    const prediction = await predictAfter(config.numEpochs, () =>
      options.onEvent?.({ type: "predictionFinished", elapsedMs: performance.now() - started }),
    );
    return { prediction, pseudoLabel: label, losses, weights };
  } catch (error) {
    weights.dispose();
    throw error;
  }
}

/** Normalisation in training mode divides by the number of values less one; the original refuses a single one, too. */
function requireStatistics(architecture: Architecture, { width, height }: RgbImage): void {
  const { coarsestStride: stride, copiesOfLoneImage } = architecture;
  if (copiesOfLoneImage > 1 || width > stride || height > stride) return;
  throw new AppError(
    "image.size",
    `An image of ${width} x ${height} pixels is too small to adapt to: the network reduces it to a single pixel, which has ` +
      `no variance; use an image of more than ${stride} pixels in width or height.`,
  );
}

async function labelImage(
  model: SegmentationModel,
  image: RgbImage,
  config: AdaptationConfig,
  options: RunOptions,
): Promise<PseudoLabel> {
  const votes: ViewVote[] = [];
  const fused = await fuseViews(model, image, config, options, (vote) => votes.push(vote));
  const probabilities = await fused.read();
  const { numClasses } = model.architecture;
  const label = pseudoLabel(probabilities as Float32Array, numClasses, image.height, image.width, config.threshold);
  fused.dispose();
  const { keptPixels, perClass } = label;
  options.onEvent?.({
    type: "pseudoLabelFinished",
    keptPixels,
    pixels: image.width * image.height,
    perClass: [...perClass],
    agreement: agreementOf(votes, { ...label.labels, data: label.classes }),
  });
  if (keptPixels > 0 || config.numEpochs === 0) return label;
  throw new AppError(
    "method.diverged",
    `No pixel of the image exceeds the threshold ${config.threshold}, so there is nothing to adapt to; lower the threshold.`,
  );
}

async function iterate(
  model: SegmentationModel,
  weights: AdaptedWeights,
  pixels: DeviceTensor,
  label: PseudoLabel,
  config: AdaptationConfig,
  options: RunOptions,
  keep: (iteration: number) => Promise<void>,
): Promise<number[]> {
  if (config.numEpochs === 0) return [];
  const target = await targetOf(model, label);
  const constants = new Map([["target", target]]);
  try {
    const features = await weights.computeConstantPart(pixels);
    for (const [name, feature] of features) constants.set(name, feature);
    return await steps(weights, features, target, config, options, keep);
  } finally {
    for (const tensor of constants.values()) tensor.dispose();
  }
}

async function steps(
  weights: AdaptedWeights,
  features: ReadonlyMap<string, DeviceTensor>,
  target: DeviceTensor,
  config: AdaptationConfig,
  options: RunOptions,
  keep: (iteration: number) => Promise<void>,
): Promise<number[]> {
  const { numEpochs: iterations } = config;
  const losses: number[] = [];
  for (let iteration = 1; iteration <= iterations; iteration += 1) {
    stopIfCancelled(options.signal);
    const started = performance.now();
    const loss = await weights.step(features, target);
    if (!Number.isFinite(loss)) throw diverged(`The loss is ${loss} in iteration ${iteration}`, config);
    losses.push(loss);
    const elapsedMs = performance.now() - started;
    options.onEvent?.({ type: "iterationFinished", iteration, iterations, loss, elapsedMs });
    if (iteration < iterations && options.keeper?.keeps(iteration) === true) await keep(iteration);
  }
  return losses;
}

async function targetOf(model: SegmentationModel, { labels }: PseudoLabel): Promise<DeviceTensor> {
  const { width, height, data } = labels;
  const program = await model.programs.get(`target ${height} ${width}`, () =>
    targetGraph(model.architecture.numClasses, height, width),
  );
  const uploaded = model.runtime.upload(Int32Array.from(data), [1, 1, height, width]);
  const outputs = await program.run(new Map([["labels", uploaded]]));
  uploaded.dispose();
  return outputOf(outputs, "target");
}

function diverged(what: string, { baseLr }: AdaptationConfig): AppError {
  return new AppError(
    "method.diverged",
    `${what}: the weights have run away; lower the learning rate (now ${baseLr}).`,
  );
}
