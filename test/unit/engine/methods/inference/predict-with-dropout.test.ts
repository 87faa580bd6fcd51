// Monte-Carlo dropout: the mean and the variance of passes that differ, by the seed.
import { describe, expect, it } from "vitest";
import { predict } from "../../../../../src-main/engine/methods/inference/predict.ts";
import {
  type DropoutSettings,
  predictWithDropout,
} from "../../../../../src-main/engine/methods/inference/predict-with-dropout.ts";
import { seededMasks } from "../../../../../src-main/engine/methods/shared/dropout-masks.ts";
import type { DropoutMask } from "../../../../../src-main/engine/models/model-scope.ts";
import { CancelledError } from "../../../../../src-shared/contract/errors.ts";
import { loadedTfjs, onnxRuntime, tfjsRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { tinyModelOf } from "../../../../helpers/tiny-architectures.ts";
import { blockImage } from "../../../../helpers/tiny-model.ts";
import "../../../../helpers/to-be-all-close.ts";

const image = blockImage(40, 24);
const PIXELS = 40 * 24;
const model = tinyModelOf(onnxRuntime, "deeplabv3plus");
const settings: DropoutSettings = { samples: 3, seed: 5, everyRelu: false };
const CLOSE = { relative: 1e-5, absolute: 1e-6 };

/** The probabilities of each pass by itself: one pass is its own mean. */
async function passes(count: number): Promise<Float32Array[]> {
  const scores: Float32Array[] = [];
  for (let pass = 0; pass < count; pass += 1) {
    const masks = (k: number, mask: DropoutMask) => seededMasks(settings.seed)(pass + k, mask);
    scores.push((await predictWithDropout(model, image, { ...settings, samples: 1, masks })).scores);
  }
  return scores;
}

describe("predictWithDropout", () => {
  it("gives mean and unbiased variance of the passes' probabilities", async () => {
    const { scores, variance, lowResolution } = await predictWithDropout(model, image, settings);
    const single = await passes(3);
    const mean = scores.map((_, k) => single.reduce((sum, pass) => sum + (pass[k] ?? 0), 0) / 3);
    const spread = mean.map((m, k) => single.reduce((sum, pass) => sum + ((pass[k] ?? 0) - m) ** 2, 0) / 2);
    expect(single[0]).not.toEqual(single[1]);
    expect(scores).toBeAllClose(mean, CLOSE);
    expect(variance).toBeAllClose(spread, CLOSE);
    expect(Math.max(...variance)).toBeGreaterThan(1e-6);
    expect(lowResolution).toBeNull();
  });

  it("gives probabilities, which sum to 1 at every pixel", async () => {
    const { scores } = await predictWithDropout(model, image, { ...settings, everyRelu: true });
    for (let pixel = 0; pixel < PIXELS; pixel += 97) {
      const sum = Array.from({ length: 19 }, (_, k) => scores[k * PIXELS + pixel] ?? 0).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
  });

  it("follows the seed", async () => {
    const first = await predictWithDropout(model, image, settings);
    expect(await predictWithDropout(model, image, settings)).toEqual(first);
    expect((await predictWithDropout(model, image, { ...settings, seed: 6 })).scores).not.toEqual(first.scores);
  });

  it("is plain inference's softmax when nothing is dropped, without variance", async () => {
    const masks = (_: number, { shape }: DropoutMask) =>
      new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1);
    const { scores, variance } = await predictWithDropout(model, image, { ...settings, everyRelu: true, masks });
    expect(scores).toBeAllClose(softmaxed((await predict(model, image)).scores), CLOSE);
    expect(Math.max(...variance)).toBeLessThan(1e-12);
  });

  it("works for every architecture with dropout behind its ReLUs", async () => {
    for (const name of ["deeplab", "hrnet"] as const) {
      const { variance } = await predictWithDropout(tinyModelOf(onnxRuntime, name), image, {
        ...settings,
        everyRelu: true,
      });
      expect(Math.max(...variance)).toBeGreaterThan(1e-6);
    }
  });

  it("refuses a network without dropout, in words", async () => {
    await expect(predictWithDropout(tinyModelOf(onnxRuntime, "deeplab"), image, settings)).rejects.toMatchObject({
      code: "input.option",
      message:
        "A deeplab with resnet18 has no dropout layers of its own, so that all passes of MC dropout would be the same; say " +
        "that it was trained with dropout behind every ReLU (--dropout), if it was, or choose another method.",
    });
  });

  it("stops between passes, and leaves no tensor behind", async () => {
    const before = loadedTfjs.tf.memory().numTensors;
    const tfjsModel = tinyModelOf(tfjsRuntime, "deeplabv3plus");
    await predictWithDropout(tfjsModel, image, { ...settings, samples: 2 });
    const controller = new AbortController();
    const masks = (_: number, { shape }: DropoutMask) => {
      controller.abort();
      return new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1);
    };
    const cancelled = predictWithDropout(tfjsModel, image, { ...settings, masks }, { signal: controller.signal });
    await expect(cancelled).rejects.toThrow(CancelledError);
    await tfjsModel.dispose();
    expect(loadedTfjs.tf.memory().numTensors).toBe(before);
  });
});

function softmaxed(logits: Float32Array): Float32Array {
  const result = new Float32Array(logits.length);
  for (let pixel = 0; pixel < PIXELS; pixel += 1) {
    const exps = Array.from({ length: 19 }, (_, k) => Math.exp(logits[k * PIXELS + pixel] ?? Number.NaN));
    const sum = exps.reduce((a, b) => a + b, 0);
    exps.forEach((value, k) => {
      result[k * PIXELS + pixel] = value / sum;
    });
  }
  return result;
}
