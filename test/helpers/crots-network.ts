// The network of CROTS's recorded cases: its weights by the portable generator, its images as the original feeds them.
import { readFileSync } from "node:fs";
import type { StateTensor } from "../../src-main/engine/checkpoints/state-dict.ts";
import { at } from "../../src-main/engine/graph/node.ts";
import { caffePixels } from "../../src-main/engine/images/caffe-pixels.ts";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import type { Architecture } from "../../src-main/engine/models/architecture.ts";
import { deepLabV2Of } from "../../src-main/engine/models/detect-architecture.ts";
import { generatedStateDict, type RecordedNetwork } from "./da-sac-network.ts";
import { CROTS_FIXTURES } from "./fixtures-root.ts";
import type { TestTensor } from "./seeded-tensors.ts";

const MODEL = `${CROTS_FIXTURES}models/deeplabv2_resnet101/`;

interface CrotsNetwork extends Pick<RecordedNetwork, "num_classes" | "weights"> {
  readonly n_parameters: number;
  readonly n_trained: number;
  readonly tensors: readonly (RecordedNetwork["tensors"][number] & { readonly trained: boolean })[];
}

export function crotsNetwork(): CrotsNetwork {
  return JSON.parse(readFileSync(`${MODEL}state_dict.json`, "utf8")) as CrotsNetwork;
}

export function crotsArchitecture(): Architecture {
  return deepLabV2Of("resnet101", crotsNetwork().num_classes, 64, "adaptsegnet");
}

export function crotsStateDict(): Map<string, StateTensor> {
  return generatedStateDict(crotsNetwork(), `${MODEL}bn_stats.safetensors`);
}

/** Images of one size as one batch, float32 [N, 3, H, W]. */
export async function caffeBatch(paths: readonly string[]): Promise<TestTensor> {
  const images = await Promise.all(paths.map((path) => decodeImage(path)));
  const { width, height } = at(images, 0);
  const data = Float32Array.from(images.flatMap((image) => [...caffePixels(image)]));
  return { shape: [images.length, 3, height, width], data };
}
