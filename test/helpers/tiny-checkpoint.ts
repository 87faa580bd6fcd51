// A small checkpoint with seeded random weights: everything but the quality of its predictions is real.
import { writeSafetensors } from "../../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import type { StateDict } from "../../src-main/engine/checkpoints/state-dict.ts";
import { deepLabOf } from "../../src-main/engine/models/detect-architecture.ts";
import { generateStateDict } from "./generated-weights.ts";

/** The weights of a ResNet-18 with an eighth of the usual channels. */
export function tinyStateDict(numClasses = 19, seed = 7): StateDict {
  const gains = { seed, head_gain: 4, res_gain: 1, fuse_gain: 1, conv_gain: 1 };
  return generateStateDict(deepLabOf("resnet18", numClasses, 8).keys, gains, 0.1);
}

/** Writes it as .safetensors, 0.8 MB. */
export async function writeTinyCheckpoint(path: string, numClasses = 19): Promise<void> {
  await writeSafetensors(path, tinyStateDict(numClasses), { note: "random weights" });
}
