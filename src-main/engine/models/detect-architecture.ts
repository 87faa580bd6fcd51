// Recognises an architecture, its backbone and its number of classes from the keys and shapes of a state dict.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { Architecture } from "./architecture.ts";
import { deepLab } from "./deeplab.ts";
import { type DeepLabV2Form, deepLabV2 } from "./deeplab-v2.ts";
import { deepLabV2Vgg } from "./deeplab-v2-vgg.ts";
import { deepLabV3Plus } from "./deeplab-v3-plus.ts";
import { fcn8s } from "./fcn8s.ts";
import { hrnet } from "./hrnet.ts";
import { detectEncoderDecoder, detectMit, isMitAlone, MIT_KEY, mitAlone } from "./mmseg-networks.ts";
import { keyIn, type ResnetConfig } from "./resnet.ts";
import { resnetV1c } from "./resnet-v1c.ts";
import { torchvisionDeepLabV3, torchvisionFcn } from "./torchvision-networks.ts";

/** Shapes by key: all that recognition looks at. */
export type KeyShapes = ReadonlyMap<string, { readonly shape: readonly number[] }>;

const BACKBONES: readonly { name: string; block: ResnetConfig["block"]; blocks: ResnetConfig["blocks"] }[] = [
  { name: "resnet18", block: "basic", blocks: [2, 2, 2, 2] },
  { name: "resnet50", block: "bottleneck", blocks: [3, 4, 6, 3] },
  { name: "resnet101", block: "bottleneck", blocks: [3, 4, 23, 3] },
];

/** A DeepLabv1 by the name of its backbone. @throws AppError `checkpoint.architecture` for a name that is not known */
export function deepLabOf(backbone: string, numClasses: number, width: number): Architecture {
  return deepLab({ numClasses, ...resnetConfig(backbone, width) });
}

/** Channels of DeepLabv3+'s head. Source: spec "1.3 DeepLabv3+". */
const V3_PLUS_HEAD = { headWidth: 256, detailWidth: 48 };

/** A DeepLabv3+ by the name of its backbone. @throws AppError `checkpoint.architecture` for a name that is not known */
export function deepLabV3PlusOf(
  backbone: string,
  numClasses: number,
  width: number,
  head: { readonly headWidth: number; readonly detailWidth: number } = V3_PLUS_HEAD,
): Architecture {
  return deepLabV3Plus({ numClasses, ...head, ...resnetConfig(backbone, width) });
}

/** A DeepLabv2 by the name of its ResNet. @throws AppError `checkpoint.architecture` for a name that is not known */
export function deepLabV2Of(
  backbone: string,
  numClasses: number,
  width: number,
  form: DeepLabV2Form = "da-sac",
): Architecture {
  return deepLabV2({ numClasses, form, ...resnetConfig(backbone, width) });
}

function resnetConfig(backbone: string, width: number): ResnetConfig & { readonly backbone: string } {
  const known = BACKBONES.find(({ name }) => name === backbone);
  if (known !== undefined) return { backbone, width, block: known.block, blocks: known.blocks };
  const names = BACKBONES.map(({ name }) => name).join(", ");
  throw new AppError("checkpoint.architecture", `There is no backbone "${backbone}"; choose one of ${names}.`);
}

/**
 * An architecture, the keys whose shapes say how large it is, and how to build it from their numbers of outputs. The second
 * key is one that only this family has.
 */
interface Family {
  readonly name: string;
  readonly keys: readonly string[];
  build(outputs: readonly number[], keys: KeyShapes, source: string): Architecture;
}

const FAMILIES: readonly Family[] = [
  {
    name: "DeepLabv1",
    keys: ["backbone.conv1.weight", "cls_head.weight"],
    build: ([width = 0, numClasses = 0], keys, source) =>
      deepLabOf(detectBackbone(keys, "backbone", "DeepLabv1", source), numClasses, width),
  },
  {
    name: "DeepLabv3+",
    keys: [
      "model.backbone.conv1.weight",
      "model.classifier.classifier.3.weight",
      "model.classifier.aspp.convs.0.0.weight",
      "model.classifier.project.0.weight",
    ],
    build: ([width = 0, numClasses = 0, headWidth = 0, detailWidth = 0], keys, source) => {
      const backbone = detectBackbone(keys, "model.backbone", "DeepLabv3+", source);
      return deepLabV3PlusOf(backbone, numClasses, width, { headWidth, detailWidth });
    },
  },
  {
    name: "torchvision's DeepLabv3",
    keys: ["backbone.conv1.weight", "classifier.0.convs.0.0.weight", "classifier.4.weight"],
    build: ([width = 0, headWidth = 0, numClasses = 0], keys, source) => {
      const backbone = detectBackbone(keys, "backbone", "DeepLabv3", source);
      return torchvisionDeepLabV3({ numClasses, headWidth, ...resnetConfig(backbone, width) });
    },
  },
  {
    name: "torchvision's FCN",
    keys: ["backbone.conv1.weight", "classifier.4.weight", "classifier.0.weight"],
    build: ([width = 0, numClasses = 0, headWidth = 0], keys, source) => {
      const backbone = detectBackbone(keys, "backbone", "FCN", source);
      return torchvisionFcn({ numClasses, headWidth, ...resnetConfig(backbone, width) });
    },
  },
  {
    name: "DeepLabv2",
    keys: ["model.conv1.weight", "model.layer5.conv2d_list.0.weight"],
    build: ([width = 0, numClasses = 0], keys, source) =>
      deepLabV2Of(detectBackbone(keys, "model", "DeepLabv2", source), numClasses, width),
  },
  {
    name: "AdaptSegNet's DeepLabv2",
    keys: ["conv1.weight", "layer5.conv2d_list.0.weight"],
    build: ([width = 0, numClasses = 0], keys, source) =>
      deepLabV2Of(detectBackbone(keys, "", "AdaptSegNet's DeepLabv2", source), numClasses, width, "adaptsegnet"),
  },
  {
    name: "DeepLabv2 on VGG-16",
    keys: ["features.0.weight", "classifier.conv2d_list.0.weight", "features.42.weight"],
    build: ([width = 0, numClasses = 0, headWidth = 0]) => deepLabV2Vgg({ width, numClasses, headWidth }),
  },
  {
    name: "FCN-8s",
    keys: ["block1.0.weight", "score_pool3.weight", "vgg_head.0.weight"],
    build: ([width = 0, numClasses = 0, headWidth = 0]) => fcn8s({ width, numClasses, headWidth }),
  },
  {
    name: "HRNet",
    keys: ["model.conv1.weight", "model.transition1.0.0.weight", "model.last_layer.3.weight"],
    build: ([stemWidth = 0, width = 0, numClasses = 0]) => hrnet({ width, stemWidth, numClasses }),
  },
  {
    name: "Mix Transformer",
    keys: [MIT_KEY, "backbone.block1.0.attn.q.weight"],
    build: (_, keys, source) => detectEncoderDecoder(detectMit(keys, source), keys, source),
  },
  {
    name: "ResNet-V1c",
    keys: ["backbone.stem.0.weight", "backbone.stem.6.weight"],
    build: ([, width = 0], keys, source) => {
      const { backbone, ...config } = resnetConfig(detectBackbone(keys, "backbone", "ResNet-V1c", source), width);
      return detectEncoderDecoder(resnetV1c(`${backbone}v1c`, config), keys, source);
    },
  },
];

/** Of each family the keys that say that a network is one of it, the most telling last. */
export const FAMILY_KEYS: readonly (readonly string[])[] = FAMILIES.map(
  ({ keys: [first = "", telling = "", ...more] }) => [first, ...more, telling],
);

/**
 * The architecture a state dict belongs to.
 *
 * @param source  file name for the error message
 * @throws AppError `checkpoint.architecture` when the keys are of none that we know
 */
export function detectArchitecture(keys: KeyShapes, source: string): Architecture {
  const family = FAMILIES.find((candidate) => candidate.keys.every((key) => keys.has(key)));
  if (family === undefined && isMitAlone(keys)) throw mitAlone(keys, source);
  if (family === undefined) throw unknownArchitecture(keys, source);
  const outputs = family.keys.map((key) => keys.get(key)?.shape[0] ?? 0);
  return family.build(outputs, keys, source);
}

/** The name of the ResNet with these blocks. */
function detectBackbone(keys: KeyShapes, prefix: string, family: string, source: string): string {
  const block = keys.has(keyIn(prefix, "layer1.0.conv3.weight")) ? "bottleneck" : "basic";
  const blocks = [1, 2, 3, 4].map((layer) => countBlocks(keys, keyIn(prefix, `layer${layer}`)));
  const known = BACKBONES.find((backbone) => backbone.block === block && backbone.blocks.join() === blocks.join());
  if (known !== undefined) return known.name;
  throw new AppError(
    "checkpoint.architecture",
    `"${source}" is a ${family} on a ResNet with ${block} blocks ${blocks.join("-")}, which is none of ${BACKBONES.map(({ name }) => name).join(", ")}.`,
  );
}

function countBlocks(keys: KeyShapes, layer: string): number {
  let count = 0;
  while (keys.has(`${layer}.${count}.conv1.weight`)) count += 1;
  return count;
}

function unknownArchitecture(keys: KeyShapes, source: string): AppError {
  const names = [...keys.keys()];
  const sample = names.slice(0, 3).map((name) => `"${name}"`);
  const wanted = FAMILIES.map(({ name, keys: [, telling] }) => `"${telling}" (${name})`);
  return new AppError(
    "checkpoint.architecture",
    `"${source}" holds no model that Acclimate knows: it wants ${wanted.slice(0, -1).join(", ")} or ${wanted.at(-1)} among the keys; ` +
      `found ${names.length} keys such as ${sample.join(", ")}.`,
  );
}
