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
import { BATCH_NORM_EPSILON, type NormalizationFlavour, normKeys } from "./normalization.ts";

/** Share of the elements, or channels, that dropout sets to zero, wherever there is one. Source: spec "1.3" and "1.7". */
export const DROPOUT_RATE = 0.1;
/** Before the number of a dropout mask among a graph's inputs. */
export const MASK_PREFIX = "dropout.";

/**
 * Where dropout is active: nowhere; in the layers that the network always has; or in those and behind every ReLU, as in
 * networks built with the original's `--dropout`. Source: spec "1.7 MC-Dropout variant".
 */
export type DropoutPlaces = "nowhere" | "ownLayers" | "everyRelu";

/** What a random mask, a graph input, is to hold: 0 in this share of its elements, 1 / (1 − rate) in the others. */
export interface DropoutMask {
  /** [N, C, H, W] where elements are dropped, [N, C, 1, 1] where whole channels are, [N, 1, 1] where branches are. */
  readonly shape: Shape;
  readonly rate: number;
}

/** What a model asks for while it is built. Names are those of the original state dict. */
export interface ModelScope {
  /** A parameter by its key in the state dict. */
  parameter(key: string, shape: Shape): Node;
  /** The normalisation layer of this name, applied to x [N, C, H, W]. */
  normalize(x: Node, layer: string): Node;
  /** ReLU. */
  activate(x: Node): Node;
  /** A dropout layer that the network always has. @param rate  share of elements that is dropped */
  dropout(x: Node, rate?: number): Node;
  /** One that drops whole channels of an image. */
  channelDropout(x: Node): Node;
  /** A branch x [N, rows, C] left out of a share of the images: stochastic depth. A rate of 0 is no layer. */
  dropPath(x: Node, rate: number): Node;
  /** x [N, C, H, W] without the second copy of a lone image, where training runs on two. */
  withoutCopies(x: Node): Node;
}

/**
 * By what normalisation layers normalise: the batch's own statistics, as in training; the running ones; or both, mixed
 * by each layer's alpha. Weights and biases of the layers have gradients in each case.
 */
export type StatisticsSource = "batch" | "running" | "mixed";

/** What one normalisation layer saw in a pass with the batch's statistics: float32 [C] each; the variance is the unbiased one. */
export interface BatchStatistics {
  readonly mean: Node;
  readonly unbiasedVariance: Node;
}

export interface ScopeOptions {
  readonly statistics: StatisticsSource;
  /** Nowhere, if not given. */
  readonly dropout?: DropoutPlaces;
  /**
   * 2 where a lone image is trained on as a pair of copies, of which the first one's result counts. Up to the first dropout
   * both are the same, so that one is computed: its mean and biased variance are the pair's, and so are the gradients,
   * summed over both. Only the unbiased variance needs the count. Source: spec "9. Gotchas", 17.
   */
  readonly copies?: 1 | 2;
}

/** Builds a pass through a network: what it learns, remembers and drops at random are graph inputs, one a name. */
export class GraphScope implements ModelScope {
  /** What the network learns, by key in the order of computation. */
  readonly parameters = new Map<string, Node>();
  /** Running statistics and alphas that the pass reads, by key; nothing learns them. */
  readonly buffers = new Map<string, Node>();
  /** Dropout masks by name, `dropout.K`, in the order of computation. */
  readonly masks = new Map<string, DropoutMask>();
  /** What each layer saw, by its name, where the pass normalises by the batch's statistics. Source: spec "2. SaN layer". */
  readonly statistics = new Map<string, BatchStatistics>();
  readonly flavour: NormalizationFlavour;
  readonly #source: StatisticsSource;
  readonly #places: DropoutPlaces;
  readonly #copies: 1 | 2;

  constructor(flavour: NormalizationFlavour, { statistics, dropout = "nowhere", copies = 1 }: ScopeOptions) {
    this.flavour = flavour;
    this.#source = statistics;
    this.#places = dropout;
    this.#copies = copies;
  }

  parameter(key: string, shape: Shape): Node {
    return namedInput(this.parameters, key, shape);
  }

  normalize(x: Node, layer: string): Node {
    return this.#source === "batch" ? this.#byBatch(x, layer) : this.#byRunning(x, layer);
  }

  activate(x: Node): Node {
    return this.#places === "everyRelu" ? this.#masked(relu(x), x.shape, DROPOUT_RATE) : relu(x);
  }

  dropout(x: Node, rate: number = DROPOUT_RATE): Node {
    return this.#places === "nowhere" ? x : this.#masked(x, x.shape, rate);
  }

  channelDropout(x: Node): Node {
    return this.#places === "nowhere" ? x : this.#masked(x, [at(x.shape, 0), at(x.shape, 1), 1, 1], DROPOUT_RATE);
  }

  dropPath(x: Node, rate: number): Node {
    return this.#places === "nowhere" || rate === 0 ? x : this.#masked(x, [at(x.shape, 0), 1, 1], rate);
  }

  withoutCopies(x: Node): Node {
    const starts = x.shape.map(() => 0);
    return this.#copies === 1 ? x : slice(x, starts, x.shape.with(0, 1));
  }

  #byBatch(x: Node, layer: string): Node {
    const channels = at(x.shape, 1);
    const keys = normKeys(layer, this.flavour);
    const { mean, variance } = channelMoments(x);
    const count = (elementCount(x.shape) / at(x.shape, 0) / channels) * this.#imagesOf(x);
    this.statistics.set(layer, { mean, unbiasedVariance: mul(variance, scalar(count / (count - 1))) });
    const weight = this.parameter(keys.weight, [channels]);
    return batchNorm(x, weight, this.parameter(keys.bias, [channels]), mean, variance, BATCH_NORM_EPSILON);
  }

  #byRunning(x: Node, layer: string): Node {
    const channels = [at(x.shape, 1)];
    const keys = normKeys(layer, this.flavour);
    const { mean, variance } = this.#statisticsOf(x, layer);
    const scale = div(this.parameter(keys.weight, channels), sqrt(add(variance, scalar(BATCH_NORM_EPSILON))));
    return channelAffine(x, scale, sub(this.parameter(keys.bias, channels), mul(mean, scale)));
  }

  /**
   * The running statistics, or these and the batch's own, interpolated separately by alpha, clamped to 0..1. The squared
   * difference of the means does not enter the mixed variance. Source: spec "2. SaN layer".
   */
  #statisticsOf(x: Node, layer: string): { mean: Node; variance: Node } {
    const channels = [at(x.shape, 1)];
    const keys = normKeys(layer, this.flavour);
    const [mean, variance] = [this.#buffer(keys.mean, channels), this.#buffer(keys.variance, channels)];
    if (this.#source === "running") return { mean, variance };
    const batch = channelMoments(x);
    const alpha = maximum(minimum(this.#buffer(keys.alpha, []), scalar(1)), scalar(0));
    return { mean: mixed(mean, batch.mean, alpha), variance: mixed(variance, batch.variance, alpha) };
  }

  #buffer(key: string, shape: Shape): Node {
    return namedInput(this.buffers, key, shape);
  }

  #masked(x: Node, shape: Shape, rate: number): Node {
    const name = `${MASK_PREFIX}${this.masks.size}`;
    const mask = { shape: shape.with(0, this.#imagesOf(x)), rate };
    this.masks.set(name, mask);
    return mul(x, input(name, mask.shape));
  }

  /** How many images' worth of numbers x [N, C, H, W] stands for. */
  #imagesOf(x: Node): number {
    const images = at(x.shape, 0);
    return images === 1 ? this.#copies : images;
  }
}

function namedInput(known: Map<string, Node>, key: string, shape: Shape): Node {
  const node = known.get(key) ?? input(key, shape);
  known.set(key, node);
  return node;
}

function mixed(running: Node, batch: Node, alpha: Node): Node {
  return add(mul(sub(scalar(1), alpha), running), mul(alpha, batch));
}

/** Lists the keys a model asks for, with shapes and in order, by building it once. */
export class ListingScope implements ModelScope {
  readonly keys = new Map<string, Shape>();
  readonly #flavour: NormalizationFlavour;

  constructor(flavour: NormalizationFlavour) {
    this.#flavour = flavour;
  }

  parameter(key: string, shape: Shape): Node {
    this.keys.set(key, shape);
    return input(key, shape);
  }

  normalize(x: Node, layer: string): Node {
    const channels = [at(x.shape, 1)];
    const keys = normKeys(layer, this.#flavour);
    if (this.#flavour === "adaptive") this.keys.set(keys.alpha, []);
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

  channelDropout(x: Node): Node {
    return x;
  }

  dropPath(x: Node): Node {
    return x;
  }

  withoutCopies(x: Node): Node {
    return x;
  }
}
