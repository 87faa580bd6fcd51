// The network that both stages train.
import type { CrotsBaselineConfig, CrotsConfig } from "../../../../src-shared/contract/training/crots.ts";
import type { Architecture } from "../../models/architecture.ts";
import { deepLabV2Of } from "../../models/detect-architecture.ts";

export function crotsNetwork({ network, numClasses, width }: CrotsBaselineConfig | CrotsConfig): Architecture {
  return deepLabV2Of(network.slice("deeplabv2_".length), numClasses, width, "adaptsegnet");
}
