// The residual blocks that ResNet and HRNet are made of, and convolution with normalisation.
import { at } from "../graph/node.ts";
import { add } from "../graph/ops/add.ts";
import { conv } from "../graph/ops/conv.ts";
import { reshape } from "../graph/ops/reshape.ts";
import type { Node } from "../graph/types.ts";
import type { ModelScope } from "./model-scope.ts";

/**
 * Bottleneck blocks (1x1, 3x3, 1x1) or basic ones (3x3, 3x3). A stride is in the 3x3 convolution, or in early bottlenecks, as
 * in those of He et al. (CVPR 2016), in the first one. Weights fit either way.
 */
export type BlockKind = "bottleneck" | "earlyBottleneck" | "basic";

/** Stride and dilation of a convolution; in a block those of its (first) 3x3 one, unless its kind strides earlier. */
export interface Spacing {
  readonly stride: number;
  readonly dilation: number;
}

export const DENSE: Spacing = { stride: 1, dilation: 1 };
export const HALVING: Spacing = { stride: 2, dilation: 1 };

/** How many times a block's output has the channels of its inner convolutions. */
export function expansion(kind: BlockKind): number {
  return kind === "basic" ? 1 : 4;
}

/** ReLU(residual + shortcut). Source: spec "1.2 DeepLabv1", bottleneck block, and "1.4 HRNet-W18", basic block. */
export function residualBlock(
  scope: ModelScope,
  x: Node,
  kind: BlockKind,
  width: number,
  key: string,
  spacing: Spacing,
): Node {
  const residual =
    kind === "basic" ? basicBlock(scope, x, width, key, spacing) : bottleneck(scope, x, kind, width, key, spacing);
  return scope.activate(add(residual, shortcut(scope, x, width * expansion(kind), key, spacing.stride)));
}

function bottleneck(
  scope: ModelScope,
  x: Node,
  kind: "bottleneck" | "earlyBottleneck",
  width: number,
  key: string,
  { stride, dilation }: Spacing,
): Node {
  const [first, second] = kind === "bottleneck" ? [1, stride] : [stride, 1];
  const point = { stride: first, dilation: 1 };
  const narrow = scope.activate(convNorm(scope, x, width, 1, point, `${key}.conv1`, `${key}.bn1`));
  const wide = { stride: second, dilation };
  const spatial = scope.activate(convNorm(scope, narrow, width, 3, wide, `${key}.conv2`, `${key}.bn2`));
  return convNorm(scope, spatial, width * expansion(kind), 1, DENSE, `${key}.conv3`, `${key}.bn3`);
}

function basicBlock(scope: ModelScope, x: Node, width: number, key: string, spacing: Spacing): Node {
  const first = scope.activate(convNorm(scope, x, width, 3, spacing, `${key}.conv1`, `${key}.bn1`));
  const dense = { stride: 1, dilation: spacing.dilation };
  return convNorm(scope, first, width, 3, dense, `${key}.conv2`, `${key}.bn2`);
}

/** The input itself, or its projection where size or channels change (in bottleneck nets the first block of every layer). */
function shortcut(scope: ModelScope, x: Node, channels: number, key: string, stride: number): Node {
  if (stride === 1 && at(x.shape, 1) === channels) return x;
  return convNorm(scope, x, channels, 1, { stride, dilation: 1 }, `${key}.downsample.0`, `${key}.downsample.1`);
}

/** Convolution without bias, padded to keep the size at stride 1, then normalisation. */
export function convNorm(
  scope: ModelScope,
  x: Node,
  channels: number,
  kernel: 1 | 3,
  spacing: Spacing,
  convKey: string,
  normKey: string,
): Node {
  const weight = scope.parameter(`${convKey}.weight`, [channels, at(x.shape, 1), kernel, kernel]);
  return scope.normalize(paddedConv(x, weight, spacing), normKey);
}

function paddedConv(x: Node, weight: Node, { stride, dilation }: Spacing): Node {
  const kernel = at(weight.shape, 2);
  const reach = (dilation * (kernel - 1)) / 2;
  const spread = kernel === 1 ? 1 : dilation;
  return conv(x, weight, {
    strides: [stride, stride],
    pads: [reach, reach, reach, reach],
    dilations: [spread, spread],
  });
}

/** 1x1 convolution with bias, under `KEY.weight` and `KEY.bias`. */
export function pointConv(scope: ModelScope, x: Node, channels: number, key: string): Node {
  return biasedConv(scope, x, channels, 1, DENSE, key);
}

/** Convolution with bias, padded to keep the size at stride 1, under `KEY.weight` and `KEY.bias`. */
export function biasedConv(
  scope: ModelScope,
  x: Node,
  channels: number,
  kernel: 1 | 3 | 7,
  spacing: Spacing,
  key: string,
): Node {
  const weight = scope.parameter(`${key}.weight`, [channels, at(x.shape, 1), kernel, kernel]);
  const bias = scope.parameter(`${key}.bias`, [channels]);
  return add(paddedConv(x, weight, spacing), reshape(bias, [1, channels, 1, 1]));
}
