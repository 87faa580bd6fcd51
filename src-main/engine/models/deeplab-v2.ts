// DeepLabv2 on a ResNet: stride in the blocks' first convolution, all late blocks dilated, and four summed heads.
import { type Architecture, allKeys, type Stage } from "./architecture.ts";
import { isBias, uniformByInputs } from "./initial-values.ts";
import { imagenetKeyOfResnet, isFrozenInResnet, type ResnetConfig, resnetStages } from "./resnet.ts";
import { summedConvolutions } from "./summed-convolutions.ts";

export interface DeepLabV2Config extends ResnetConfig {
  readonly backbone: string;
  readonly numClasses: number;
}

const HEAD = "model.layer5.";
/** Standard deviation of all convolutions. Source: spec of DA-SAC, "3.1 DeepLabv2 / ResNet-101", initialisation. */
const DEVIATION = 0.01;

/** DeepLabv2 with output stride 8. Source: spec of DA-SAC, "3.1 DeepLabv2 / ResNet-101". */
export function deepLabV2(config: DeepLabV2Config): Architecture {
  const { backbone, numClasses } = config;
  const key = "model";
  const block = config.block === "basic" ? "basic" : "earlyBottleneck";
  const resnet = resnetStages({ ...config, block }, { key, firstDilations: [2, 4], ceilMode: true });
  const head: Stage = {
    name: "head",
    apply: (scope, [x]) => [summedConvolutions(scope, x, numClasses, `${key}.layer5`)],
  };
  const stages = [...resnet, head];
  return {
    arch: "deeplabv2",
    backbone,
    numClasses,
    stages,
    alignCorners: true,
    smallestSide: 1,
    coarsestStride: 6,
    copiesOfLoneImage: 1,
    keys: allKeys({ stages, normalization: "plain" }),
    normalization: "plain",
    newLayers: [HEAD],
    initialValues: (name, weight) => (isBias(name) ? uniformByInputs(weight) : { deviation: DEVIATION }),
    imagenetKey: (name) => (name.startsWith(HEAD) ? null : imagenetKeyOfResnet(name, key)),
    layersOption: "resnetLayers",
    isFrozen: (name, layers) => isFrozenInResnet(name, key, layers),
  };
}
