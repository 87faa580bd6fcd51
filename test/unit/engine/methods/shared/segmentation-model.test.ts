// A model on a runtime: its weights, an alpha for all layers, and logits in the sizes asked for.
import { describe, expect, it } from "vitest";
import { floats } from "../../../../../src-main/engine/methods/inference/predict.ts";
import { outputOf, SegmentationModel } from "../../../../../src-main/engine/methods/shared/segmentation-model.ts";
import { deepLabOf } from "../../../../../src-main/engine/models/detect-architecture.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { tinyStateDict } from "../../../../helpers/tiny-checkpoint.ts";
import { blockImage, copied, tinyModel } from "../../../../helpers/tiny-model.ts";

const architecture = deepLabOf("resnet18", 19, 8);

describe("SegmentationModel", () => {
  it("holds every tensor of the state dict as float32", async () => {
    const stateDict = tinyStateDict();
    const weights = await copied(tinyModel(onnxRuntime).base);
    expect([...weights.keys()]).toEqual([...stateDict.keys()]);
    for (const [key, data] of weights)
      expect(data, key).toEqual(Float32Array.from(stateDict.get(key)?.data ?? [], Number));
  });

  it("replaces the alpha of every layer, and nothing else", async () => {
    const weights = await copied(new SegmentationModel(onnxRuntime, architecture, tinyStateDict(), 0.25).base);
    const base = await copied(tinyModel(onnxRuntime).base);
    for (const [key, data] of weights) {
      expect(data, key).toEqual(key.endsWith(".alpha") ? Float32Array.of(0.25) : base.get(key));
    }
  });

  it("gives logits at an eighth of the image's size, rounded up", async () => {
    const model = tinyModel(onnxRuntime);
    const logits = await model.logits(model.upload(blockImage(65, 33)));
    expect(logits.shape).toEqual([1, 19, 5, 9]);
  });

  it("enlarges to the input's size with aligned corners, then to the image's own by half-pixel centres", async () => {
    const model = tinyModel(onnxRuntime);
    const low = onnxRuntime.upload(Float32Array.of(0, 10, 20, 100), [1, 1, 1, 4]);
    expect(await floats(await model.enlarge(low, [1, 7]))).toEqual(Float32Array.of(0, 5, 10, 15, 20, 60, 100));
    // Same size twice is an identity.
    expect(await floats(await model.enlarge(low, [1, 4], [1, 4]))).toEqual(Float32Array.of(0, 10, 20, 100));
    const [first, , , last] = await floats(await model.enlarge(low, [1, 7], [1, 14]));
    expect([first, last]).toEqual([0, 6.25]);
  });

  it("says which output a program lacks", () => {
    expect(() => outputOf(new Map(), "logits")).toThrow('a program has no output "logits"');
  });
});
