// The ResNet backbone with dilated late layers: stem and four layers of residual blocks.
import { at } from "../graph/node.ts";
import { conv } from "../graph/ops/conv.ts";
import { maxPool } from "../graph/ops/max-pool.ts";
import type { Node } from "../graph/types.ts";
import type { Stage } from "./architecture.ts";
import type { ModelScope } from "./model-scope.ts";
import { type BlockKind, DENSE, expansion, HALVING, residualBlock, type Spacing } from "./residual-blocks.ts";

export interface ResnetConfig {
  /** Residual blocks of layer1 to layer4. */
  readonly blocks: readonly [number, number, number, number];
  readonly block: BlockKind;
  /** Channels of the stem and of layer1's inner convolutions; 64 in the originals. */
  readonly width: number;
}

/** Where the backbone stands in a network. */
export interface ResnetPlace {
  /** What its keys begin with: `backbone`, `model.backbone` or `model`; "" where nothing stands before them. */
  readonly key: string;
  /** Dilations of the first blocks of layer3 and layer4. Weights fit either way. Source: spec "9. Gotchas", 12. */
  readonly firstDilations: readonly [layer3: number, layer4: number];
  /** Whether the stem's pooling rounds its size up. */
  readonly ceilMode: boolean;
}

/** Stride and dilation of the first block of a layer, and of the others. Source: spec "1.2" and "1.3", tables of dilations. */
function layerSpacings([layer3, layer4]: ResnetPlace["firstDilations"]): readonly {
  readonly first: Spacing;
  readonly rest: Spacing;
}[] {
  return [
    { first: DENSE, rest: DENSE },
    { first: HALVING, rest: DENSE },
    { first: { stride: 1, dilation: layer3 }, rest: { stride: 1, dilation: 2 } },
    { first: { stride: 1, dilation: layer4 }, rest: { stride: 1, dilation: 4 } },
  ];
}

/** Channels that leave a layer, 1 to 4. */
export function resnetChannels({ block, width }: ResnetConfig, layer: number): number {
  return width * 2 ** (layer - 1) * expansion(block);
}

/** Stem, layer1 … layer4; output stride 8. Feature maps beside the first are passed on as they are. */
export function resnetStages(config: ResnetConfig, place: ResnetPlace): Stage[] {
  const first: Stage = { name: "stem", apply: (scope, [image]) => [stem(scope, image, config.width, place)] };
  return [first, ...resnetLayers(config, place)];
}

/** layer1 … layer4 alone. */
export function resnetLayers(
  config: ResnetConfig,
  { key, firstDilations }: Pick<ResnetPlace, "key" | "firstDilations">,
): Stage[] {
  return layerSpacings(firstDilations).map((spacing, index): Stage => {
    const name = `layer${index + 1}`;
    return {
      name,
      apply: (scope, [x, ...others]) => [layer(scope, x, config, index, keyIn(key, name), spacing), ...others],
    };
  });
}

/** Whether a parameter of the backbone stays as it is. Source: spec "4.7 Freezing", ResNet models. */
export function isFrozenInResnet(key: string, backbone: string, layers: readonly number[]): boolean {
  const parts = ["conv1", "bn1", ...layers.map((layer) => `layer${layer}`)];
  return parts.some((part) => key.startsWith(`${keyIn(backbone, part)}.`));
}

/**
 * `KEY.layer1.0.bn1.weight` is layer1.0.bn1.weight in torchvision's files, and so is `KEY.layer1.0.bn1.batch_norm.weight`.
 *
 * @param backbone  what the keys of the network's ResNet begin with
 */
export function imagenetKeyOfResnet(key: string, backbone: string): string | null {
  const before = keyIn(backbone, "");
  return key.startsWith(before) ? key.slice(before.length).replace(".batch_norm.", ".") : null;
}

/** The key of a part of the network that has this one. */
export function keyIn(network: string, part: string): string {
  return network === "" ? part : `${network}.${part}`;
}

function stem(scope: ModelScope, image: Node, width: number, { key, ceilMode }: ResnetPlace): Node {
  const weight = scope.parameter(keyIn(key, "conv1.weight"), [width, 3, 7, 7]);
  const wide = conv(image, weight, { strides: [2, 2], pads: [3, 3, 3, 3] });
  const active = scope.activate(scope.normalize(wide, keyIn(key, "bn1")));
  return maxPool(active, { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceilMode });
}

function layer(
  scope: ModelScope,
  x: Node,
  { width, block: kind, blocks }: ResnetConfig,
  index: number,
  key: string,
  spacing: { first: Spacing; rest: Spacing },
): Node {
  return Array.from({ length: at(blocks, index) }).reduce<Node>((features, _, block) => {
    const blockSpacing = block === 0 ? spacing.first : spacing.rest;
    return residualBlock(scope, features, kind, width * 2 ** index, `${key}.${block}`, blockSpacing);
  }, x);
}
