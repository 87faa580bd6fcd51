// Validation is plain inference with each variant of the weights.
import { expect, it } from "vitest";
import { argmaxLabels } from "../../../../src-main/engine/images/argmax.ts";
import { predict } from "../../../../src-main/engine/methods/inference/predict.ts";
import { SegmentationModel } from "../../../../src-main/engine/methods/shared/segmentation-model.ts";
import { addToConfusionMatrix, emptyConfusionMatrix } from "../../../../src-main/engine/metrics/confusion-matrix.ts";
import { segmentationScores } from "../../../../src-main/engine/metrics/iou.ts";
import { deepLabOf } from "../../../../src-main/engine/models/detect-architecture.ts";
import { validate } from "../../../../src-main/engine/training/validate.ts";
import { CancelledError } from "../../../../src-shared/contract/errors.ts";
import { CountingRuntime } from "../../../helpers/counting-runtime.ts";
import { variantOf } from "../../../helpers/evaluated-variant.ts";
import { onnxRuntime } from "../../../helpers/runtimes-under-test.ts";
import { tinyStateDict } from "../../../helpers/tiny-checkpoint.ts";
import { blockImage } from "../../../helpers/tiny-model.ts";

const ALPHAS = [0, 0.3, 1];
const data = {
  count: 3,
  read: (index: number) => {
    const image = blockImage(64, 48, index + 1);
    const labels = image.data.filter((_, k) => k % 3 === 0).map((red) => red % 19);
    return Promise.resolve({ image, labels: { width: 64, height: 48, data: labels } });
  },
};

it("scores each variant as a model with its weights, over the pixels of all images", async () => {
  const architecture = deepLabOf("resnet18", 19, 8);
  const models = ALPHAS.map((alpha) => new SegmentationModel(onnxRuntime, architecture, tinyStateDict(), alpha));
  const heard: number[] = [];
  const variants = models.map((model, k) => ({ ...variantOf(model), name: "alpha", value: ALPHAS[k] ?? null }));
  const scores = await validate(variants, data, 19, { onImage: (image) => heard.push(image) });
  expect(heard).toEqual([1, 2, 3]);
  for (const [k, model] of models.entries()) {
    const confusion = emptyConfusionMatrix(19);
    for (let index = 0; index < data.count; index++) {
      const { image, labels } = await data.read(index);
      const predicted = argmaxLabels((await predict(model, image)).scores, 19, 48, 64);
      addToConfusionMatrix(confusion, labels.data, predicted.data);
    }
    expect(scores[k]).toEqual({ name: "alpha", value: ALPHAS[k], miou: segmentationScores(confusion).meanIou });
    await model.dispose();
  }
});

it("gives every tensor back when it is stopped in the middle", async () => {
  const runtime = new CountingRuntime(onnxRuntime);
  const model = new SegmentationModel(runtime, deepLabOf("resnet18", 19, 8), tinyStateDict(), 0.3);
  const before = runtime.alive;
  const controller = new AbortController();
  const validation = validate([variantOf(model)], data, 19, {
    signal: controller.signal,
    onImage: () => controller.abort(),
  });
  await expect(validation).rejects.toThrow(CancelledError);
  expect(runtime.alive).toBe(before);
  await model.dispose();
});

it("of labels without a single class is 0", async () => {
  const model = new SegmentationModel(onnxRuntime, deepLabOf("resnet18", 19, 8), tinyStateDict(), 0);
  const blank = {
    count: 1,
    read: async (k: number) => {
      const { image, labels } = await data.read(k);
      return { image, labels: { ...labels, data: new Uint8Array(labels.data.length).fill(255) } };
    },
  };
  // Predicted classes that are nowhere in the labels count for nothing on pixels without a label.
  expect(await validate([variantOf(model)], blank, 19)).toEqual([{ name: "network", value: null, miou: 0 }]);
  await model.dispose();
});
