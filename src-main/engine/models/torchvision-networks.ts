// torchvision's segmentation networks on ResNet: DeepLabv3 and FCN, by the keys of its own files.
import type { Node, Shape } from "../graph/types.ts";
import { type Architecture, allKeys, type Stage } from "./architecture.ts";
import { type InitialValues, isBias, normalByOutputs, uniformByInputs } from "./initial-values.ts";
import { DROPOUT_RATE, type ModelScope } from "./model-scope.ts";
import { convNormRelu, pooledPyramid } from "./pooled-pyramid.ts";
import { DENSE, pointConv } from "./residual-blocks.ts";
import { imagenetKeyOfResnet, isFrozenInResnet, type ResnetConfig, resnetStages } from "./resnet.ts";

export interface TorchvisionConfig extends ResnetConfig {
  readonly backbone: string;
  readonly numClasses: number;
  /** Channels of the head's inner convolutions: 256 of DeepLabv3, 512 of FCN. */
  readonly headWidth: number;
}

const BACKBONE = "backbone";
const HEAD = "classifier.";
/** Behind DeepLabv3's pyramid. Source: torchvision, `ASPP`. */
const PYRAMID_DROPOUT = 0.5;

/** DeepLabv3 with output stride 8. Source: torchvision, `models/segmentation/deeplabv3.py`. */
export function torchvisionDeepLabV3(config: TorchvisionConfig): Architecture {
  const { numClasses, headWidth } = config;
  return network("deeplabv3", config, (scope, x) => {
    const context = pooledPyramid(scope, x, headWidth, `${HEAD}0`, PYRAMID_DROPOUT);
    const decoded = convNormRelu(scope, context, headWidth, 3, DENSE, `${HEAD}1`, `${HEAD}2`);
    return pointConv(scope, scope.withoutCopies(decoded), numClasses, `${HEAD}4`);
  });
}

/** FCN with output stride 8. Source: torchvision, `models/segmentation/fcn.py`. */
export function torchvisionFcn(config: TorchvisionConfig): Architecture {
  const { numClasses, headWidth } = config;
  return network("fcn", config, (scope, x) => {
    const narrow = convNormRelu(scope, x, headWidth, 3, DENSE, `${HEAD}0`, `${HEAD}1`);
    return pointConv(scope, scope.dropout(narrow, DROPOUT_RATE), numClasses, `${HEAD}4`);
  });
}

type Head = (scope: ModelScope, x: Node) => Node;

function network(arch: "deeplabv3" | "fcn", config: TorchvisionConfig, apply: Head): Architecture {
  const { backbone, numClasses } = config;
  const head: Stage = { name: "head", apply: (scope, [x]) => [apply(scope, x)] };
  const stages = [...resnetStages(config, { key: BACKBONE, firstDilations: [1, 2], ceilMode: false }), head];
  return {
    arch,
    backbone,
    numClasses,
    stages,
    alignCorners: false,
    smallestSide: 1,
    coarsestStride: 8,
    // Batch statistics of what is pooled over a lone image would be those of a single number.
    copiesOfLoneImage: arch === "deeplabv3" ? 2 : 1,
    keys: allKeys({ stages, normalization: "plain" }),
    normalization: "plain",
    newLayers: [HEAD],
    initialValues,
    imagenetKey: (key) => imagenetKeyOfResnet(key, BACKBONE),
    layersOption: "resnetLayers",
    isFrozen: (key, layers) => isFrozenInResnet(key, BACKBONE, layers),
  };
}

/** PyTorch's own start of the head's convolutions; the backbone's as in torchvision. */
function initialValues(key: string, weight: Shape): InitialValues {
  return isBias(key) || key.startsWith(HEAD) ? uniformByInputs(weight) : normalByOutputs(weight);
}
