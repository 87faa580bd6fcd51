// Weights from scratch: every key of the architecture, with the spread its kind wants.
import { expect, it } from "vitest";
import { toFloat32 } from "../../../../../src-main/engine/checkpoints/state-dict.ts";
import { initialStateDict } from "../../../../../src-main/engine/methods/source-training/initial-state-dict.ts";
import { deepLabOf } from "../../../../../src-main/engine/models/detect-architecture.ts";
import { keyProblems } from "../../../../../src-main/engine/models/match-state-dict.ts";

const architecture = deepLabOf("resnet18", 19, 16);
const stateDict = initialStateDict(architecture, 0.1, 7);

function valuesOf(key: string): Float32Array {
  const tensor = stateDict.get(key);
  if (tensor === undefined) throw new Error(`no "${key}"`);
  return toFloat32(tensor);
}

const deviation = (values: Float32Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

it("has exactly the architecture's keys and shapes, in its order", () => {
  expect(keyProblems(stateDict, architecture)).toEqual([]);
  expect([...stateDict.keys()]).toEqual([...architecture.keys.keys()]);
});

it("has the unused classifier of bottleneck networks too", () => {
  const wide = deepLabOf("resnet50", 19, 4);
  expect(keyProblems(initialStateDict(wide, 0.1, 7), wide)).toEqual([]);
});

it("spreads convolutions by the size of their output, and the head by 0.01", () => {
  expect(deviation(valuesOf("backbone.layer4.0.conv1.weight"))).toBeCloseTo(Math.sqrt(2 / (128 * 9)), 3);
  expect(deviation(valuesOf("cls_head.weight"))).toBeCloseTo(0.01, 3);
});

it("starts normalisation as the identity, with the asked alpha", () => {
  const layer = "backbone.layer1.0.bn1";
  expect(new Set(valuesOf(`${layer}.batch_norm.weight`))).toEqual(new Set([1]));
  expect(new Set(valuesOf(`${layer}.batch_norm.bias`))).toEqual(new Set([0]));
  expect(new Set(valuesOf(`${layer}.batch_norm.running_mean`))).toEqual(new Set([0]));
  expect(new Set(valuesOf(`${layer}.batch_norm.running_var`))).toEqual(new Set([1]));
  expect([...valuesOf(`${layer}.alpha`)]).toEqual([Math.fround(0.1)]);
  expect(stateDict.get(`${layer}.batch_norm.num_batches_tracked`)?.data).toEqual(new BigInt64Array(1));
});

it("is the same for the same seed and another for another", () => {
  const stem = (seed: number) => initialStateDict(architecture, 0.1, seed).get("backbone.conv1.weight");
  expect(stem(7)).toEqual(stateDict.get("backbone.conv1.weight"));
  expect(stem(8)).not.toEqual(stateDict.get("backbone.conv1.weight"));
});
