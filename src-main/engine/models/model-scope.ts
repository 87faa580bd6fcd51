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
import { sqrt } from "../graph/ops/sqrt.ts";
import { sub } from "../graph/ops/sub.ts";
import type { Node, Shape } from "../graph/types.ts";

/** Added to variances under the root, as in every layer of the original. */
export const BATCH_NORM_EPSILON = 1e-5;
/** Share of the newest statistics in a running-statistics update. */
export const BATCH_NORM_MOMENTUM = 0.1;

/** What a model asks for while it is built. Names are those of the original state dict. */
export interface ModelScope {
  /** A parameter by its key in the state dict. */
  parameter(key: string, shape: Shape): Node;
  /** The SelfAdaptiveNormalization layer of this name, applied to x [N, C, H, W]. */
  normalize(x: Node, layer: string): Node;
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

/** Parameters as graph inputs named by their keys; one input a key. */
abstract class InputScope implements ModelScope {
  readonly parameters = new Map<string, Node>();

  parameter(key: string, shape: Shape): Node {
    const known = this.parameters.get(key) ?? input(key, shape);
    this.parameters.set(key, known);
    return known;
  }

  abstract normalize(x: Node, layer: string): Node;
}

/**
 * Evaluation: running statistics and the batch's own, interpolated separately by alpha, clamped to 0..1. Source: spec "2. SaN layer".
 * The squared difference of the means does not enter the mixed variance.
 */
export class EvaluationScope extends InputScope {
  readonly #mixesStatistics: boolean;

  /** @param mixesStatistics  false when alpha is 0 in every layer: the batch's own statistics are then not computed */
  constructor(mixesStatistics: boolean) {
    super();
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

/**
 * Training: plain batch normalisation by the batch's own statistics; alpha is not used. Collects each layer's
 * statistics, by layer, for the update of the running ones. Source: spec "2. SaN layer", "Train (alpha not trainable)".
 */
export class TrainingScope extends InputScope {
  readonly statistics = new Map<string, BatchStatistics>();

  normalize(x: Node, layer: string): Node {
    const channels = at(x.shape, 1);
    const keys = normKeys(layer);
    const { mean, variance } = channelMoments(x);
    const count = elementCount(x.shape) / channels;
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
}
