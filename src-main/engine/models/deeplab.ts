// DeepLabv1: a dilated ResNet and one 1x1 convolution on top.
import type { Shape } from "../graph/types.ts";
import { type Architecture, allKeys, type Stage } from "./architecture.ts";
import { type InitialValues, isBias, normalByOutputs, ZEROS } from "./initial-values.ts";
import { pointConv } from "./residual-blocks.ts";
import { imagenetKeyOfResnet, isFrozenInResnet, type ResnetConfig, resnetChannels, resnetStages } from "./resnet.ts";

export interface DeepLabConfig extends ResnetConfig {
  readonly backbone: string;
  readonly numClasses: number;
}

/** Standard deviation of the head. Source: spec "1.2 DeepLabv1", initialisation. */
const HEAD_DEVIATION = 0.01;

/** The unused classifier is not spread. */
function initialValues(key: string, weight: Shape): InitialValues {
  if (isBias(key) || weight.length !== 4) return ZEROS;
  return key === "cls_head.weight" ? { deviation: HEAD_DEVIATION } : normalByOutputs(weight);
}

/** Classes of ImageNet: outputs of the backbone's classifier, which the originals store and never evaluate. */
const IMAGENET_CLASSES = 1000;

/** DeepLabv1 with output stride 8. Source: spec "1.2 DeepLabv1". */
export function deepLab(config: DeepLabConfig): Architecture {
  const { backbone, numClasses } = config;
  const head: Stage = { name: "head", apply: (scope, [x]) => [pointConv(scope, x, numClasses, "cls_head")] };
  const stages = [...resnetStages(config, { key: "backbone", firstDilations: [1, 1], ceilMode: false }), head];
  return {
    arch: "deeplab",
    backbone,
    numClasses,
    stages,
    alignCorners: true,
    smallestSide: 1,
    coarsestStride: 8,
    copiesOfLoneImage: 1,
    keys: listKeys(config, stages),
    normalization: "adaptive",
    newLayers: ["cls_head."],
    initialValues,
    imagenetKey: (key) => imagenetKeyOfResnet(key, "backbone"),
    layersOption: "resnetLayers",
    isFrozen: (key, layers) => key.startsWith("backbone.fc.") || isFrozenInResnet(key, "backbone", layers),
  };
}

function listKeys(config: DeepLabConfig, stages: readonly Stage[]): Map<string, Shape> {
  const keys = allKeys({ stages, normalization: "adaptive" });
  if (config.block !== "bottleneck") return keys;
  const classifier: [string, Shape][] = [
    ["backbone.fc.weight", [IMAGENET_CLASSES, resnetChannels(config, 4)]],
    ["backbone.fc.bias", [IMAGENET_CLASSES]],
  ];
  const entries = [...keys];
  const headStart = entries.findIndex(([key]) => key.startsWith("cls_head."));
  return new Map([...entries.slice(0, headStart), ...classifier, ...entries.slice(headStart)]);
}
