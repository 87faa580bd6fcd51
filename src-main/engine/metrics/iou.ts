// Intersection over union, and the accuracies, of a confusion matrix.
import type { ConfusionMatrix } from "./confusion-matrix.ts";

/** All values are fractions, 0..1; NaN where there is nothing to divide by. */
export interface SegmentationScores {
  /** [K]; NaN for a class that is neither in the labels nor in the predictions. */
  readonly iouPerClass: Float64Array;
  /** The mean over all classes whose IoU is a number; a class predicted but never labelled counts as 0. */
  readonly meanIou: number;
  /** The mean over the classes that the labels have. */
  readonly meanIouOfPresent: number;
  /** The classes that the labels have. */
  readonly present: readonly number[];
  /** The share of pixels whose class is right. */
  readonly overallAccuracy: number;
  /** [K]; the share of each class's pixels that were found; NaN for a class that is not in the labels. */
  readonly accuracyPerClass: Float64Array;
  readonly meanAccuracy: number;
  /** IoU weighted by how many pixels each class has in the labels. */
  readonly frequencyWeightedIou: number;
}

/** Source: self-adaptation specification, 6.1. One matrix for the whole data set, not a mean over images. */
export function segmentationScores({ numClasses, counts }: ConfusionMatrix): SegmentationScores {
  const rows = new Float64Array(numClasses);
  const columns = new Float64Array(numClasses);
  const hits = new Float64Array(numClasses);
  let total = 0;
  for (let label = 0; label < numClasses; label++) {
    for (let prediction = 0; prediction < numClasses; prediction++) {
      const count = counts[label * numClasses + prediction] as number;
      rows[label] = (rows[label] as number) + count;
      columns[prediction] = (columns[prediction] as number) + count;
      if (label === prediction) hits[label] = count;
      total += count;
    }
  }
  const iouPerClass = hits.map((hit, c) => hit / ((rows[c] as number) + (columns[c] as number) - hit));
  const present = [...rows.keys()].filter((c) => (rows[c] as number) > 0);
  const accuracyPerClass = hits.map((hit, c) => hit / (rows[c] as number));
  const weightedIous = iouPerClass.map((iou, c) => ((rows[c] as number) > 0 ? ((rows[c] as number) / total) * iou : 0));
  return {
    iouPerClass,
    meanIou: meanOfNumbers(iouPerClass),
    meanIouOfPresent: meanOfNumbers(Float64Array.from(present, (c) => iouPerClass[c] as number)),
    present,
    overallAccuracy: hits.reduce((sum, hit) => sum + hit, 0) / total,
    accuracyPerClass,
    meanAccuracy: meanOfNumbers(accuracyPerClass),
    frequencyWeightedIou: total > 0 ? weightedIous.reduce((sum, iou) => sum + iou, 0) : Number.NaN,
  };
}

/** NaN only when every value is. */
function meanOfNumbers(values: Float64Array): number {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
