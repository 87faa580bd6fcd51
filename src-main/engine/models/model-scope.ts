// Where a model under construction gets its parameters and its normalisation from: evaluation and training differ here only.
import { channelMoments } from "../graph/functions/channel-moments.ts";
import { at, elementCount } from "../graph/node.ts";
import { add } from "../graph/ops/add.ts";
import { batchNorm } from "../graph/ops/batch-norm.ts";
import { channelAffine } from "../graph/ops/channel-affine.ts";
import { scalar } from "../graph/ops/constant.ts";
import { div } from "../graph/ops/div.ts";
import { input } from "../graph/ops/input.ts";
import { maximum } from "../graph/ops/maximum.ts";
import { minimum } from "../graph/ops/minimum.ts";
import { mul } from "../graph/ops/mul.ts";
import { relu } from "../graph/ops/relu.ts";
import { slice } from "../graph/ops/slice.ts";
import { sqrt } from "../graph/ops/sqrt.ts";
import { sub } from "../graph/ops/sub.ts";
import type { Node, Shape } from "../graph/types.ts";

/** Added to variances under the root, as in every layer of the original. */
export const BATCH_NORM_EPSILON = 1e-5;
/** Share of the newest statistics in a running-statistics update. */
export const BATCH_NORM_MOMENTUM = 0.1;

/** Share of the elements that dropout sets to zero, wherever there is one. Source: spec "1.3" and "1.7". */
export const DROPOUT_RATE = 0.1;
/** Before the number of a dropout mask among a graph's inputs. */
export const MASK_PREFIX = "dropout.";

/**
 * Where dropout is active: nowhere; in the layers that the network always has; or in those and behind every ReLU, as in
 * networks built with the original's `--dropout`. Source: spec "1.7 MC-Dropout variant".
 */
export type DropoutPlaces = "nowhere" | "ownLayers" | "everyRelu";

/** What a model asks for while it is built. Names are those of the original state dict. */
export interface ModelScope {
  /** A parameter by its key in the state dict. */
  parameter(key: string, shape: Shape): Node;
  /** The SelfAdaptiveNormalization layer of this name, applied to x [N, C, H, W]. */
  normalize(x: Node, layer: string): Node;
  /** ReLU. */
  activate(x: Node): Node;
  /** A dropout layer that the network always has. */
  dropout(x: Node): Node;
  /** x [N, C, H, W] without the second copy of a lone image, where training runs on two. */
  withoutCopies(x: Node): Node;
}

/** Keys of one normalisation layer. */
export const normKeys = (layer: string) => ({
  alpha: `${layer}.alpha`,
  weight: `${layer}.batch_norm.weight`,
  bias: `${layer}.batch_norm.bias`,
  mean: `${layer}.batch_norm.running_mean`,
  variance: `${layer}.batch_norm.running_var`,
  count: `${layer}.batch_norm.num_batches_tracked`,
});

/** Parameters as graph inputs named by their keys, dropout masks as inputs named `dropout.k`; one input a name. */
abstract class InputScope implements ModelScope {
  readonly parameters = new Map<string, Node>();
  /** Shapes of the dropout masks by name, in the order of computation. A mask holds 0, or 1 / (1 − rate) where kept. */
  readonly masks = new Map<string, Shape>();
  /** How many copies a lone image stands for until dropout makes them differ. */
  readonly #copies: number;
  readonly #places: DropoutPlaces;

  constructor(places: DropoutPlaces, copies: number) {
    this.#places = places;
    this.#copies = copies;
  }

  parameter(key: string, shape: Shape): Node {
    const known = this.parameters.get(key) ?? input(key, shape);
    this.parameters.set(key, known);
    return known;
  }

  abstract normalize(x: Node, layer: string): Node;

  activate(x: Node): Node {
    return this.#places === "everyRelu" ? this.#masked(relu(x)) : relu(x);
  }

  dropout(x: Node): Node {
    return this.#places === "nowhere" ? x : this.#masked(x);
  }

  withoutCopies(x: Node): Node {
    const starts = x.shape.map(() => 0);
    return this.#copies === 1 ? x : slice(x, starts, x.shape.with(0, 1));
  }

  /** How many images' worth of numbers x [N, C, H, W] stands for. */
  protected imagesOf(x: Node): number {
    const images = at(x.shape, 0);
    return images === 1 ? this.#copies : images;
  }

  #masked(x: Node): Node {
    const name = `${MASK_PREFIX}${this.masks.size}`;
    const shape = x.shape.with(0, this.imagesOf(x));
    this.masks.set(name, shape);
    return mul(x, input(name, shape));
  }
}

/**
 * Evaluation: running statistics and the batch's own, interpolated separately by alpha, clamped to 0..1. Source: spec "2. SaN layer".
 * The squared difference of the means does not enter the mixed variance.
 */
export class EvaluationScope extends InputScope {
  readonly #mixesStatistics: boolean;

  /** @param mixesStatistics  false when alpha is 0 in every layer: the batch's own statistics are then not computed */
  constructor(mixesStatistics: boolean, places: DropoutPlaces = "nowhere") {
    super(places, 1);
    this.#mixesStatistics = mixesStatistics;
  }

  normalize(x: Node, layer: string): Node {
    const channels = [at(x.shape, 1)];
    const keys = normKeys(layer);
    const { mean, variance } = this.#statistics(x, layer);
    const scale = div(this.parameter(keys.weight, channels), sqrt(add(variance, scalar(BATCH_NORM_EPSILON))));
    return channelAffine(x, scale, sub(this.parameter(keys.bias, channels), mul(mean, scale)));
  }

  #statistics(x: Node, layer: string): { mean: Node; variance: Node } {
    const channels = [at(x.shape, 1)];
    const keys = normKeys(layer);
    const running = { mean: this.parameter(keys.mean, channels), variance: this.parameter(keys.variance, channels) };
    if (!this.#mixesStatistics) return running;
    const batch = channelMoments(x);
    const alpha = maximum(minimum(this.parameter(keys.alpha, []), scalar(1)), scalar(0));
    return { mean: mixed(running.mean, batch.mean, alpha), variance: mixed(running.variance, batch.variance, alpha) };
  }
}

function mixed(running: Node, batch: Node, alpha: Node): Node {
  return add(mul(sub(scalar(1), alpha), running), mul(alpha, batch));
}

/** What one normalisation layer saw in a training pass: float32 [C] each; the variance is the unbiased one. */
export interface BatchStatistics {
  readonly mean: Node;
  readonly unbiasedVariance: Node;
}

export interface TrainingScopeOptions {
  readonly places?: DropoutPlaces;
  /**
   * 2 where a lone image is trained on as a pair of copies, of which the first one's result counts. Up to the first dropout
   * both are the same, so that one is computed: its mean and biased variance are the pair's, and so are the gradients,
   * summed over both. Only the unbiased variance needs the count. Source: spec "9. Gotchas", 17.
   */
  readonly copies?: 1 | 2;
}

/**
 * Training: plain batch normalisation by the batch's own statistics; alpha is not used. Collects each layer's
 * statistics, by layer, for the update of the running ones. Source: spec "2. SaN layer", "Train (alpha not trainable)".
 */
export class TrainingScope extends InputScope {
  readonly statistics = new Map<string, BatchStatistics>();

  constructor({ places = "ownLayers", copies = 1 }: TrainingScopeOptions = {}) {
    super(places, copies);
  }

  normalize(x: Node, layer: string): Node {
    const channels = at(x.shape, 1);
    const keys = normKeys(layer);
    const { mean, variance } = channelMoments(x);
    const count = (elementCount(x.shape) / at(x.shape, 0) / channels) * this.imagesOf(x);
    this.statistics.set(layer, { mean, unbiasedVariance: mul(variance, scalar(count / (count - 1))) });
    const weight = this.parameter(keys.weight, [channels]);
    return batchNorm(x, weight, this.parameter(keys.bias, [channels]), mean, variance, BATCH_NORM_EPSILON);
  }
}

/** Lists the keys a model asks for, with shapes and in order, by building it once. */
export class ListingScope implements ModelScope {
  readonly keys = new Map<string, Shape>();

  parameter(key: string, shape: Shape): Node {
    this.keys.set(key, shape);
    return input(key, shape);
  }

  normalize(x: Node, layer: string): Node {
    const channels = [at(x.shape, 1)];
    const keys = normKeys(layer);
    this.keys.set(keys.alpha, []);
    for (const key of [keys.weight, keys.bias, keys.mean, keys.variance]) this.keys.set(key, channels);
    this.keys.set(keys.count, []);
    return x;
  }

  activate(x: Node): Node {
    return x;
  }

  dropout(x: Node): Node {
    return x;
  }

  withoutCopies(x: Node): Node {
    return x;
  }
}
