// Recognises an architecture, its backbone and its number of classes from the keys and shapes of a state dict.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { Architecture } from "./architecture.ts";
import { deepLab } from "./deeplab.ts";
import type { ResnetConfig } from "./resnet.ts";

/** Shapes by key: all that recognition looks at. */
export type KeyShapes = ReadonlyMap<string, { readonly shape: readonly number[] }>;

const BACKBONES: readonly { name: string; block: ResnetConfig["block"]; blocks: ResnetConfig["blocks"] }[] = [
  { name: "resnet18", block: "basic", blocks: [2, 2, 2, 2] },
  { name: "resnet50", block: "bottleneck", blocks: [3, 4, 6, 3] },
  { name: "resnet101", block: "bottleneck", blocks: [3, 4, 23, 3] },
];

/** A DeepLabv1 by the name of its backbone. @throws AppError `checkpoint.architecture` for a name that is not known */
export function deepLabOf(backbone: string, numClasses: number, width: number): Architecture {
  const known = BACKBONES.find(({ name }) => name === backbone);
  if (known === undefined) {
    const names = BACKBONES.map(({ name }) => name).join(", ");
    throw new AppError("checkpoint.architecture", `There is no backbone "${backbone}"; choose one of ${names}.`);
  }
  return deepLab({ backbone, numClasses, width, block: known.block, blocks: known.blocks });
}

/**
 * The architecture a state dict belongs to.
 *
 * @param source  file name for the error message
 * @throws AppError `checkpoint.architecture` when the keys are of none that we know
 */
export function detectArchitecture(keys: KeyShapes, source: string): Architecture {
  const head = keys.get("cls_head.weight");
  const stem = keys.get("backbone.conv1.weight");
  if (head === undefined || stem === undefined) throw unknownArchitecture(keys, source);
  const block = keys.has("backbone.layer1.0.conv3.weight") ? "bottleneck" : "basic";
  const blocks = [1, 2, 3, 4].map((layer) => countBlocks(keys, layer));
  const known = BACKBONES.find((backbone) => backbone.block === block && backbone.blocks.join() === blocks.join());
  if (known === undefined) {
    const found = `${block} blocks ${blocks.join("-")}`;
    throw new AppError(
      "checkpoint.architecture",
      `"${source}" is a DeepLabv1 on a ResNet with ${found}, which is none of ${BACKBONES.map(({ name }) => name).join(", ")}.`,
    );
  }
  return deepLabOf(known.name, head.shape[0] ?? 0, stem.shape[0] ?? 0);
}

function countBlocks(keys: KeyShapes, layer: number): number {
  let count = 0;
  while (keys.has(`backbone.layer${layer}.${count}.conv1.weight`)) count += 1;
  return count;
}

/** Key prefixes of models that we recognise but can't run yet, so that the sentence can say which it is. */
const RECOGNISED: readonly { prefix: string; name: string }[] = [
  { prefix: "model.classifier.aspp.", name: "DeepLabv3+" },
  { prefix: "model.stage4.", name: "HRNet" },
];

function unknownArchitecture(keys: KeyShapes, source: string): AppError {
  const names = [...keys.keys()];
  const recognised = RECOGNISED.find(({ prefix }) => names.some((name) => name.startsWith(prefix)));
  if (recognised !== undefined) {
    return new AppError(
      "checkpoint.architecture",
      `"${source}" holds a ${recognised.name}, which Acclimate does not run yet; DeepLabv1 checkpoints work.`,
    );
  }
  const sample = names.slice(0, 3).map((name) => `"${name}"`);
  return new AppError(
    "checkpoint.architecture",
    `"${source}" holds no model that Acclimate knows: it wants keys "backbone.conv1.weight" and "cls_head.weight", ` +
      `found ${names.length} keys such as ${sample.join(", ")}.`,
  );
}
