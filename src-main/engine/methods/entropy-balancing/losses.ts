// The losses of DAFormer and of entropy balancing, as graph.
import { classTargetsOverAll } from "../../graph/functions/class-targets.ts";
import { crossEntropy } from "../../graph/functions/cross-entropy.ts";
import { at } from "../../graph/node.ts";
import { scalar } from "../../graph/ops/constant.ts";
import { log } from "../../graph/ops/log.ts";
import { maximum } from "../../graph/ops/maximum.ts";
import { minimum } from "../../graph/ops/minimum.ts";
import { mul } from "../../graph/ops/mul.ts";
import { neg } from "../../graph/ops/neg.ts";
import { reduceMean } from "../../graph/ops/reduce-mean.ts";
import { reduceSum } from "../../graph/ops/reduce-sum.ts";
import { softmax } from "../../graph/ops/softmax.ts";
import { sqrt } from "../../graph/ops/sqrt.ts";
import { sub } from "../../graph/ops/sub.ts";
import type { Node } from "../../graph/types.ts";

/** PyTorch's bound of probabilities of a distribution in float32. */
const SMALLEST_PROBABILITY = 2 ** -23;
/** A squared length below it counts as none: the length's slope there is taken for 0, as PyTorch takes it. */
const NO_LENGTH = 1e-30;

/**
 * Mean over all pixels, ignored ones included in their number. Source: spec "6. Segmentor wrapper".
 *
 * @param logits   float32 [N, K, H, W]
 * @param labels   int32 [N, 1, H, W]; what is no class is ignored
 * @param weights  float32 [N, 1, H, W]
 */
export function weightedCrossEntropy(logits: Node, labels: Node, weights: Node): Node {
  return crossEntropy(logits, mul(classTargetsOverAll(labels, at(logits.shape, 1)), weights));
}

/** Of each pixel's classes, in nats. @param logits  float32 [N, K, H, W] @returns float32 [N, 1, H, W] */
export function entropyOf(logits: Node): Node {
  const p = softmax(logits, 1);
  const bounded = minimum(maximum(p, scalar(SMALLEST_PROBABILITY)), scalar(1 - SMALLEST_PROBABILITY));
  return neg(reduceSum(mul(p, log(bounded)), [1], true));
}

/**
 * weight · mean((H − target)²) over all pixels. Source: spec "7.6 Entropy balance loss".
 *
 * @param entropy  float32 [N, 1, H, W]
 * @param target   float32 []: the balance point, in nats
 */
export function entropyBalance(entropy: Node, target: Node, weight: number): Node {
  const off = sub(entropy, target);
  return mul(scalar(weight), reduceMean(mul(off, off), [0, 1, 2, 3]));
}

/**
 * weight · Σ share · ‖F − G‖₂ along the channels. Source: spec "7.7 Thing-class ImageNet feature distance".
 *
 * @param features  float32 [N, C, h, w], F
 * @param frozen    G, of the same shape
 * @param shares    float32 [N, 1, h, w]: 1 / count at each of the cells that count, 0 elsewhere
 */
export function featureDistance(features: Node, frozen: Node, shares: Node, weight: number): Node {
  const off = sub(features, frozen);
  const length = sqrt(maximum(reduceSum(mul(off, off), [1], true), scalar(NO_LENGTH)));
  return mul(scalar(weight), reduceSum(mul(length, shares), [0, 1, 2, 3]));
}
