// Label maps as targets of the cross-entropy: one-hot, ignored pixels zero, each counted pixel with its share.
import { cast } from "../ops/cast.ts";
import { constant } from "../ops/constant.ts";
import { div } from "../ops/div.ts";
import { equal } from "../ops/equal.ts";
import { reduceSum } from "../ops/reduce-sum.ts";
import type { Node } from "../types.ts";

/**
 * @param labels      int32 [N, 1, H, W]; every value outside 0..K−1 is ignored
 * @param numClasses  K
 * @returns           float32 [N, K, H, W], each one-hot divided by the number of pixels that count; NaN when none does
 */
export function classTargets(labels: Node, numClasses: number): Node {
  const classes = constant(
    Int32Array.from({ length: numClasses }, (_, k) => k),
    [1, numClasses, 1, 1],
  );
  const oneHot = cast(equal(labels, classes), "float32");
  return div(oneHot, reduceSum(oneHot, [0, 1, 2, 3]));
}
