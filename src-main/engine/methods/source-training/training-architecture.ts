// The network that a training configuration asks for.
import type { SourceTrainingConfig } from "../../../../src-shared/contract/training/source-training.ts";
import type { Architecture } from "../../models/architecture.ts";
import { fusionNamed } from "../../models/daformer-head.ts";
import { deepLabOf, deepLabV3PlusOf } from "../../models/detect-architecture.ts";
import { hrnet } from "../../models/hrnet.ts";
import { daformerOf, segformerOf } from "../../models/mmseg-networks.ts";

/** @throws AppError `checkpoint.architecture` for a backbone that is not known */
export function architectureOf({ archType, backboneName, numClasses, width }: SourceTrainingConfig): Architecture {
  switch (archType) {
    case "deeplab":
      return deepLabOf(backboneName, numClasses, width);
    case "deeplabv3plus":
      return deepLabV3PlusOf(backboneName, numClasses, width);
    case "hrnet18":
      return hrnet({ width: 18, stemWidth: width, numClasses });
    case "hrnet48":
      return hrnet({ width: 48, stemWidth: width, numClasses });
    case "daformer":
      return daformerOf(backboneName, numClasses);
    case "daformer_conv1":
    case "daformer_aspp":
    case "daformer_isa":
      return daformerOf(backboneName, numClasses, fusionNamed(archType));
    case "segformer":
      return segformerOf(backboneName, numClasses);
    default:
      return archType satisfies never;
  }
}
