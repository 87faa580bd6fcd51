// Every architecture with few channels, for tests that need its structure and not its size.
import type { Architecture } from "../../src-main/engine/models/architecture.ts";
import { deepLabOf, deepLabV3PlusOf } from "../../src-main/engine/models/detect-architecture.ts";
import { hrnet } from "../../src-main/engine/models/hrnet.ts";
import { generateStateDict } from "./generated-weights.ts";

/** By the original's name. */
export const TINY_ARCHITECTURES: Readonly<Record<"deeplab" | "deeplabv3plus" | "hrnet", Architecture>> = {
  deeplab: deepLabOf("resnet18", 19, 8),
  deeplabv3plus: deepLabV3PlusOf("resnet18", 19, 8, { headWidth: 16, detailWidth: 6 }),
  hrnet: hrnet({ width: 4, stemWidth: 8, numClasses: 19 }),
};

/** Seeded random weights for it. */
export function tinyWeights({ keys }: Architecture, alpha = 0.1): ReturnType<typeof generateStateDict> {
  const gains = { seed: 7, head_gain: 4, res_gain: 1, fuse_gain: 1, conv_gain: 1 };
  return generateStateDict(keys, gains, alpha);
}
