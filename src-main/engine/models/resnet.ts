// The ResNet backbone with dilated late layers: stem and four layers of residual blocks.
import { at } from "../graph/node.ts";
import { add } from "../graph/ops/add.ts";
import { conv } from "../graph/ops/conv.ts";
import { maxPool } from "../graph/ops/max-pool.ts";
import { relu } from "../graph/ops/relu.ts";
import type { Node } from "../graph/types.ts";
import type { Stage } from "./architecture.ts";
import type { ModelScope } from "./model-scope.ts";

export interface ResnetConfig {
  /** Residual blocks of layer1 to layer4. */
  readonly blocks: readonly [number, number, number, number];
  /** Bottleneck blocks (1x1, 3x3, 1x1) or basic ones (3x3, 3x3). */
  readonly block: "bottleneck" | "basic";
  /** Channels of the stem and of layer1's inner convolutions; 64 in the originals. */
  readonly width: number;
}

/** A block's stride and dilation, on its (first) 3x3 convolution. */
interface Spacing {
  readonly stride: number;
  readonly dilation: number;
}

/** Stride and dilation of the first block of a layer, and of the others. Source: spec "1.2 DeepLabv1", second table. */
const LAYERS: readonly { first: Spacing; rest: Spacing }[] = [
  { first: { stride: 1, dilation: 1 }, rest: { stride: 1, dilation: 1 } },
  { first: { stride: 2, dilation: 1 }, rest: { stride: 1, dilation: 1 } },
  { first: { stride: 1, dilation: 1 }, rest: { stride: 1, dilation: 2 } },
  { first: { stride: 1, dilation: 1 }, rest: { stride: 1, dilation: 4 } },
];

/** Channels that leave the backbone. */
export function resnetOutputChannels({ block, width }: ResnetConfig): number {
  return width * 8 * expansion(block);
}

/** Stem, layer1 … layer4, under keys `backbone.*`; output stride 8. Source: spec "1.2 DeepLabv1". */
export function resnetStages(config: ResnetConfig): Stage[] {
  const layers = LAYERS.map((spacing, index): Stage => {
    const name = `layer${index + 1}`;
    return {
      name,
      apply: (scope, features) => [layer(scope, at(features, 0), config, index, `backbone.${name}`, spacing)],
    };
  });
  return [{ name: "stem", apply: (scope, features) => [stem(scope, at(features, 0), config.width)] }, ...layers];
}

function stem(scope: ModelScope, image: Node, width: number): Node {
  const weight = scope.parameter("backbone.conv1.weight", [width, 3, 7, 7]);
  const wide = conv(image, weight, { strides: [2, 2], pads: [3, 3, 3, 3] });
  const active = relu(scope.normalize(wide, "backbone.bn1"));
  return maxPool(active, { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
}

function layer(
  scope: ModelScope,
  x: Node,
  config: ResnetConfig,
  index: number,
  key: string,
  spacing: { first: Spacing; rest: Spacing },
): Node {
  const width = config.width * 2 ** index;
  const residual = config.block === "bottleneck" ? bottleneck : basicBlock;
  const count = at(config.blocks, index);
  return Array.from({ length: count }).reduce<Node>((features, _, block) => {
    const blockKey = `${key}.${block}`;
    const blockSpacing = block === 0 ? spacing.first : spacing.rest;
    const inner = residual(scope, features, width, blockKey, blockSpacing);
    return relu(add(inner, shortcut(scope, features, at(inner.shape, 1), blockKey, blockSpacing.stride)));
  }, x);
}

function bottleneck(scope: ModelScope, x: Node, width: number, key: string, spacing: Spacing): Node {
  const narrow = relu(convNorm(scope, x, width, 1, { stride: 1, dilation: 1 }, `${key}.conv1`, `${key}.bn1`));
  const spatial = relu(convNorm(scope, narrow, width, 3, spacing, `${key}.conv2`, `${key}.bn2`));
  const wide = width * expansion("bottleneck");
  return convNorm(scope, spatial, wide, 1, { stride: 1, dilation: 1 }, `${key}.conv3`, `${key}.bn3`);
}

function basicBlock(scope: ModelScope, x: Node, width: number, key: string, spacing: Spacing): Node {
  const first = relu(convNorm(scope, x, width, 3, spacing, `${key}.conv1`, `${key}.bn1`));
  return convNorm(scope, first, width, 3, { stride: 1, dilation: spacing.dilation }, `${key}.conv2`, `${key}.bn2`);
}

/** The input itself, or its projection where size or channels change (in bottleneck nets the first block of every layer). */
function shortcut(scope: ModelScope, x: Node, channels: number, key: string, stride: number): Node {
  if (stride === 1 && at(x.shape, 1) === channels) return x;
  return convNorm(scope, x, channels, 1, { stride, dilation: 1 }, `${key}.downsample.0`, `${key}.downsample.1`);
}

/** Convolution without bias, padded to keep the size at stride 1, then normalisation. */
function convNorm(
  scope: ModelScope,
  x: Node,
  channels: number,
  kernel: 1 | 3,
  { stride, dilation }: Spacing,
  convKey: string,
  normKey: string,
): Node {
  const weight = scope.parameter(`${convKey}.weight`, [channels, at(x.shape, 1), kernel, kernel]);
  const reach = kernel === 1 ? 0 : dilation;
  const strides = [stride, stride] as const;
  const spread = kernel === 1 ? 1 : dilation;
  const y = conv(x, weight, { strides, pads: [reach, reach, reach, reach], dilations: [spread, spread] });
  return scope.normalize(y, normKey);
}

function expansion(block: ResnetConfig["block"]): number {
  return block === "bottleneck" ? 4 : 1;
}
