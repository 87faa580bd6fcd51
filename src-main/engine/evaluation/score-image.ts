// What is recorded of one image: confusion matrix, calibration sums, entropy and confidence.
import type { EvaluatedImage } from "../../../src-shared/contract/evaluation.ts";
import { argmaxLabels } from "../images/argmax.ts";
import type { LabelMap, RgbImage } from "../images/rgb-image.ts";
import { addToCalibration, emptyCalibration } from "../metrics/calibration.ts";
import { addToConfusionMatrix, emptyConfusionMatrix } from "../metrics/confusion-matrix.ts";
import { segmentationScores } from "../metrics/iou.ts";
import { meanUncertainty } from "../metrics/mean-uncertainty.ts";

export interface LoadedImage {
  readonly image: RgbImage;
  /** Null without labels. */
  readonly labels: LabelMap | null;
}

export interface MethodScores {
  /** float32 [1, K, H, W] at the image's own size. */
  readonly scores: Float32Array;
  readonly kind: "logits" | "probabilities";
  /** One an iteration; empty unless adapted. */
  readonly losses: readonly number[];
}

export interface ScoredImage {
  readonly record: EvaluatedImage;
  /** Train ids [H, W]. */
  readonly prediction: LabelMap;
  readonly miou: number | null;
}

/**
 * Calibration follows the original program: it takes whatever the method gives as logits, so that averaged probabilities go
 * through softmax a second time (spec "6.2 Calibration", gotcha 22). Entropy and confidence take probabilities as they are.
 */
export function scoreImage(
  key: string,
  { image, labels }: LoadedImage,
  { scores, kind, losses }: MethodScores,
  numClasses: number,
  milliseconds: number,
): ScoredImage {
  const { width, height } = image;
  const prediction = argmaxLabels(scores, numClasses, height, width);
  const { entropy, confidence } = meanUncertainty(scores, numClasses, kind);
  const base = { key, size: { width, height }, entropy, confidence, losses: [...losses], milliseconds };
  if (labels === null) {
    return { record: { ...base, confusion: null, calibration: null }, prediction, miou: null };
  }
  const matrix = emptyConfusionMatrix(numClasses);
  addToConfusionMatrix(matrix, labels.data, prediction.data);
  const calibration = emptyCalibration(numClasses);
  addToCalibration(calibration, scores, labels.data);
  const { meanIou } = segmentationScores(matrix);
  return {
    record: {
      ...base,
      confusion: [...matrix.counts],
      calibration: {
        pixels: [...calibration.pixels],
        weightedErrors: [...calibration.weightedErrors],
        correctSums: [...calibration.correctSums],
        confidenceSums: [...calibration.confidenceSums],
      },
    },
    prediction,
    miou: Number.isNaN(meanIou) ? null : meanIou,
  };
}
