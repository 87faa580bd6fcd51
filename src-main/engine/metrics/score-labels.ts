// Scores of one prediction against its labels, as results hold them.
import type { Scores } from "../../../src-shared/contract/results.ts";
import { addToConfusionMatrix, type ConfusionMatrix, emptyConfusionMatrix } from "./confusion-matrix.ts";
import { segmentationScores } from "./iou.ts";

/** @param labels, prediction  uint8 [H, W]; see addToConfusionMatrix */
export function confusionOf(labels: Uint8Array, prediction: Uint8Array, numClasses: number): ConfusionMatrix {
  const matrix = emptyConfusionMatrix(numClasses);
  addToConfusionMatrix(matrix, labels, prediction);
  return matrix;
}

/** Null in place of NaN. */
export function scoresFrom(matrix: ConfusionMatrix): Scores {
  const { meanIou, iouPerClass, meanIouOfPresent, present } = segmentationScores(matrix);
  return {
    miou: numberOrNull(meanIou),
    iou: [...iouPerClass].map(numberOrNull),
    miouPresent: numberOrNull(meanIouOfPresent),
    present: [...present],
  };
}

/** What JSON can hold. */
export function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
