// Atrous spatial pyramid pooling as in DeepLabv3 and v3+: at several rates, and over the whole image.
import { at } from "../graph/node.ts";
import { concat } from "../graph/ops/concat.ts";
import { expand } from "../graph/ops/expand.ts";
import { reduceMean } from "../graph/ops/reduce-mean.ts";
import type { Node } from "../graph/types.ts";
import { DROPOUT_RATE, type ModelScope } from "./model-scope.ts";
import { convNorm, DENSE, type Spacing } from "./residual-blocks.ts";

/** Dilations of the three 3x3 branches, for output stride 8. */
const RATES = [12, 24, 36] as const;

/**
 * Five views of the features at different reach, joined and reduced; a dropout follows. Its keys are torchvision's: `KEY.convs`
 * and `KEY.project`. Source: spec "1.3 DeepLabv3+"; torchvision, `models/segmentation/deeplabv3.py`.
 *
 * @param x        float32 [N, C, h, w]
 * @param dropout  share of elements that is dropped
 * @returns        float32 [N, width, h, w]
 */
export function pooledPyramid(
  scope: ModelScope,
  x: Node,
  width: number,
  key: string,
  dropout: number = DROPOUT_RATE,
): Node {
  const branch = `${key}.convs`;
  const branches = [
    convNormRelu(scope, x, width, 1, DENSE, `${branch}.0.0`, `${branch}.0.1`),
    ...RATES.map((dilation, k) => {
      const spacing = { stride: 1, dilation };
      return convNormRelu(scope, x, width, 3, spacing, `${branch}.${k + 1}.0`, `${branch}.${k + 1}.1`);
    }),
    pooled(scope, x, width, `${branch}.4`),
  ];
  const joined = convNormRelu(scope, concat(branches, 1), width, 1, DENSE, `${key}.project.0`, `${key}.project.1`);
  return scope.dropout(joined, dropout);
}

/** One number a channel for the whole image, spread over it again. */
function pooled(scope: ModelScope, x: Node, width: number, key: string): Node {
  // Index 0 in the keys is the pooling.
  const point = convNormRelu(scope, reduceMean(x, [2, 3], true), width, 1, DENSE, `${key}.1`, `${key}.2`);
  return expand(point, [at(point.shape, 0), width, at(x.shape, 2), at(x.shape, 3)]);
}

/** ReLU(BN(convolution)) under keys of their own. @param x  float32 [N, C, h, w] */
export function convNormRelu(
  scope: ModelScope,
  x: Node,
  channels: number,
  kernel: 1 | 3,
  spacing: Spacing,
  convKey: string,
  normKey: string,
): Node {
  return scope.activate(convNorm(scope, x, channels, kernel, spacing, convKey, normKey));
}
