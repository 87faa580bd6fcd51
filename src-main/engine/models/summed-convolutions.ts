// DeepLabv2's head: convolutions of several reaches side by side, summed.
import { add } from "../graph/ops/add.ts";
import type { Node } from "../graph/types.ts";
import type { ModelScope } from "./model-scope.ts";
import { biasedConv } from "./residual-blocks.ts";

/** Dilations of the branches. Source: spec of DA-SAC, "3.1 DeepLabv2 / ResNet-101". */
const RATES = [6, 12, 18, 24] as const;

/**
 * The logits, float32 [N, K, h, w]: the sum of 3x3 convolutions under `KEY.conv2d_list.0` to `3`.
 *
 * @param x         float32 [N, C, h, w]
 * @param branches  how many of the four are summed; the others are parameters that nothing is computed with
 */
export function summedConvolutions(scope: ModelScope, x: Node, numClasses: number, key: string, branches = 4): Node {
  return RATES.map((dilation, k) =>
    biasedConv(scope, x, numClasses, 3, { stride: 1, dilation }, `${key}.conv2d_list.${k}`),
  )
    .slice(0, branches)
    .reduce((sum, branch) => add(sum, branch));
}
