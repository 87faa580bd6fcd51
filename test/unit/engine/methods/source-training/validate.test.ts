// Validation with a grid of alphas is plain inference with each of them.
import { expect, it } from "vitest";
import { argmaxLabels } from "../../../../../src-main/engine/images/argmax.ts";
import { predict } from "../../../../../src-main/engine/methods/inference/predict.ts";
import { SegmentationModel } from "../../../../../src-main/engine/methods/shared/segmentation-model.ts";
import { validate } from "../../../../../src-main/engine/methods/source-training/validate.ts";
import { addToConfusionMatrix, emptyConfusionMatrix } from "../../../../../src-main/engine/metrics/confusion-matrix.ts";
import { segmentationScores } from "../../../../../src-main/engine/metrics/iou.ts";
import { deepLabOf } from "../../../../../src-main/engine/models/detect-architecture.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { tinyStateDict } from "../../../../helpers/tiny-checkpoint.ts";
import { blockImage } from "../../../../helpers/tiny-model.ts";

const ALPHAS = [0, 0.3, 1];
const data = {
  count: 3,
  read: (index: number) => {
    const image = blockImage(64, 48, index + 1);
    const labels = image.data.filter((_, k) => k % 3 === 0).map((red) => red % 19);
    return Promise.resolve({ image, labels: { width: 64, height: 48, data: labels } });
  },
};

it("scores each alpha as a model with that alpha, over the pixels of all images", async () => {
  const architecture = deepLabOf("resnet18", 19, 8);
  const model = new SegmentationModel(onnxRuntime, architecture, tinyStateDict(), 1);
  const heard: number[] = [];
  const scores = await validate(model, model.base, data, ALPHAS, { onImage: (image) => heard.push(image) });
  expect(heard).toEqual([1, 2, 3]);
  for (const [k, alpha] of ALPHAS.entries()) {
    const single = new SegmentationModel(onnxRuntime, architecture, tinyStateDict(), alpha);
    const confusion = emptyConfusionMatrix(19);
    for (let index = 0; index < data.count; index++) {
      const { image, labels } = await data.read(index);
      const predicted = argmaxLabels((await predict(single, image)).scores, 19, 48, 64);
      addToConfusionMatrix(confusion, labels.data, predicted.data);
    }
    expect(scores[k]?.alpha).toBe(alpha);
    expect(scores[k]?.miou).toBeCloseTo(segmentationScores(confusion).meanIou, 4);
    await single.dispose();
  }
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
  expect(await validate(model, model.base, blank, [0])).toEqual([{ alpha: 0, miou: 0 }]);
  await model.dispose();
});
