// Weights from scratch: every key of an architecture, with the spread its kind wants.
import { describe, expect, it } from "vitest";
import { type StateDict, toFloat32 } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import { daSacNetwork } from "../../../../src-main/engine/models/da-sac-networks.ts";
import { deepLabOf, deepLabV3PlusOf } from "../../../../src-main/engine/models/detect-architecture.ts";
import { initialStateDict } from "../../../../src-main/engine/models/initial-state-dict.ts";
import { keyProblems } from "../../../../src-main/engine/models/match-state-dict.ts";
import { TINY_ARCHITECTURES } from "../../../helpers/tiny-architectures.ts";

const architecture = deepLabOf("resnet18", 19, 16);
const stateDict = initialStateDict(architecture, 0.1, 7);

function valuesOf(weights: StateDict, key: string): Float32Array {
  const tensor = weights.get(key);
  if (tensor === undefined) throw new Error(`no "${key}"`);
  return toFloat32(tensor);
}

const deviation = (values: Float32Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
const largest = (values: Float32Array) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);

it.each(Object.entries(TINY_ARCHITECTURES))("has exactly the keys and shapes of %s, in their order", (_, network) => {
  const weights = initialStateDict(network, 0.1, 7);
  expect(keyProblems(weights, network)).toEqual([]);
  expect([...weights.keys()]).toEqual([...network.keys.keys()]);
});

it("has the unused classifier of bottleneck networks too", () => {
  const wide = deepLabOf("resnet50", 19, 4);
  const weights = initialStateDict(wide, 0.1, 7);
  expect(keyProblems(weights, wide)).toEqual([]);
  expect(largest(valuesOf(weights, "backbone.fc.weight"))).toBe(0);
});

it("spreads convolutions by the size of their output, and DeepLabv1's head by 0.01", () => {
  expect(deviation(valuesOf(stateDict, "backbone.layer4.0.conv1.weight"))).toBeCloseTo(Math.sqrt(2 / (128 * 9)), 3);
  expect(deviation(valuesOf(stateDict, "cls_head.weight"))).toBeCloseTo(0.01, 3);
  expect(largest(valuesOf(stateDict, "cls_head.bias"))).toBe(0);
});

it("spreads DeepLabv3+'s head by the size of its input", () => {
  const weights = initialStateDict(deepLabV3PlusOf("resnet18", 19, 8, { headWidth: 32, detailWidth: 6 }), 0.1, 7);
  const branch = valuesOf(weights, "model.classifier.aspp.convs.1.0.weight");
  expect(deviation(branch) / Math.sqrt(2 / (64 * 9))).toBeCloseTo(1, 1);
  expect(largest(valuesOf(weights, "model.classifier.classifier.3.bias"))).toBeLessThanOrEqual(1 / Math.sqrt(32));
  expect(largest(valuesOf(weights, "model.classifier.classifier.3.bias"))).toBeGreaterThan(0);
});

it("starts normalisation as the identity, with the asked alpha where there is one", () => {
  const plain = initialStateDict(TINY_ARCHITECTURES.fcn8s, 0.1, 7);
  for (const [weights, layer] of [
    [stateDict, "backbone.layer1.0.bn1.batch_norm"],
    [plain, "vgg_head.1"],
  ] as const) {
    const values = ["weight", "bias", "running_mean", "running_var"].map((part) => [
      ...new Set(valuesOf(weights, `${layer}.${part}`)),
    ]);
    expect(values).toEqual([[1], [0], [0], [1]]);
    expect(weights.get(`${layer}.num_batches_tracked`)?.data).toEqual(new BigInt64Array(1));
  }
  expect([...valuesOf(stateDict, "backbone.layer1.0.bn1.alpha")]).toEqual([Math.fround(0.1)]);
});

it("is the same for the same seed and another for another", () => {
  const stem = (seed: number) => initialStateDict(architecture, 0.1, seed).get("backbone.conv1.weight");
  expect(stem(7)).toEqual(stateDict.get("backbone.conv1.weight"));
  expect(stem(8)).not.toEqual(stateDict.get("backbone.conv1.weight"));
});

describe("DA-SAC's networks", () => {
  const of = (name: Parameters<typeof daSacNetwork>[0]) => {
    const network = daSacNetwork(name, 19, 8);
    return { network, weights: initialStateDict(network, 0, 7) };
  };

  it("start all convolutions of a ResNet with N(0, 0.01²), biases as PyTorch does", () => {
    const { weights } = of("deeplabv2_resnet101");
    for (const key of ["model.layer4.0.conv2.weight", "model.layer5.conv2d_list.3.weight"]) {
      expect(deviation(valuesOf(weights, key)), key).toBeCloseTo(0.01, 3);
    }
    const bias = valuesOf(weights, "model.layer5.conv2d_list.3.bias");
    expect(largest(bias)).toBeLessThanOrEqual(1 / Math.sqrt(256 * 9));
    expect(largest(bias)).toBeGreaterThan(0.5 / Math.sqrt(256 * 9));
  });

  it("start late layers of a VGG as PyTorch does, classifiers with 0.01", () => {
    const { weights } = of("deeplabv2_vgg16_bn");
    const limit = 1 / Math.sqrt(64 * 9);
    for (const key of ["features.42.weight", "features.42.bias"]) {
      expect(largest(valuesOf(weights, key)), key).toBeLessThanOrEqual(limit);
      expect(largest(valuesOf(weights, key)), key).toBeGreaterThan(0.9 * limit);
    }
    expect(deviation(valuesOf(weights, "classifier.conv2d_list.0.weight"))).toBeCloseTo(0.01, 3);
    expect(largest(valuesOf(weights, "features.0.bias"))).toBe(0);
  });

  it("start the FCN's head as PyTorch does, its scores with 0.01", () => {
    const { weights } = of("fcn_vgg16_bn");
    expect(largest(valuesOf(weights, "vgg_head.4.weight"))).toBeLessThanOrEqual(1 / Math.sqrt(512));
    expect(deviation(valuesOf(weights, "vgg_head.4.weight"))).toBeCloseTo(1 / Math.sqrt(3 * 512), 3);
    expect(deviation(valuesOf(weights, "score_pool4.weight"))).toBeCloseTo(0.01, 3);
  });
});
