// DeepLabv3+: a dilated ResNet, pooling at several rates (ASPP), and a decoder that adds the details of layer1.
import { at } from "../graph/node.ts";
import { concat } from "../graph/ops/concat.ts";
import { expand } from "../graph/ops/expand.ts";
import { resizeBilinear } from "../graph/ops/resize-bilinear.ts";
import type { Shape } from "../graph/types.ts";
import { type Architecture, allKeys, type Stage, tapped } from "./architecture.ts";
import {
  type InitialValues,
  isBias,
  normalByInputs,
  normalByOutputs,
  uniformByInputs,
  ZEROS,
} from "./initial-values.ts";
import { convNormRelu, pooledPyramid } from "./pooled-pyramid.ts";
import { DENSE, pointConv } from "./residual-blocks.ts";
import { imagenetKeyOfResnet, isFrozenInResnet, type ResnetConfig, resnetStages } from "./resnet.ts";

export interface DeepLabV3PlusConfig extends ResnetConfig {
  readonly backbone: string;
  readonly numClasses: number;
  /** Channels of the pooling branches and of the decoder; 256 in the original. */
  readonly headWidth: number;
  /** Channels that layer1's features are reduced to; 48 in the original. */
  readonly detailWidth: number;
}

const HEAD = "model.classifier.";

/** Only the classifier's bias does not start as 0. Source: spec "1.3 DeepLabv3+", initialisation. */
function initialValues(key: string, weight: Shape): InitialValues {
  if (isBias(key)) return key === `${HEAD}classifier.3.bias` ? uniformByInputs(weight) : ZEROS;
  return key.startsWith(HEAD) ? normalByInputs(weight) : normalByOutputs(weight);
}

/** DeepLabv3+ with output stride 8 of the backbone and 4 of the logits. Source: spec "1.3 DeepLabv3+". */
export function deepLabV3Plus(config: DeepLabV3PlusConfig): Architecture {
  const { backbone, numClasses } = config;
  const key = "model.backbone";
  const resnet = resnetStages(config, { key, firstDilations: [1, 2], ceilMode: false });
  const stages = [...resnet.map((stage) => (stage.name === "layer1" ? tapped(stage) : stage)), head(config)];
  return {
    arch: "deeplabv3plus",
    backbone,
    numClasses,
    stages,
    alignCorners: false,
    smallestSide: 1,
    coarsestStride: 8,
    copiesOfLoneImage: 2,
    keys: allKeys({ stages, normalization: "adaptive" }),
    normalization: "adaptive",
    newLayers: [HEAD],
    initialValues,
    imagenetKey: (name) => imagenetKeyOfResnet(name, key),
    layersOption: "resnetLayers",
    isFrozen: (name, layers) => isFrozenInResnet(name, key, layers),
  };
}

/** Takes layer4's features (stride 8) and layer1's (stride 4). */
function head({ numClasses, headWidth, detailWidth }: DeepLabV3PlusConfig): Stage {
  const key = "model.classifier";
  return {
    name: "head",
    apply: (scope, features) => {
      const [deep, shallow] = [at(features, 0), at(features, 1)];
      const details = convNormRelu(scope, shallow, detailWidth, 1, DENSE, `${key}.project.0`, `${key}.project.1`);
      const context = pooledPyramid(scope, deep, headWidth, `${key}.aspp`);
      const size: [number, number] = [at(details.shape, 2), at(details.shape, 3)];
      // Dropout in the pyramid makes two images of a lone one; the details are the same in both.
      const repeated = expand(details, details.shape.with(0, at(context.shape, 0)));
      const joined = concat([repeated, resizeBilinear(context, size, false)], 1);
      const decoder = `${key}.classifier`;
      const decoded = convNormRelu(scope, joined, headWidth, 3, DENSE, `${decoder}.0`, `${decoder}.1`);
      return [pointConv(scope, scope.withoutCopies(decoded), numClasses, `${decoder}.3`)];
    },
  };
}
