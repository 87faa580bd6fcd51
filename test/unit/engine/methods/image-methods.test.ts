// The table of methods: what is refused before the first image, and that each leaves one last prediction and no tensor.
import { describe, expect, it } from "vitest";
import { joinBands } from "../../../../src-main/engine/images/score-bands.ts";
import { checkMethod } from "../../../../src-main/engine/methods/image-methods.ts";
import { ImageSeries } from "../../../../src-main/engine/methods/image-series.ts";
import { predictWithDropout } from "../../../../src-main/engine/methods/inference/predict-with-dropout.ts";
import type { ScoreKind } from "../../../../src-main/engine/methods/shared/run-options.ts";
import { SegmentationModel } from "../../../../src-main/engine/methods/shared/segmentation-model.ts";
import {
  IMAGE_METHODS,
  type ImageMethodConfig,
  imageMethodConfigSchema,
} from "../../../../src-shared/contract/image-methods.ts";
import { CountingRuntime } from "../../../helpers/counting-runtime.ts";
import { onnxRuntime } from "../../../helpers/runtimes-under-test.ts";
import { TINY_ARCHITECTURES, tinyWeights } from "../../../helpers/tiny-architectures.ts";
import { blockImage } from "../../../helpers/tiny-model.ts";
import "../../../helpers/to-be-all-close.ts";

const image = blockImage(64, 48);
const architecture = TINY_ARCHITECTURES.deeplabv3plus;
const configOf = (change: object) =>
  imageMethodConfigSchema.parse({ scales: [0.5], threshold: 0, numEpochs: 2, passes: 2, ...change });

async function lastOf(model: SegmentationModel, series: ImageSeries) {
  const size = { numClasses: model.architecture.numClasses, height: image.height, width: image.width };
  const kept: { scores: Float32Array; kind: ScoreKind }[] = [];
  const finished = await series.run(image, {
    keeper: {
      keeps: () => false,
      prediction: async (_iteration, bands, kind) => void kept.push({ scores: await joinBands(bands, size), kind }),
      pseudoLabel: async () => undefined,
    },
  });
  const [last, ...others] = kept;
  if (last === undefined || others.length > 0) throw new Error(`${kept.length} predictions`);
  return { ...last, ...finished };
}

describe.each([[[]], [[48, 48]]])("in windows of %j", (window) => {
  it.each(IMAGE_METHODS)("%s ends with one prediction, and leaves no tensor behind", async (method) => {
    const runtime = new CountingRuntime(onnxRuntime);
    const model = new SegmentationModel(runtime, architecture, tinyWeights(architecture));
    const { alive } = runtime;
    const { scores, kind, losses } = await lastOf(
      model,
      new ImageSeries(model, configOf({ method, window, overlap: 8 })),
    );
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(kind).toBe(method === "tta" ? "probabilities" : "logits");
    expect(losses).toHaveLength(method === "adapt" ? 2 : 0);
    expect(runtime.alive).toBe(alive);
    await model.dispose();
  });
});

describe.each([[[]], [[48, 48]]])("fitted into a box, in windows of %j", (window) => {
  it.each(["predict", "tta"] as const)(
    "%s predicts every pixel of the image, and leaves no tensor behind",
    async (method) => {
      const runtime = new CountingRuntime(onnxRuntime);
      const model = new SegmentationModel(runtime, architecture, tinyWeights(architecture));
      const { alive } = runtime;
      const config = configOf({ method, window, overlap: 8, fit: [72, 96], scales: [1, 1.5] });
      const { scores, kind } = await lastOf(model, new ImageSeries(model, config));
      expect(scores).toHaveLength(model.architecture.numClasses * image.height * image.width);
      expect(scores.every(Number.isFinite)).toBe(true);
      expect(kind).toBe(method === "tta" ? "probabilities" : "logits");
      expect(runtime.alive).toBe(alive);
      await model.dispose();
    },
  );
});

it("fits no image into a box where the method adapts or drops out", () => {
  expect(configOf({ method: "adapt", fit: [72, 96] })).not.toHaveProperty("fit");
  expect(() => configOf({ method: "predict", fit: [72] })).toThrow(/a box has a height and a width/);
});

it("gives the logarithms of MC dropout's mean probabilities", async () => {
  const model = new SegmentationModel(onnxRuntime, architecture, tinyWeights(architecture));
  const { scores } = await lastOf(model, new ImageSeries(model, configOf({ method: "mc-dropout", seed: 3 })));
  const mean = (await predictWithDropout(model, image, { samples: 2, seed: 3, everyRelu: false })).scores;
  expect(scores).toEqual(mean.map(Math.log));
  await model.dispose();
});

it("lets only velocities go from one image to the next, and these on request", async () => {
  const model = new SegmentationModel(onnxRuntime, architecture, tinyWeights(architecture));
  const twice = async (carryVelocity: boolean) => {
    const series = new ImageSeries(model, configOf({ method: "adapt", momentum: 0.9, carryVelocity }));
    return [(await lastOf(model, series)).losses, (await lastOf(model, series)).losses];
  };
  const [first, again] = await twice(false);
  expect(again).toEqual(first);
  const [begun, carried] = await twice(true);
  expect(begun).toEqual(first);
  expect(carried).not.toEqual(first);
  await model.dispose();
});

describe("before the first image", () => {
  const check = (name: keyof typeof TINY_ARCHITECTURES, change: object) => () =>
    checkMethod(TINY_ARCHITECTURES[name], configOf(change));

  it.each(["deeplab", "deeplabv2", "deeplabv2vgg"] as const)(
    "MC dropout of %s is refused, unless it is said to have dropout",
    (name) => {
      expect(check(name, { method: "mc-dropout" })).toThrow(
        /^A deeplab\S* with \S+ has no dropout layers of its own, so that all passes of MC dropout would be the same; say that/,
      );
      expect(check(name, { method: "mc-dropout", dropout: true })).not.toThrow();
    },
  );

  it.each(["deeplabv3plus", "fcn8s"] as const)("MC dropout of %s is not", (name) => {
    expect(check(name, { method: "mc-dropout" })).not.toThrow();
  });

  it.each(IMAGE_METHODS)("%s is refused with a window that would never move on", (method) => {
    expect(check("deeplab", { method, window: [32, 32], overlap: 32, dropout: true })).toThrow("would never move on");
  });
});

it("a configuration has no parameter of another method", () => {
  const all: ImageMethodConfig[] = IMAGE_METHODS.map((method) => configOf({ method, baseLr: 0.1 }));
  expect(all.filter((config) => "baseLr" in config).map(({ method }) => method)).toEqual(["adapt"]);
  expect(all.filter((config) => "passes" in config).map(({ method }) => method)).toEqual(["mc-dropout"]);
  expect(all.filter((config) => "scales" in config).map(({ method }) => method)).toEqual(["tta", "adapt"]);
});
