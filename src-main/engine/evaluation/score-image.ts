// What is recorded of one image: confusion matrix, calibration sums, entropy and confidence.
import type { EvaluatedImage } from "../../../src-shared/contract/evaluation.ts";
import { predictionPlanes } from "../images/prediction-planes.ts";
import type { LabelMap, RgbImage } from "../images/rgb-image.ts";
import { addConfidences, addToCalibration, emptyCalibration } from "../metrics/calibration.ts";
import { confusionOf, scoresFrom } from "../metrics/score-labels.ts";

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
  /** Share of the pixels that several windows have predicted to which all gave the same class; none where none slid. */
  readonly overlapAgreement?: number | null;
}

export interface ScoringRequest {
  readonly key: string;
  /** Null where the data set tells none apart. */
  readonly domain: string | null;
  readonly size: { readonly width: number; readonly height: number };
  /** Null without labels. */
  readonly labels: LabelMap | null;
  readonly scores: MethodScores;
  readonly numClasses: number;
  /** What the method took. */
  readonly milliseconds: number;
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
 *
 * @throws AppError `method.diverged` when a score is not a number
 */
export function scoreImage({
  key,
  domain,
  size,
  labels,
  scores: given,
  numClasses,
  milliseconds,
}: ScoringRequest): ScoredImage {
  const { width, height } = size;
  const { scores, kind, losses, overlapAgreement = null } = given;
  const planes = predictionPlanes(scores, kind, numClasses, height, width);
  const prediction = { width, height, data: planes.labels };
  const { meanEntropy: entropy, meanConfidence: confidence } = planes;
  const base = { key, domain, size, entropy, confidence, losses: [...losses], overlapAgreement, milliseconds };
  if (labels === null) {
    return { record: { ...base, confusion: null, calibration: null }, prediction, miou: null };
  }
  const matrix = confusionOf(labels.data, prediction.data, numClasses);
  const calibration = emptyCalibration(numClasses);
  if (kind === "logits") addConfidences(calibration, planes.probabilities, planes.labels, labels.data);
  else addToCalibration(calibration, scores, labels.data);
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
    miou: scoresFrom(matrix).miou,
  };
}
