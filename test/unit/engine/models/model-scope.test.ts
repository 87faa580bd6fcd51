// What evaluation and training make of one model: where dropout is, and that a lone image stands for two copies.
import { describe, expect, it, test } from "vitest";
import { classTargets } from "../../../../src-main/engine/graph/functions/class-targets.ts";
import { crossEntropy } from "../../../../src-main/engine/graph/functions/cross-entropy.ts";
import { gradients } from "../../../../src-main/engine/graph/gradients.ts";
import { graphOf } from "../../../../src-main/engine/graph/graph.ts";
import { at } from "../../../../src-main/engine/graph/node.ts";
import { constant } from "../../../../src-main/engine/graph/ops/constant.ts";
import { input } from "../../../../src-main/engine/graph/ops/input.ts";
import { mul } from "../../../../src-main/engine/graph/ops/mul.ts";
import { reduceSum } from "../../../../src-main/engine/graph/ops/reduce-sum.ts";
import { slice } from "../../../../src-main/engine/graph/ops/slice.ts";
import type { Node, Shape } from "../../../../src-main/engine/graph/types.ts";
import { floats } from "../../../../src-main/engine/methods/inference/predict.ts";
import { seededMasks, uploadMasks } from "../../../../src-main/engine/methods/shared/dropout-masks.ts";
import { SegmentationModel } from "../../../../src-main/engine/methods/shared/segmentation-model.ts";
import { type Architecture, forward, requireSide } from "../../../../src-main/engine/models/architecture.ts";
import { deepLabOf, deepLabV3PlusOf } from "../../../../src-main/engine/models/detect-architecture.ts";
import { hrnet } from "../../../../src-main/engine/models/hrnet.ts";
import {
  type DropoutPlaces,
  GraphScope,
  type StatisticsSource,
} from "../../../../src-main/engine/models/model-scope.ts";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { evaluateNamed, onnxRuntime } from "../../../helpers/runtimes-under-test.ts";
import { type TestTensor, tensor, uniform } from "../../../helpers/seeded-tensors.ts";
import { TINY_ARCHITECTURES, tinyWeights } from "../../../helpers/tiny-architectures.ts";
import { blockImage, copied } from "../../../helpers/tiny-model.ts";
import "../../../helpers/to-be-all-close.ts";
import { toFloat32 } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import { TOLERANCES } from "../../../helpers/tolerances.ts";

function masksOf(architecture: Architecture, dropout: DropoutPlaces): Shape[] {
  const scope = new GraphScope(architecture.normalization, { statistics: "mixed", dropout });
  forward(architecture, scope, input("image", [1, 3, 64, 32]));
  return [...scope.masks.values()].map(({ shape }) => shape);
}

describe("dropout", () => {
  const v3Plus = deepLabV3PlusOf("resnet50", 19, 64);

  it("is nowhere in plain evaluation", () => {
    for (const architecture of Object.values(TINY_ARCHITECTURES)) expect(masksOf(architecture, "nowhere")).toEqual([]);
  });

  it("is a layer of DeepLabv3+, behind its pyramid", () => {
    expect(masksOf(v3Plus, "ownLayers")).toEqual([[1, 256, 8, 4]]);
    expect(masksOf(TINY_ARCHITECTURES.deeplab, "ownLayers")).toEqual([]);
    expect(masksOf(TINY_ARCHITECTURES.hrnet, "ownLayers")).toEqual([]);
  });

  it("is of channels in FCN-8s, behind both layers of its head", () => {
    expect(masksOf(TINY_ARCHITECTURES.fcn8s, "ownLayers")).toEqual([
      [1, 32, 1, 1],
      [1, 32, 1, 1],
    ]);
  });

  // Modules are shared: a bottleneck draws three times, a basic block twice, an HRNet module once for each branch.
  it.each([
    ["DeepLabv1-R50", deepLabOf("resnet50", 19, 64), 49],
    ["DeepLabv3+-R50", v3Plus, 49 + 8 + 1],
    [
      "HRNet-W18",
      hrnet({ width: 18, stemWidth: 64, numClasses: 19 }),
      2 + 12 + 4 + 2 * 104 + 16 + 2 + 4 * 3 + 3 * 4 + 1,
    ],
  ])("behind every ReLU of %s draws as often as the original", (_, architecture, count) => {
    expect(masksOf(architecture, "everyRelu")).toHaveLength(count);
  });
});

describe("normalisation", () => {
  const x = tensor([2, 1, 1, 2], [1, 3, 5, 7]);
  const given = (name: string, value: number): [string, TestTensor] => [name, tensor([1], [value])];
  /** Batch: mean 4, variance 5. */
  const layer = new Map([
    ["x", x] as const,
    ["bn.alpha", tensor([], [0.5])] as const,
    given("bn.weight", 3),
    given("bn.bias", 10),
    given("bn.running_mean", 2),
    given("bn.running_var", 3),
  ]);
  const passed = (statistics: StatisticsSource) => {
    const scope = new GraphScope("plain", { statistics });
    const y = scope.normalize(input("x", x.shape), "bn");
    return { scope, y };
  };

  it.each([
    ["batch", 4, 5],
    ["running", 2, 3],
    ["mixed", 3, 4],
  ] as const)("by %s statistics has its gradients for weight and bias", async (statistics, mean, variance) => {
    const { scope, y } = passed(statistics);
    expect([...scope.parameters.keys()]).toEqual(["bn.weight", "bn.bias"]);
    const factors = [1, 10, 100, 1000];
    const weighted = mul(y, constant(Float32Array.from(factors), x.shape));
    const [weight, bias] = gradients(reduceSum(weighted, [0, 1, 2, 3]), [...scope.parameters.values()]);
    const found = await evaluateNamed(onnxRuntime, layer, { y, weight: weight as Node, bias: bias as Node });
    const normalized = [...x.data].map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
    expect(found.y).toBeAllClose(
      normalized.map((value) => 3 * value + 10),
      TOLERANCES.values,
    );
    const products = normalized.map((value, k) => value * (factors[k] ?? 0));
    expect(found.weight).toBeAllClose([products.reduce((sum, value) => sum + value)], TOLERANCES.values);
    expect(found.bias).toBeAllClose([1111], TOLERANCES.values);
  });

  it("reads running statistics only where it normalises by them, and alpha only where it mixes", () => {
    const buffers = (statistics: StatisticsSource) => [...passed(statistics).scope.buffers.keys()];
    expect(buffers("batch")).toEqual([]);
    expect(buffers("running")).toEqual(["bn.running_mean", "bn.running_var"]);
    expect(buffers("mixed")).toEqual(["bn.running_mean", "bn.running_var", "bn.alpha"]);
  });
});

test("dropout of channels asks for one number a channel", async () => {
  const scope = new GraphScope("plain", { statistics: "batch", dropout: "ownLayers" });
  const y = scope.channelDropout(input("x", [2, 3, 1, 2]));
  expect([...scope.masks]).toEqual([["dropout.0", { shape: [2, 3, 1, 1], rate: 0.1 }]]);
  const x = tensor([2, 3, 1, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const mask = tensor([2, 3, 1, 1], [0, 1, 2, 1, 0, 3]);
  const found = await evaluateNamed(
    onnxRuntime,
    new Map([
      ["x", x],
      ["dropout.0", mask],
    ]),
    { y },
  );
  expect([...found.y]).toEqual([0, 0, 3, 4, 10, 12, 7, 8, 0, 0, 33, 36]);
});

describe("a plain network", () => {
  it("has no alpha in its weights, and takes the one that is given at use", async () => {
    const architecture = TINY_ARCHITECTURES.deeplabv2;
    const stateDict = tinyWeights(architecture);
    expect([...stateDict.keys()].filter((key) => key.endsWith(".alpha"))).toEqual([]);
    const logitsAt = async (alpha?: number) => {
      const model = new SegmentationModel(onnxRuntime, architecture, stateDict, alpha);
      const logits = await floats(await model.logits(model.upload(blockImage(48, 32))));
      await model.dispose();
      return logits;
    };
    const stored = await logitsAt();
    expect(await logitsAt(0)).toEqual(stored);
    expect(await logitsAt(0.5)).not.toEqual(stored);
  });
});

test("a pass gives every stage's feature maps by name", () => {
  const architecture = TINY_ARCHITECTURES.deeplabv3plus;
  const scope = new GraphScope(architecture.normalization, { statistics: "running" });
  const { logits, features } = forward(architecture, scope, input("image", [1, 3, 64, 32]));
  expect([...features].map(([name, maps]) => [name, ...maps.map(({ shape }) => shape.slice(1))])).toEqual([
    ["stem", [8, 16, 8]],
    ["layer1", [8, 16, 8], [8, 16, 8]],
    ["layer2", [16, 8, 4], [8, 16, 8]],
    ["layer3", [32, 8, 4], [8, 16, 8]],
    ["layer4", [64, 8, 4], [8, 16, 8]],
    ["head", [19, 16, 8]],
  ]);
  expect(features.get("head")).toEqual([logits]);
});

describe.each(Object.entries(TINY_ARCHITECTURES))("sizes of %s", (name, architecture) => {
  /** Pixels of the smallest feature map that a normalisation layer gets. */
  function fewestPixels(height: number, width: number): number {
    const seen: number[] = [];
    class Watched extends GraphScope {
      override normalize(x: Node, layer: string): Node {
        seen.push(at(x.shape, 2) * at(x.shape, 3));
        return super.normalize(x, layer);
      }
    }
    const scope = new Watched(architecture.normalization, { statistics: "running" });
    forward(architecture, scope, input("image", [1, 3, height, width]));
    return Math.min(...seen);
  }

  // The pyramid's pooled branch always normalises a single pixel: there two copies make the statistics.
  it.skipIf(name === "deeplabv3plus" || architecture.coarsestStride === 0)(
    "up to the coarsest stride something is a single pixel, beyond nothing is",
    () => {
      const { coarsestStride: side } = architecture;
      expect(fewestPixels(side, side)).toBe(1);
      expect(fewestPixels(side, side + 1)).toBeGreaterThan(1);
      expect(fewestPixels(side + 1, side)).toBeGreaterThan(1);
    },
  );

  it("from the smallest side on there is something left of every size", () => {
    const { smallestSide: side } = architecture;
    for (const [height, width] of [...Array(70).keys()].map(
      (more) => [side + more, side + ((more * 7) % 33)] as const,
    )) {
      const scope = new GraphScope(architecture.normalization, { statistics: "running" });
      const { logits } = forward(architecture, scope, input("image", [1, 3, height, width]));
      expect(logits.shape[1]).toBe(19);
    }
    if (side === 1) return;
    expect(() => fewestPixels(side - 1, side)).toThrow(AppError);
    expect(() => requireSide(architecture, { width: side - 1, height: side }, "The image")).toThrow(
      `The image has ${side - 1} x ${side} pixels, and nothing is left of it behind the poolings of`,
    );
  });
});

describe("a lone image that stands for two copies", () => {
  const architecture = TINY_ARCHITECTURES.deeplabv3plus;
  const size = [40, 24] as const;
  const one = uniform([1, 3, ...size], 3).data;
  const labels = Int32Array.from({ length: size[0] * size[1] }, (_, k) => k % 19);

  /** Loss, gradients and statistics in training mode; masks make the copies different. */
  async function trained(places: DropoutPlaces, copies: 1 | 2) {
    const images = copies === 2 ? 1 : 2;
    const scope = new GraphScope(architecture.normalization, { statistics: "batch", copies, dropout: places });
    const { logits: low } = forward(architecture, scope, input("image", [images, 3, ...size]));
    const first = slice(low, [0, 0, 0, 0], low.shape.with(0, 1));
    const loss = crossEntropy(first, input("target", first.shape));
    const parameters = [...scope.parameters];
    const gradient = gradients(
      loss,
      parameters.map(([, parameter]) => parameter),
    );
    const outputs: [string, Node][] = [
      ["loss", loss],
      ...parameters.map(([key], k): [string, Node] => [key, at(gradient, k)]),
      ...[...scope.statistics].flatMap(([layer, { mean, unbiasedVariance }]): [string, Node][] => [
        [`${layer} mean`, mean],
        [`${layer} variance`, unbiasedVariance],
      ]),
    ];
    const program = await onnxRuntime.compile(graphOf(Object.fromEntries(outputs)));
    const weights = [...tinyWeights(architecture)].map(
      ([key, tensor]) => [key, toFloat32(tensor), tensor.shape] as const,
    );
    const data = images === 1 ? one : Float32Array.from([...one, ...one]);
    const classes = await targetsOf(first.shape);
    const given = new Map([
      ...weights.map(([key, values, shape]) => [key, onnxRuntime.upload(values, shape)] as const),
      ...uploadMasks(onnxRuntime, scope.masks, seededMasks(1), 0),
      ["image", onnxRuntime.upload(data, [images, 3, ...size])] as const,
      ["target", classes] as const,
    ]);
    const numbers = await copied(await program.run(given));
    await program.dispose();
    return numbers;
  }

  async function targetsOf(shape: Shape) {
    const plane: Shape = [1, 1, at(shape, 2), at(shape, 3)];
    const program = await onnxRuntime.compile(graphOf({ target: classTargets(input("labels", plane, "int32"), 19) }));
    const count = at(plane, 2) * at(plane, 3);
    const outputs = await program.run(new Map([["labels", onnxRuntime.upload(labels.slice(0, count), plane)]]));
    return at([...outputs.values()], 0);
  }

  it.each(["ownLayers", "everyRelu"] as const)("gives the numbers of two, with dropout in %s", async (places) => {
    const pair = await trained(places, 1);
    const lone = await trained(places, 2);
    expect([...lone.keys()]).toEqual([...pair.keys()]);
    for (const [name, numbers] of pair) {
      // Two equal numbers have no variance: what is left of these gradients is rounding, of one number nothing at all.
      const isPooled = places === "ownLayers" && /aspp\.convs\.4\..*weight$/.test(name);
      if (isPooled) {
        expect(Math.max(...numbers.map(Math.abs)), name).toBeLessThan(1e-3);
        expect(
          lone.get(name)?.every((gradient) => gradient === 0),
          name,
        ).toBe(true);
        continue;
      }
      const scale = Math.max(...numbers.map(Math.abs));
      expect(lone.get(name), name).toBeAllClose(numbers, { relative: 1e-4, absolute: 1e-4 * scale + 1e-7 });
    }
  });
});
