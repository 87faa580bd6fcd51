// Logits that are no numbers: maxima pass over them and would make class 0 of them, so every method looks before.
import { afterAll, expect, it } from "vitest";
import type { StateTensor } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import { predict } from "../../../../src-main/engine/methods/inference/predict.ts";
import { predictWithDropout } from "../../../../src-main/engine/methods/inference/predict-with-dropout.ts";
import { selfAdapt } from "../../../../src-main/engine/methods/self-adaptation/self-adapt.ts";
import { SegmentationModel } from "../../../../src-main/engine/methods/shared/segmentation-model.ts";
import { testTimeAugmentation } from "../../../../src-main/engine/methods/test-time-augmentation/test-time-augmentation.ts";
import { deepLabOf } from "../../../../src-main/engine/models/detect-architecture.ts";
import { validate } from "../../../../src-main/engine/training/validate.ts";
import { adaptationConfigSchema } from "../../../../src-shared/contract/adaptation-config.ts";
import { variantOf } from "../../../helpers/evaluated-variant.ts";
import { onnxRuntime } from "../../../helpers/runtimes-under-test.ts";
import { tinyStateDict } from "../../../helpers/tiny-checkpoint.ts";
import { blockImage } from "../../../helpers/tiny-model.ts";

const image = blockImage(64, 64);
const config = adaptationConfigSchema.parse({ numEpochs: 1, scales: [1] });

/** All weights are finite, but of a class's logits it makes infinity at some pixels: 3e38 · several features. */
function overflowing(): SegmentationModel {
  const stateDict = new Map(tinyStateDict());
  const { shape, data } = stateDict.get("cls_head.weight") as StateTensor;
  stateDict.set("cls_head.weight", { dtype: "float32", shape, data: new Float32Array(data.length).fill(3e38) });
  return new SegmentationModel(onnxRuntime, deepLabOf("resnet18", 19, 8), stateDict);
}

const model = overflowing();
afterAll(() => model.dispose());

const labelled = {
  count: 1,
  read: () => Promise.resolve({ image, labels: { width: 64, height: 64, data: new Uint8Array(64 * 64) } }),
};
const REFUSED = {
  code: "method.diverged",
  message: expect.stringMatching(/^The network's scores for this image are not finite \(NaN or infinity\), although/),
};

it.each<[string, () => Promise<unknown>]>([
  ["prediction", () => predict(model, image)],
  ["test-time augmentation", () => testTimeAugmentation(model, image, config)],
  ["MC dropout", () => predictWithDropout(model, image, { samples: 1, seed: 1, everyRelu: true })],
  ["self-adaptation", () => selfAdapt(model, image, config)],
  ["validation", () => validate([variantOf(model)], labelled, 19)],
])("%s refuses logits that are not finite", async (_, run) => {
  await expect(run()).rejects.toMatchObject(REFUSED);
});

it("says that the weights have run away where they are trained ones", async () => {
  const { data, shape } = tinyStateDict().get("cls_head.weight") as StateTensor;
  const sound = new SegmentationModel(onnxRuntime, deepLabOf("resnet18", 19, 8), tinyStateDict());
  const trained = onnxRuntime.upload(new Float32Array(data.length).fill(3e38), shape);
  const weights = new Map([...sound.base, ["cls_head.weight", trained] as const]);
  await expect(validate([variantOf(sound, weights)], labelled, 19)).rejects.toMatchObject({
    code: "method.diverged",
    message: expect.stringMatching(/: the weights have run away; lower the learning rate\.$/),
  });
  await sound.dispose();
});

it("self-adaptation refuses weights that its last step has made infinite", async () => {
  const sound = new SegmentationModel(onnxRuntime, deepLabOf("resnet18", 19, 8), tinyStateDict());
  await expect(
    selfAdapt(sound, image, { ...config, baseLr: 3e38, weightDecay: 1e3, threshold: 0.5 }),
  ).rejects.toMatchObject({
    code: "method.diverged",
    message: "A weight is no number after iteration 1: the weights have run away; lower the learning rate (now 3e+38).",
  });
  await sound.dispose();
});
