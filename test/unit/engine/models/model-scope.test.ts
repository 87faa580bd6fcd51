// What evaluation and training make of one model: where dropout is, and that a lone image stands for two copies.
import { describe, expect, it } from "vitest";
import { classTargets } from "../../../../src-main/engine/graph/functions/class-targets.ts";
import { crossEntropy } from "../../../../src-main/engine/graph/functions/cross-entropy.ts";
import { gradients } from "../../../../src-main/engine/graph/gradients.ts";
import { graphOf } from "../../../../src-main/engine/graph/graph.ts";
import { at } from "../../../../src-main/engine/graph/node.ts";
import { input } from "../../../../src-main/engine/graph/ops/input.ts";
import { slice } from "../../../../src-main/engine/graph/ops/slice.ts";
import type { Node, Shape } from "../../../../src-main/engine/graph/types.ts";
import { seededMasks, uploadMasks } from "../../../../src-main/engine/methods/shared/dropout-masks.ts";
import { type Architecture, applyStages } from "../../../../src-main/engine/models/architecture.ts";
import { deepLabOf, deepLabV3PlusOf } from "../../../../src-main/engine/models/detect-architecture.ts";
import { hrnet } from "../../../../src-main/engine/models/hrnet.ts";
import { type DropoutPlaces, EvaluationScope, TrainingScope } from "../../../../src-main/engine/models/model-scope.ts";
import { onnxRuntime } from "../../../helpers/runtimes-under-test.ts";
import { uniform } from "../../../helpers/seeded-tensors.ts";
import { TINY_ARCHITECTURES, tinyWeights } from "../../../helpers/tiny-architectures.ts";
import { copied } from "../../../helpers/tiny-model.ts";
import "../../../helpers/to-be-all-close.ts";
import { toFloat32 } from "../../../../src-main/engine/checkpoints/state-dict.ts";

function masksOf({ stages }: Architecture, places: DropoutPlaces): Shape[] {
  const scope = new EvaluationScope(true, places);
  applyStages(stages, scope, [input("image", [1, 3, 64, 32])]);
  return [...scope.masks.values()];
}

describe("dropout", () => {
  const v3Plus = deepLabV3PlusOf("resnet50", 19, 64);

  it("is nowhere in plain evaluation", () => {
    for (const architecture of Object.values(TINY_ARCHITECTURES)) expect(masksOf(architecture, "nowhere")).toEqual([]);
  });

  it("is a layer of DeepLabv3+, behind its pyramid, and of no other architecture", () => {
    expect(masksOf(v3Plus, "ownLayers")).toEqual([[1, 256, 8, 4]]);
    expect(masksOf(TINY_ARCHITECTURES.deeplab, "ownLayers")).toEqual([]);
    expect(masksOf(TINY_ARCHITECTURES.hrnet, "ownLayers")).toEqual([]);
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

describe("a lone image that stands for two copies", () => {
  const architecture = TINY_ARCHITECTURES.deeplabv3plus;
  const size = [40, 24] as const;
  const one = uniform([1, 3, ...size], 3).data;
  const labels = Int32Array.from({ length: size[0] * size[1] }, (_, k) => k % 19);

  /** Loss, gradients and statistics in training mode; masks make the copies different. */
  async function trained(places: DropoutPlaces, copies: 1 | 2) {
    const images = copies === 2 ? 1 : 2;
    const scope = new TrainingScope({ copies, places });
    const low = at(applyStages(architecture.stages, scope, [input("image", [images, 3, ...size])]), 0);
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
