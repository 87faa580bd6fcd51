// DeepLabv2 on a ResNet: stride in the blocks' first convolution, all late blocks dilated, and four summed heads.
import { type Architecture, allKeys, type Stage } from "./architecture.ts";
import { caffeInput } from "./caffe-input.ts";
import { isBias, uniformByInputs } from "./initial-values.ts";
import { imagenetKeyOfResnet, isFrozenInResnet, keyIn, type ResnetConfig, resnetStages } from "./resnet.ts";
import { summedConvolutions } from "./summed-convolutions.ts";

export interface DeepLabV2Config extends ResnetConfig {
  readonly backbone: string;
  readonly numClasses: number;
  /** Whose network it is; DA-SAC's unless it is given. */
  readonly form?: DeepLabV2Form;
}

/**
 * DA-SAC's; or AdaptSegNet's, which CROTS has too: pixels as Caffe has them, keys that nothing stands before, and a head that
 * returns before its last two branches are added. Source: spec of CROTS, "4.2 Head".
 */
export type DeepLabV2Form = "da-sac" | "adaptsegnet";

const FORMS = {
  "da-sac": { key: "model", branches: 4, before: [] },
  adaptsegnet: { key: "", branches: 2, before: [caffeInput] },
} as const;

/** Standard deviation of all convolutions. Source: spec of DA-SAC, "3.1 DeepLabv2 / ResNet-101", initialisation. */
const DEVIATION = 0.01;

/** DeepLabv2 with output stride 8. Source: spec of DA-SAC, "3.1 DeepLabv2 / ResNet-101". */
export function deepLabV2(config: DeepLabV2Config): Architecture {
  const { backbone, numClasses, form = "da-sac" } = config;
  const { key, branches, before } = FORMS[form];
  const headKey = keyIn(key, "layer5");
  const ofHead = `${headKey}.`;
  const block = config.block === "basic" ? "basic" : "earlyBottleneck";
  const resnet = resnetStages({ ...config, block }, { key, firstDilations: [2, 4], ceilMode: true });
  const head: Stage = {
    name: "head",
    apply: (scope, [x]) => [summedConvolutions(scope, x, numClasses, headKey, branches)],
  };
  const stages = [...before, ...resnet, head];
  return {
    arch: "deeplabv2",
    backbone,
    numClasses,
    stages,
    alignCorners: true,
    smallestSide: 1,
    coarsestStride: 6,
    copiesOfLoneImage: 1,
    keys: allKeys({ stages, normalization: "plain" }),
    normalization: "plain",
    newLayers: [ofHead],
    initialValues: (name, weight) => (isBias(name) ? uniformByInputs(weight) : { deviation: DEVIATION }),
    imagenetKey: (name) => (name.startsWith(ofHead) ? null : imagenetKeyOfResnet(name, key)),
    layersOption: "resnetLayers",
    isFrozen: (name, layers) => isFrozenInResnet(name, key, layers),
  };
}
