// Scores of predictions against labels: of one image, and pooled over many.
import type { Scores } from "../../../src-shared/contract/results.ts";
import type { LabelMap } from "../../engine/images/rgb-image.ts";
import { type ConfusionMatrix, mergeConfusionMatrices } from "../../engine/metrics/confusion-matrix.ts";
import { confusionOf as confusionOfLabels, scoresFrom } from "../../engine/metrics/score-labels.ts";

/** Null where there is nothing to compare. */
export interface Comparison {
  readonly source: ConfusionMatrix | null;
  readonly before: ConfusionMatrix | null;
  readonly unadapted: ConfusionMatrix | null;
  readonly after: ConfusionMatrix | null;
}

export function confusionOf(labels: LabelMap, prediction: LabelMap, numClasses: number): ConfusionMatrix {
  return confusionOfLabels(labels.data, prediction.data, numClasses);
}

/** One matrix over all pixels; null when no image has one. */
export function pooled(matrices: readonly (ConfusionMatrix | null)[]): ConfusionMatrix | null {
  return matrices
    .filter((matrix) => matrix !== null)
    .reduce<ConfusionMatrix | null>(
      (sum, matrix) => (sum === null ? matrix : mergeConfusionMatrices(sum, matrix)),
      null,
    );
}

export function scoresOf(matrix: ConfusionMatrix | null): Scores | null {
  return matrix === null ? null : scoresFrom(matrix);
}
