// torchvision's segmentation networks: recognised by the keys of its files, with an auxiliary head beside them.
import { expect, it } from "vitest";
import type { StateDict } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import { detectArchitecture } from "../../../../src-main/engine/models/detect-architecture.ts";
import { findNetworks } from "../../../../src-main/engine/models/find-networks.ts";
import { torchvisionDeepLabV3, torchvisionFcn } from "../../../../src-main/engine/models/torchvision-networks.ts";
import { tinyWeights } from "../../../helpers/tiny-architectures.ts";

const RESNET50 = { backbone: "resnet50", block: "bottleneck", blocks: [3, 4, 6, 3], width: 8 } as const;
const NETWORKS = {
  deeplabv3: torchvisionDeepLabV3({ ...RESNET50, numClasses: 21, headWidth: 16 }),
  fcn: torchvisionFcn({ ...RESNET50, numClasses: 21, headWidth: 16 }),
};

/** Source: state dicts of torchvision 0.29.2, without the layers' `running_mean` and so on. */
const HEADS = {
  deeplabv3: [
    "classifier.0.convs.0.0.weight",
    "classifier.0.convs.0.1.weight",
    "classifier.0.convs.1.0.weight",
    "classifier.0.convs.1.1.weight",
    "classifier.0.convs.2.0.weight",
    "classifier.0.convs.2.1.weight",
    "classifier.0.convs.3.0.weight",
    "classifier.0.convs.3.1.weight",
    "classifier.0.convs.4.1.weight",
    "classifier.0.convs.4.2.weight",
    "classifier.0.project.0.weight",
    "classifier.0.project.1.weight",
    "classifier.1.weight",
    "classifier.2.weight",
    "classifier.4.weight",
  ],
  fcn: ["classifier.0.weight", "classifier.1.weight", "classifier.4.weight"],
};

it.each(["deeplabv3", "fcn"] as const)("%s has the keys of torchvision's files, and is known by them", (name) => {
  const network = NETWORKS[name];
  const head = [...network.keys.keys()].filter((key) => key.startsWith("classifier.") && key.endsWith(".weight"));
  expect(head.toSorted()).toEqual(HEADS[name].toSorted());
  const weights = tinyWeights(network);
  const found = detectArchitecture(weights, "x.pth");
  expect(found).toMatchObject({ arch: name, backbone: "resnet50", numClasses: 21, alignCorners: false });
  expect([...found.keys]).toEqual([...network.keys]);
  const auxiliary = ["aux_classifier.0.weight", "aux_classifier.4.bias"];
  const bias = weights.get("classifier.4.bias");
  if (bias === undefined) throw new Error("no bias");
  const stateDict: StateDict = new Map([...weights, ...auxiliary.map((key) => [key, bias] as const)]);
  const [only, ...others] = findNetworks([{ path: [], stateDict }], "x.pth");
  expect(others).toEqual([]);
  expect(only).toMatchObject({ problems: [], unused: auxiliary });
});
