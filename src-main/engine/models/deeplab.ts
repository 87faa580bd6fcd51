// DeepLabv1: a dilated ResNet and one 1x1 convolution on top.
import { at } from "../graph/node.ts";
import { add } from "../graph/ops/add.ts";
import { conv } from "../graph/ops/conv.ts";
import { input } from "../graph/ops/input.ts";
import { reshape } from "../graph/ops/reshape.ts";
import type { Shape } from "../graph/types.ts";
import { type Architecture, applyStages, type Stage } from "./architecture.ts";
import { ListingScope } from "./model-scope.ts";
import { type ResnetConfig, resnetOutputChannels, resnetStages } from "./resnet.ts";

export interface DeepLabConfig extends ResnetConfig {
  readonly backbone: string;
  readonly numClasses: number;
}

/** Classes of ImageNet: outputs of the backbone's classifier, which the originals store and never evaluate. */
const IMAGENET_CLASSES = 1000;

/** DeepLabv1 with output stride 8. Source: spec "1.2 DeepLabv1". */
export function deepLab(config: DeepLabConfig): Architecture {
  const stages = [...resnetStages(config), head(config)];
  return {
    arch: "deeplab",
    backbone: config.backbone,
    numClasses: config.numClasses,
    stages,
    alignCorners: true,
    outputStride: 8,
    keys: listKeys(config, stages),
    isFrozen: (key, layers) =>
      key.startsWith("backbone.conv1.") ||
      key.startsWith("backbone.bn1.") ||
      key.startsWith("backbone.fc.") ||
      layers.some((layer) => key.startsWith(`backbone.layer${layer}.`)),
  };
}

function head(config: DeepLabConfig): Stage {
  const { numClasses } = config;
  const channels = resnetOutputChannels(config);
  return {
    name: "head",
    apply: (scope, features) => {
      const weight = scope.parameter("cls_head.weight", [numClasses, channels, 1, 1]);
      const bias = scope.parameter("cls_head.bias", [numClasses]);
      return [add(conv(at(features, 0), weight), reshape(bias, [1, numClasses, 1, 1]))];
    },
  };
}

function listKeys(config: DeepLabConfig, stages: readonly Stage[]): Map<string, Shape> {
  const listing = new ListingScope();
  const smallest = input("image", [1, 3, 32, 32]);
  applyStages(stages, listing, [smallest]);
  if (config.block !== "bottleneck") return listing.keys;
  const classifier: [string, Shape][] = [
    ["backbone.fc.weight", [IMAGENET_CLASSES, resnetOutputChannels(config)]],
    ["backbone.fc.bias", [IMAGENET_CLASSES]],
  ];
  const keys = [...listing.keys];
  const headStart = keys.findIndex(([key]) => key.startsWith("cls_head."));
  return new Map([...keys.slice(0, headStart), ...classifier, ...keys.slice(headStart)]);
}
