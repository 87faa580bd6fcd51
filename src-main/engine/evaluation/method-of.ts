// From an evaluation's parameters to what is done with each image.
import type { EvaluationConfig } from "../../../src-shared/contract/evaluation.ts";
import type { RgbImage } from "../images/rgb-image.ts";
import { predict } from "../methods/inference/predict.ts";
import { predictWithDropout } from "../methods/inference/predict-with-dropout.ts";
import type { Velocities } from "../methods/self-adaptation/adapted-weights.ts";
import { selfAdapt } from "../methods/self-adaptation/self-adapt.ts";
import type { SegmentationModel } from "../methods/shared/segmentation-model.ts";
import { testTimeAugmentation } from "../methods/test-time-augmentation/test-time-augmentation.ts";
import type { MethodScores } from "./score-image.ts";

export type EvaluationMethod = (image: RgbImage, signal: AbortSignal) => Promise<MethodScores>;

/** The scores of MC dropout are logarithms of the mean probabilities, so that softmax gives these back. */
export function methodOf(model: SegmentationModel, config: EvaluationConfig): EvaluationMethod {
  switch (config.method) {
    case "predict":
      return async (image, signal) => logits((await predict(model, image, { signal })).scores);
    case "tta":
      return async (image, signal) => {
        const { scores } = await testTimeAugmentation(model, image, config, { signal });
        return { scores, kind: "probabilities", losses: [] };
      };
    case "mc-dropout":
      return async (image, signal) => {
        const settings = { samples: config.passes, seed: config.seed, everyRelu: config.dropout };
        const { scores } = await predictWithDropout(model, image, settings, { signal });
        return logits(scores.map(Math.log));
      };
    case "adapt":
      return adaptation(model, config);
  }
}

function adaptation(model: SegmentationModel, config: EvaluationConfig): EvaluationMethod {
  let velocities: Velocities | undefined;
  return async (image, signal) => {
    const carried = velocities === undefined ? {} : { velocities };
    // An image that fails takes them along.
    velocities = undefined;
    const { prediction, losses, weights } = await selfAdapt(model, image, config, { signal, ...carried });
    if (config.carryVelocity) velocities = weights.takeVelocities();
    weights.dispose();
    return { scores: prediction.scores, kind: "logits", losses };
  };
}

function logits(scores: Float32Array): MethodScores {
  return { scores, kind: "logits", losses: [] };
}
