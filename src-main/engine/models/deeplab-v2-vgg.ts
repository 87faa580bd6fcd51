// DeepLabv2 on a VGG-16: two poolings left out, dilated convolutions instead, and four summed heads.

import type { Node } from "../graph/types.ts";
import { type Architecture, allKeys, type Stage } from "./architecture.ts";
import type { ModelScope } from "./model-scope.ts";
import { biasedConv } from "./residual-blocks.ts";
import { summedConvolutions } from "./summed-convolutions.ts";
import { frozenInVgg, type VggGroup, vggStages } from "./vgg.ts";

export interface VggConfig {
  readonly numClasses: number;
  /** Channels of the first convolutions; 64 in the original. */
  readonly width: number;
  /** Channels of the layers between backbone and classifier. */
  readonly headWidth: number;
}

const POOLED: VggGroup = { prefix: "features", dilation: 1, isPooled: true };
/** Dilation of what were VGG's fully connected layers. */
const LATE_DILATION = 4;

/** DeepLabv2 with output stride 8; 1024 channels in its late layers. Source: spec of DA-SAC, "3.2 DeepLabv2 / VGG-16-BN". */
export function deepLabV2Vgg({ numClasses, width, headWidth }: VggConfig): Architecture {
  const unpooled = { ...POOLED, isPooled: false };
  const late: Stage = { name: "fc", apply: (scope, [x]) => [lateLayers(scope, x, headWidth)] };
  const head: Stage = { name: "head", apply: (scope, [x]) => [summedConvolutions(scope, x, numClasses, "classifier")] };
  const stages = [...vggStages(width, [POOLED, POOLED, POOLED, unpooled, { ...unpooled, dilation: 2 }]), late, head];
  return {
    arch: "deeplabv2",
    backbone: "vgg16_bn",
    numClasses,
    stages,
    alignCorners: true,
    smallestSide: 8,
    coarsestStride: 15,
    copiesOfLoneImage: 1,
    keys: allKeys({ stages, normalization: "plain" }),
    normalization: "plain",
    newLayers: ["features.42.", "features.44.", "classifier."],
    layersOption: "vggLayers",
    isFrozen: frozenInVgg(stages),
  };
}

/** fc6 and fc7, which have no normalisation. */
function lateLayers(scope: ModelScope, x: Node, channels: number): Node {
  return ["features.42", "features.44"].reduce(
    (features, key) =>
      scope.activate(biasedConv(scope, features, channels, 3, { stride: 1, dilation: LATE_DILATION }, key)),
    x,
  );
}
