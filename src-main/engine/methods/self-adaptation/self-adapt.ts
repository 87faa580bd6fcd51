// Self-adaptation of one image: fuse views into a pseudo-label, fit the network to it, predict again.
import type { AdaptationConfig } from "../../../../src-shared/contract/adaptation-config.ts";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { limitSize } from "../../images/limit-size.ts";
import { resizeNearest } from "../../images/resize-nearest.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";
import type { Architecture } from "../../models/architecture.ts";
import type { DeviceTensor } from "../../runtimes/runtime.ts";
import { type Prediction, predictWith } from "../inference/predict.ts";
import { stopIfCancelled } from "../shared/cancellation.ts";
import type { DropoutMasks } from "../shared/dropout-masks.ts";
import type { RunOptions } from "../shared/run-options.ts";
import { outputOf, type SegmentationModel } from "../shared/segmentation-model.ts";
import { fuseViews } from "../test-time-augmentation/fuse-views.ts";
import { agreementOf, type ViewVote } from "../test-time-augmentation/view-votes.ts";
import { dropoutPlacesOf, frozenLayersOf, type Split, splitAtFirstTrained, targetGraph } from "./adaptation-graphs.ts";
import { AdaptedWeights, type Velocities } from "./adapted-weights.ts";
import { type PseudoLabel, pseudoLabel } from "./pseudo-label.ts";

export interface Adaptation {
  readonly prediction: Prediction;
  readonly pseudoLabel: PseudoLabel;
  readonly losses: readonly number[];
  /** Weights and running statistics after the last iteration, by key. The caller disposes of them. */
  readonly weights: AdaptedWeights;
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
 * Adapts the model to one image and predicts it. The model itself is left as it is.
 * Source: spec "4.6 Self-adaptation of one image".
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
  if (config.numEpochs > 0) requireStatistics(model.architecture, limited);
  const pixels = model.upload(limited);
  const { architecture } = model;
  const split =
    options.split ?? splitAtFirstTrained(architecture, frozenLayersOf(architecture, config), dropoutPlacesOf(config));
  const weights = new AdaptedWeights(model, split, config, options.velocities, options.masks);
  const predictAfter = async (iteration: number): Promise<Prediction> => {
    await weights.driftTo(iteration);
    if (!(await weights.areFinite())) throw diverged(`A weight is no number after iteration ${iteration}`, config);
    return predictWith(model, pixels, [image.height, image.width], weights.tensors, options);
  };
  const predictOther: PredictOther = async (other) => {
    const otherPixels = model.upload(limitSize(other));
    try {
      return (await predictWith(model, otherPixels, [other.height, other.width], weights.tensors, options)).scores;
    } finally {
      otherPixels.dispose();
    }
  };
  const tellKept = async (iteration: number, { scores }: Prediction): Promise<void> => {
    await options.keeper?.prediction(iteration, scores, "logits");
    await options.onKept?.(iteration, predictOther);
  };
  const keep = async (iteration: number): Promise<void> => tellKept(iteration, await predictAfter(iteration));
  try {
    // Without iterations the last prediction is the unadapted one.
    if (options.keeper !== undefined && config.numEpochs > 0) await keep(0);
    const label = await labelImage(model, limited, config, options);
    const toNative = (map: LabelMap): LabelMap => resizeNearest(map, image.width, image.height);
    await options.keeper?.pseudoLabel(toNative(label.labels), toNative({ ...label.labels, data: label.classes }));
    const losses = await iterate(model, weights, pixels, label, config, options, keep);
    const started = performance.now();
    const prediction = await predictAfter(config.numEpochs);
    options.onEvent?.({ type: "predictionFinished", elapsedMs: performance.now() - started });
    await tellKept(config.numEpochs, prediction);
    return { prediction, pseudoLabel: label, losses, weights };
  } catch (error) {
    weights.dispose();
    throw error;
  } finally {
    pixels.dispose();
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
