// Pixel-wise cross-entropy against a target distribution that also says how much each pixel counts.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import { logSoftmax } from "../ops/log-softmax.ts";
import { mul } from "../ops/mul.ts";
import { neg } from "../ops/neg.ts";
import { reduceSum } from "../ops/reduce-sum.ts";
import type { Node } from "../types.ts";

/**
 * −Σ target · log softmax(logits). With targets that are one-hot over the classes, zero where ignored and divided by the
 * number of pixels that count, this is PyTorch's mean cross-entropy with an ignore index.
 *
 * @param logits  float32 [N, K, H, W]
 * @param target  float32 [N, K, H, W]
 * @returns       float32 []
 */
export function crossEntropy(logits: Node, target: Node): Node {
  // A product would stretch one image's logits over all targets, and the loss would fall all the same.
  if (logits.shape.join() !== target.shape.join()) {
    throw new BugError(`cross-entropy of logits [${logits.shape}] and targets [${target.shape}]`);
  }
  return neg(reduceSum(mul(target, logSoftmax(logits, 1)), [0, 1, 2, 3]));
}
