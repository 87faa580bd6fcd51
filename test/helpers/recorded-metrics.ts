// Metrics of predicted images against those the fixtures recorded.
import { expect } from "vitest";
import { addToCalibration, calibrationScores, emptyCalibration } from "../../src-main/engine/metrics/calibration.ts";
import { addToConfusionMatrix, emptyConfusionMatrix } from "../../src-main/engine/metrics/confusion-matrix.ts";
import { segmentationScores } from "../../src-main/engine/metrics/iou.ts";
import { differenceOf } from "./recorded.ts";

export interface RecordedMetrics {
  readonly confusion_matrix: readonly (readonly number[])[];
  /** NaN is the word "NaN". */
  readonly class_iou: readonly (number | string)[];
  readonly mean_iou: number;
  readonly overall_acc: number;
  readonly mean_acc: number;
  readonly freqw_acc: number;
  readonly ece: number;
}

export interface EvaluatedImage {
  /** float32 [K, H, W] */
  readonly scores: Float32Array;
  readonly predicted: Uint8Array;
  /** Train ids. */
  readonly labels: Uint8Array;
}

export interface MetricsTolerance {
  readonly argmax_pixels_differing: number;
  readonly mean_iou: number;
  readonly ece: number;
}

/** Confusion matrix, IoU, accuracies and calibration error of the images together. */
export function expectRecordedMetrics(
  images: readonly EvaluatedImage[],
  expected: RecordedMetrics,
  tolerance: MetricsTolerance,
): void {
  const numClasses = expected.confusion_matrix.length;
  const matrix = emptyConfusionMatrix(numClasses);
  const calibration = emptyCalibration(numClasses);
  for (const { scores, predicted, labels } of images) {
    addToConfusionMatrix(matrix, labels, predicted);
    addToCalibration(calibration, scores, labels);
  }
  const counts = expected.confusion_matrix.flat();
  // A pixel that differs is missing from one cell and too much in another.
  const moved = counts.reduce((sum, count, k) => sum + Math.abs(count - (matrix.counts[k] ?? Number.NaN)), 0) / 2;
  expect(moved).toBeLessThanOrEqual(tolerance.argmax_pixels_differing);
  const found = segmentationScores(matrix);
  const expectedIous = expected.class_iou.map(Number);
  expect(Array.from(found.iouPerClass, Number.isNaN)).toEqual(expectedIous.map(Number.isNaN));
  const numbers = (ious: Iterable<number>) => Array.from(ious).filter((iou) => !Number.isNaN(iou));
  // One class alone may move as far as moves the mean by its tolerance.
  expect(differenceOf(numbers(found.iouPerClass), numbers(expectedIous)).largest).toBeLessThan(
    tolerance.mean_iou * numClasses,
  );
  const single = [
    ["mean IoU", found.meanIou, expected.mean_iou],
    ["overall accuracy", found.overallAccuracy, expected.overall_acc],
    ["mean accuracy", found.meanAccuracy, expected.mean_acc],
    ["frequency-weighted IoU", found.frequencyWeightedIou, expected.freqw_acc],
  ] as const;
  for (const [name, value, wanted] of single) expect(Math.abs(value - wanted), name).toBeLessThan(tolerance.mean_iou);
  expect(Math.abs(calibrationScores(calibration).ece - expected.ece), "calibration error").toBeLessThan(tolerance.ece);
}
