// The networks of DA-SAC by the names that its configurations give them.
import type { DaSacNetwork } from "../../../src-shared/contract/training/da-sac.ts";
import type { Architecture } from "./architecture.ts";
import { deepLabV2Vgg } from "./deeplab-v2-vgg.ts";
import { deepLabV2Of } from "./detect-architecture.ts";
import { fcn8s } from "./fcn8s.ts";

/** Source: spec of DA-SAC, "3. Networks". @param width  channels of the first convolution; 64 in the originals */
export function daSacNetwork(name: DaSacNetwork, numClasses: number, width = 64): Architecture {
  switch (name) {
    case "deeplabv2_resnet101":
      return deepLabV2Of("resnet101", numClasses, width);
    case "deeplabv2_resnet50":
      return deepLabV2Of("resnet50", numClasses, width);
    case "deeplabv2_resnet18":
      return deepLabV2Of("resnet18", numClasses, width);
    case "deeplabv2_vgg16_bn":
      return deepLabV2Vgg({ numClasses, width, headWidth: 16 * width });
    case "fcn_vgg16_bn":
      return fcn8s({ numClasses, width, headWidth: 64 * width });
    default:
      return name satisfies never;
  }
}
