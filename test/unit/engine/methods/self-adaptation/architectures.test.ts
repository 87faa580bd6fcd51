// Self-adaptation of every architecture: what is constant over the iterations, what is frozen, and dropout.
import { describe, expect, it } from "vitest";
import { splitAtFirstTrained } from "../../../../../src-main/engine/methods/self-adaptation/adaptation-graphs.ts";
import {
  type Adaptation,
  type AdaptationOptions,
  selfAdapt,
} from "../../../../../src-main/engine/methods/self-adaptation/self-adapt.ts";
import type { SegmentationModel } from "../../../../../src-main/engine/methods/shared/segmentation-model.ts";
import type { DropoutMask } from "../../../../../src-main/engine/models/model-scope.ts";
import { type AdaptationConfig, adaptationConfigSchema } from "../../../../../src-shared/contract/adaptation-config.ts";
import { onnxRuntime, tfjsRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { TINY_ARCHITECTURES, tinyModelOf } from "../../../../helpers/tiny-architectures.ts";
import { blockImage, copied } from "../../../../helpers/tiny-model.ts";
import { TOLERANCES } from "../../../../helpers/tolerances.ts";
import "../../../../helpers/to-be-all-close.ts";

type Name = keyof typeof TINY_ARCHITECTURES;

const image = blockImage(48, 64);
// Small steps: large ones amplify rounding beyond what a comparison should allow.
const config = adaptationConfigSchema.parse({ numEpochs: 2, threshold: 0.5, scales: [0.5], baseLr: 0.0005 });

/** One of each, because compiling an HRNet's step takes seconds. */
const models: Readonly<Record<Name, SegmentationModel>> = {
  daformer: tinyModelOf(onnxRuntime, "daformer"),
  deeplab: tinyModelOf(onnxRuntime, "deeplab"),
  deeplabv2: tinyModelOf(onnxRuntime, "deeplabv2"),
  deeplabv2vgg: tinyModelOf(onnxRuntime, "deeplabv2vgg"),
  deeplabv3plus: tinyModelOf(onnxRuntime, "deeplabv3plus"),
  dlv2red: tinyModelOf(onnxRuntime, "dlv2red"),
  fcn8s: tinyModelOf(onnxRuntime, "fcn8s"),
  hrnet: tinyModelOf(onnxRuntime, "hrnet"),
  segformer: tinyModelOf(onnxRuntime, "segformer"),
};

/** Masks that drop nothing. */
const keepingAll = (_: number, { shape }: DropoutMask) =>
  new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1);

async function numbersOf(run: Promise<Adaptation>) {
  const { prediction, losses, weights } = await run;
  const numbers = { scores: prediction.scores, losses, weights: await copied(weights.tensors) };
  weights.dispose();
  return numbers;
}

function adapt(name: Name, change: Partial<AdaptationConfig> = {}, options: AdaptationOptions = {}) {
  return numbersOf(selfAdapt(models[name], image, { ...config, ...change }, options));
}

function expectAlike(found: Awaited<ReturnType<typeof adapt>>, expected: Awaited<ReturnType<typeof adapt>>): void {
  expect(found.losses).toBeAllClose(expected.losses, TOLERANCES.gradients);
  for (const [key, data] of expected.weights) {
    expect(found.weights.get(key), key).toBeAllClose(data, TOLERANCES.gradients);
  }
  expect(found.scores).toBeAllClose(expected.scores, TOLERANCES.gradients);
}

describe("the constant part", () => {
  it.each([
    ["deeplabv3plus", [1, 2], ["stem", "layer1", "layer2"]],
    ["deeplabv3plus", [1], ["stem", "layer1"]],
    ["deeplabv2", [1, 2], ["stem", "layer1", "layer2"]],
    ["deeplabv2vgg", [1, 2, 3], ["conv1", "conv2", "conv3"]],
    ["fcn8s", [1, 2], ["conv1", "conv2"]],
    ["fcn8s", [2, 3], []],
    ["hrnet", [1, 2], ["conv1"]],
    ["hrnet", [], ["conv1"]],
    ["hrnet", [1, 2, 3], ["conv1"]],
    ["daformer", [1, 2], ["stage1", "stage2"]],
    ["segformer", [1, 2, 3, 4], ["stage1", "stage2", "stage3", "stage4"]],
    ["dlv2red", [2, 3], []],
  ] as const)("of %s with frozen layers %j is %j", (name, layers, stages) => {
    const { constant } = splitAtFirstTrained(TINY_ARCHITECTURES[name], layers);
    expect(constant.map((stage) => stage.name)).toEqual(stages);
  });

  it("is nothing where dropout follows every ReLU", () => {
    const { constant, iterated } = splitAtFirstTrained(TINY_ARCHITECTURES.deeplab, [1, 2], "everyRelu");
    expect([constant, iterated]).toEqual([[], TINY_ARCHITECTURES.deeplab.stages]);
  });

  it.each([
    ["deeplabv3plus", { resnetLayers: [1, 2] }],
    ["deeplabv3plus", { resnetLayers: [1] }],
    ["deeplabv2", { resnetLayers: [1, 2] }],
    ["deeplabv2vgg", { vggLayers: [1, 2, 3] }],
    ["fcn8s", { vggLayers: [1, 2, 3, 4], scales: [1] }],
    ["hrnet", {}],
    ["segformer", { mitLayers: [1, 2, 3, 4], scales: [1] }],
  ] as const)("of %s computed once gives what computing it in every iteration gives: %j", async (name, change) => {
    const layers = { ...config, ...structuredClone(change) } as AdaptationConfig;
    const { stages } = TINY_ARCHITECTURES[name];
    // Masks by number would go to other layers.
    const options = name === "segformer" ? { masks: keepingAll } : {};
    const everyTime = await adapt(name, layers, { ...options, split: { constant: [], iterated: stages } });
    expectAlike(await adapt(name, layers, options), everyTime);
  });
});

describe("frozen layers", () => {
  const changedParts = async (name: Name, change: Partial<AdaptationConfig>) => {
    const { weights } = await adapt(name, change);
    const base = await copied(models[name].base);
    const changed = [...weights].filter(([key, data]) => data.some((value, k) => value !== base.get(key)?.[k]));
    const parameters = changed.map(([key]) => key).filter((key) => !key.includes(".running_"));
    return [...new Set(parameters.map((key) => key.split(".")[1]))];
  };

  it("of a transformer are what --mit-layers says, by the names of its stages", async () => {
    const trained = await changedParts("daformer", { mitLayers: [1, 3], scales: [1] });
    const parts = trained.filter((part) => /\d$/.test(part ?? "")).sort();
    expect(parts).toEqual(["block2", "block4", "norm2", "norm4", "patch_embed2", "patch_embed4"]);
  });

  it("of an HRNet are what --hrnet-layers says, whatever --resnet-layers does", async () => {
    const trained = await changedParts("hrnet", { hrnetLayers: [1, 2], resnetLayers: [1, 2, 3, 4] });
    expect(trained).toEqual(["conv2", "bn2", "layer1", "transition3", "stage4", "last_layer"]);
    const others = await changedParts("hrnet", { hrnetLayers: [3] });
    expect(others).toEqual(["conv2", "bn2", "layer1", "transition1", "stage2", "transition2", "stage3", "last_layer"]);
  });
});

describe("a network with plain normalisation", () => {
  it.each(["deeplabv2", "deeplabv2vgg", "fcn8s", "daformer", "segformer"] as const)(
    "%s adapts to an image",
    async (name) => {
      const { losses, weights } = await adapt(
        name,
        { numEpochs: 3, baseLr: 0.005, scales: [1] },
        { masks: keepingAll },
      );
      expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
      expect([...weights.keys()].filter((key) => key.endsWith(".alpha")).length).toBeGreaterThan(0);
    },
  );

  it("of a VGG leaves the groups alone that --vgg-layers names", async () => {
    const trained = async (vggLayers: number[]) => {
      const { weights } = await adapt("fcn8s", { vggLayers, scales: [1] });
      const base = await copied(models.fcn8s.base);
      const changed = [...weights].filter(([key, data]) => data.some((value, k) => value !== base.get(key)?.[k]));
      return changed.map(([key]) => key).filter((key) => key.endsWith(".weight"));
    };
    const [all, late] = [await trained([]), await trained([1, 2, 3, 4])];
    expect(all).toContain("block1.0.weight");
    expect(late.filter((key) => /^block[12]/.test(key))).toEqual([]);
    expect(late).toEqual(expect.arrayContaining(["block3.34.weight", "vgg_head.0.weight", "score_pool3.weight"]));
  });
});

describe("dropout", () => {
  it.each(["deeplab", "deeplabv3plus", "hrnet"] as const)("behind every ReLU of %s follows the seed", async (name) => {
    const [first, again, other] = [
      await adapt(name, { dropout: true }),
      await adapt(name, { dropout: true }),
      await adapt(name, { dropout: true, seed: 1 }),
    ];
    expect(again).toEqual(first);
    expect(other.losses).not.toEqual(first.losses);
  });

  it("of DeepLabv3+ itself follows the seed, too", async () => {
    const first = await adapt("deeplabv3plus");
    expect(await adapt("deeplabv3plus")).toEqual(first);
    expect((await adapt("deeplabv3plus", { seed: 1 })).losses).not.toEqual(first.losses);
  });

  it("asks for new masks in every iteration, and for none in evaluation", async () => {
    const asked: number[] = [];
    const masks = (k: number, { shape }: DropoutMask) => {
      asked.push(k);
      return new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1);
    };
    await adapt("deeplabv3plus", { numEpochs: 3 }, { masks });
    expect(asked).toEqual([0, 1, 2]);
  });

  it("that drops nothing changes nothing", async () => {
    expectAlike(await adapt("hrnet", { dropout: true }, { masks: keepingAll }), await adapt("hrnet"));
  });
});

describe("layer norms", () => {
  it("have no statistics of the batch: of a network with no other normalisation none move", async () => {
    const { losses, weights } = await adapt("dlv2red", { scales: [1] });
    expect(losses.every(Number.isFinite)).toBe(true);
    expect([...weights.keys()].filter((key) => /running_|alpha/.test(key))).toEqual([]);
  });

  it("stochastic depth of stages that learn follows the seed", async () => {
    const first = await adapt("dlv2red", { scales: [1] });
    expect(await adapt("dlv2red", { scales: [1] })).toEqual(first);
    // At rates below 0.1 some seeds leave out nothing.
    const others = await Promise.all(
      [1, 2, 3, 4].map((seed) => adapt("dlv2red", { scales: [1], seed, mitLayers: [] })),
    );
    expect(new Set(others.map(({ losses }) => String(losses))).size).toBeGreaterThan(1);
  });
});

describe("an image that is too small", () => {
  it("is one of which an HRNet's coarsest branch keeps a single pixel", async () => {
    const small = selfAdapt(models.hrnet, blockImage(32, 32), { ...config, scales: [1] });
    await expect(small).rejects.toMatchObject({ code: "image.size", message: expect.stringMatching("more than 32") });
  });

  it("does not exist for DeepLabv3+, which trains on two copies", async () => {
    const { losses } = await numbersOf(selfAdapt(models.deeplabv3plus, blockImage(8, 8), { ...config, scales: [1] }));
    expect(losses.every(Number.isFinite)).toBe(true);
  });
});

describe("both runtimes", () => {
  it.each(["deeplabv3plus", "hrnet", "daformer"] as const)("adapt a %s alike", async (name) => {
    const model = tinyModelOf(tfjsRuntime, name);
    const settings = { ...config, numEpochs: 1, scales: [1] };
    const found = await numbersOf(selfAdapt(model, image, settings));
    await model.dispose();
    expectAlike(found, await adapt(name, settings));
  });
});
