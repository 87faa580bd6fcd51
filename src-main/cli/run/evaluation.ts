// Scores of predictions against labels: of one image, and pooled over many.
import type { Scores } from "../../../src-shared/contract/results.ts";
import type { LabelMap } from "../../engine/images/rgb-image.ts";
import {
  addToConfusionMatrix,
  type ConfusionMatrix,
  emptyConfusionMatrix,
  mergeConfusionMatrices,
} from "../../engine/metrics/confusion-matrix.ts";
import { segmentationScores } from "../../engine/metrics/iou.ts";

/** Null where there is nothing to compare. */
export interface Comparison {
  readonly before: ConfusionMatrix | null;
  readonly after: ConfusionMatrix | null;
}

export function confusionOf(labels: LabelMap, prediction: LabelMap, numClasses: number): ConfusionMatrix {
  const matrix = emptyConfusionMatrix(numClasses);
  addToConfusionMatrix(matrix, labels.data, prediction.data);
  return matrix;
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

/** What JSON can hold: null in place of NaN. */
export function scoresOf(matrix: ConfusionMatrix | null): Scores | null {
  if (matrix === null) return null;
  const { meanIou, iouPerClass } = segmentationScores(matrix);
  return { miou: numberOrNull(meanIou), iou: [...iouPerClass].map(numberOrNull) };
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
