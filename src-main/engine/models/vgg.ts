// The VGG-16 backbone with batch normalisation: five groups of 3x3 convolutions, most of them followed by a pooling.
import { at } from "../graph/node.ts";
import { maxPool } from "../graph/ops/max-pool.ts";
import type { Node } from "../graph/types.ts";
import { type Stage, stageKeys } from "./architecture.ts";
import type { ModelScope } from "./model-scope.ts";
import { biasedConv } from "./residual-blocks.ts";

/** How a network uses one of the five groups. */
export interface VggGroup {
  /** What its keys begin with; behind it stands the place of the layer in torchvision's list. */
  readonly prefix: string;
  readonly dilation: number;
  /** Without its pooling, the places of all later layers are one less than torchvision's. */
  readonly isPooled: boolean;
}

/** Convolutions of each group, and their channels in units of the first one's. */
const GROUPS = [
  { convolutions: 2, factor: 1 },
  { convolutions: 2, factor: 2 },
  { convolutions: 3, factor: 4 },
  { convolutions: 3, factor: 8 },
  { convolutions: 3, factor: 8 },
] as const;
/** Convolution, normalisation and ReLU. */
const PLACES = 3;

/** Channels that leave the last group. */
export function vggChannels(width: number): number {
  return width * GROUPS[4].factor;
}

/**
 * The groups as stages conv1 … conv5. Feature maps beside the first are passed on as they are.
 * Source: spec of DA-SAC, "3.2 DeepLabv2 / VGG-16-BN" and "3.3 FCN-8s / VGG-16-BN"; Simonyan and Zisserman, ICLR 2015, table 1.
 *
 * @param width  channels of the first group; 64 in the original
 */
export function vggStages(width: number, groups: readonly [VggGroup, VggGroup, VggGroup, VggGroup, VggGroup]): Stage[] {
  let place = 0;
  return groups.map((group, index): Stage => {
    const { convolutions, factor } = at(GROUPS, index);
    const first = place;
    place += PLACES * convolutions + (group.isPooled ? 1 : 0);
    const places = Array.from({ length: convolutions }, (_, k) => first + PLACES * k);
    return {
      name: `conv${index + 1}`,
      apply: (scope, [x, ...others]) => [convolved(scope, x, width * factor, group, places), ...others],
    };
  });
}

/** How many stages come before those of the head. */
export const VGG_STAGES = GROUPS.length;

function convolved(
  scope: ModelScope,
  x: Node,
  channels: number,
  { prefix, dilation, isPooled }: VggGroup,
  places: readonly number[],
): Node {
  const active = places.reduce((features, place) => {
    const convolution = biasedConv(scope, features, channels, 3, { stride: 1, dilation }, `${prefix}.${place}`);
    return scope.activate(scope.normalize(convolution, `${prefix}.${place + 1}`));
  }, x);
  return isPooled ? maxPool(active, { kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] }) : active;
}

/** Whether a parameter is one of the groups with these numbers, from 1. */
export function frozenInVgg(stages: readonly Stage[]): (key: string, layers: readonly number[]) => boolean {
  const groups = stageKeys({ stages, normalization: "plain" }).slice(0, VGG_STAGES);
  return (key, layers) => groups.some((keys, index) => layers.includes(index + 1) && keys.has(key));
}
