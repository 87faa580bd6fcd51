// Every architecture with few channels, for tests that need its structure and not its size.
import { SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import type { Architecture } from "../../src-main/engine/models/architecture.ts";
import { daformerHead } from "../../src-main/engine/models/daformer-head.ts";
import { deepLabV2Vgg } from "../../src-main/engine/models/deeplab-v2-vgg.ts";
import { deepLabOf, deepLabV2Of, deepLabV3PlusOf } from "../../src-main/engine/models/detect-architecture.ts";
import { dlv2Head } from "../../src-main/engine/models/dlv2-head.ts";
import { encoderDecoder } from "../../src-main/engine/models/encoder-decoder.ts";
import { fcn8s } from "../../src-main/engine/models/fcn8s.ts";
import { hrnet } from "../../src-main/engine/models/hrnet.ts";
import { mitOf } from "../../src-main/engine/models/mmseg-networks.ts";
import { segformerHead } from "../../src-main/engine/models/segformer-head.ts";
import type { Runtime } from "../../src-main/engine/runtimes/runtime.ts";
import { generateStateDict } from "./generated-weights.ts";

const MIT = mitOf("mit_b0", 8);

/** By the original's name. */
export const TINY_ARCHITECTURES: Readonly<
  Record<
    | "daformer"
    | "deeplab"
    | "deeplabv2"
    | "deeplabv2vgg"
    | "deeplabv3plus"
    | "dlv2red"
    | "fcn8s"
    | "hrnet"
    | "segformer",
    Architecture
  >
> = {
  daformer: encoderDecoder(MIT, daformerHead({ fusion: "sepaspp", numClasses: 19, embedWidth: 8, width: 8 })),
  deeplab: deepLabOf("resnet18", 19, 8),
  deeplabv2: deepLabV2Of("resnet18", 19, 8),
  deeplabv2vgg: deepLabV2Vgg({ numClasses: 19, width: 4, headWidth: 16 }),
  deeplabv3plus: deepLabV3PlusOf("resnet18", 19, 8, { headWidth: 16, detailWidth: 6 }),
  dlv2red: encoderDecoder(MIT, dlv2Head("dlv2red", 19)),
  fcn8s: fcn8s({ numClasses: 19, width: 4, headWidth: 32 }),
  hrnet: hrnet({ width: 4, stemWidth: 8, numClasses: 19 }),
  segformer: encoderDecoder(MIT, segformerHead({ numClasses: 19, width: 8, unusedWidth: 4 })),
};

/** Seeded random weights for it. */
export function tinyWeights({ keys }: Architecture, alpha = 0.1): ReturnType<typeof generateStateDict> {
  // Weak residuals and exchanges, as in the recorded cases: with strong ones a deep random network amplifies rounding.
  const gains = { seed: 7, head_gain: 4, res_gain: 0.1, fuse_gain: 0.1, conv_gain: 1 };
  return generateStateDict(keys, gains, alpha);
}

export function tinyModelOf(runtime: Runtime, name: keyof typeof TINY_ARCHITECTURES): SegmentationModel {
  const architecture = TINY_ARCHITECTURES[name];
  return new SegmentationModel(runtime, architecture, tinyWeights(architecture));
}
