// Label maps as targets of the cross-entropy: one-hot, ignored pixels zero, each pixel with its share of the mean.
import { elementCount } from "../node.ts";
import { cast } from "../ops/cast.ts";
import { constant, scalar } from "../ops/constant.ts";
import { div } from "../ops/div.ts";
import { equal } from "../ops/equal.ts";
import { mul } from "../ops/mul.ts";
import { reduceSum } from "../ops/reduce-sum.ts";
import type { Node } from "../types.ts";

/**
 * For the mean over the pixels that count.
 *
 * @param labels      int32 [N, 1, H, W]; every value outside 0..K−1 is ignored
 * @param numClasses  K
 * @returns           float32 [N, K, H, W], each one-hot divided by the number of pixels that count; NaN when none does
 */
export function classTargets(labels: Node, numClasses: number): Node {
  const oneHot = oneHotOf(labels, numClasses);
  return div(oneHot, reduceSum(oneHot, [0, 1, 2, 3]));
}

/** For the mean over all pixels: those that are ignored add nothing, but stay in the number that is divided by. */
export function classTargetsOverAll(labels: Node, numClasses: number): Node {
  return mul(oneHotOf(labels, numClasses), scalar(1 / elementCount(labels.shape)));
}

/** float32 [N, K, H, W]: 1 at each pixel's class, 0 elsewhere. @param labels  int32 [N, 1, H, W] */
export function oneHotOf(labels: Node, numClasses: number): Node {
  const classes = constant(
    Int32Array.from({ length: numClasses }, (_, k) => k),
    [1, numClasses, 1, 1],
  );
  return cast(equal(labels, classes), "float32");
}
