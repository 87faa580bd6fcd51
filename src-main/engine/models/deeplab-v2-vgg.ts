// DeepLabv2 on a VGG-16: two poolings left out, dilated convolutions instead, and four summed heads.

import type { Node, Shape } from "../graph/types.ts";
import { type Architecture, allKeys, type Stage } from "./architecture.ts";
import { type InitialValues, isBias, normalByOutputs, uniformByInputs, ZEROS } from "./initial-values.ts";
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
/** What were VGG's fully connected layers, and their dilation. */
const LATE_LAYERS = ["features.42", "features.44"];
const LATE_DILATION = 4;
const CLASSIFIER = "classifier.";
/** Standard deviation of the classifier's weights. */
const CLASSIFIER_DEVIATION = 0.01;
/** The first place behind torchvision's pooling 33, which is left out here. */
const FIRST_SHIFTED = 33;

/** Source: spec of DA-SAC, "3.2 DeepLabv2 / VGG-16-BN", init; the backbone as torchvision's own. */
function initialValues(key: string, weight: Shape): InitialValues {
  const isClassifier = key.startsWith(CLASSIFIER);
  if (isClassifier && !isBias(key)) return { deviation: CLASSIFIER_DEVIATION };
  if (isClassifier || isLate(key)) return uniformByInputs(weight);
  return isBias(key) ? ZEROS : normalByOutputs(weight);
}

function isLate(key: string): boolean {
  return LATE_LAYERS.some((layer) => key.startsWith(`${layer}.`));
}

function imagenetKey(key: string): string | null {
  const [, place, parameter] = /^features\.(\d+)\.(.*)$/.exec(key) ?? [];
  if (place === undefined || isLate(key)) return null;
  return `features.${Number(place) + (Number(place) >= FIRST_SHIFTED ? 1 : 0)}.${parameter}`;
}

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
    newLayers: [...LATE_LAYERS.map((key) => `${key}.`), CLASSIFIER],
    initialValues,
    imagenetKey,
    layersOption: "vggLayers",
    isFrozen: frozenInVgg(stages),
  };
}

/** fc6 and fc7, which have no normalisation. */
function lateLayers(scope: ModelScope, x: Node, channels: number): Node {
  return LATE_LAYERS.reduce(
    (features, key) =>
      scope.activate(biasedConv(scope, features, channels, 3, { stride: 1, dilation: LATE_DILATION }, key)),
    x,
  );
}
