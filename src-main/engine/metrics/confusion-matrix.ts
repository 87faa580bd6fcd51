// Counts how often each class was taken for each other one.
import { BugError } from "../../../src-shared/contract/errors.ts";

export interface ConfusionMatrix {
  readonly numClasses: number;
  /** [K, K] pixel counts: row = label, column = prediction. */
  readonly counts: Float64Array;
}

export function emptyConfusionMatrix(numClasses: number): ConfusionMatrix {
  return { numClasses, counts: new Float64Array(numClasses * numClasses) };
}

/**
 * Adds one image to the matrix, in place. Pixels count when their label is below K; 255 (ignored) is not.
 *
 * @param labels      uint8 [H, W], train ids
 * @param predictions uint8 [H, W], train ids below K wherever the label counts
 * Source: self-adaptation specification, 6.1.
 */
export function addToConfusionMatrix(matrix: ConfusionMatrix, labels: Uint8Array, predictions: Uint8Array): void {
  const { numClasses, counts } = matrix;
  if (labels.length !== predictions.length) {
    throw new BugError(`confusion matrix of ${labels.length} labels and ${predictions.length} predictions`);
  }
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (label >= numClasses) continue;
    const prediction = predictions[i] as number;
    if (prediction >= numClasses) throw new BugError(`prediction ${prediction} of a model with ${numClasses} classes`);
    const at = label * numClasses + prediction;
    counts[at] = (counts[at] as number) + 1;
  }
}

/** The matrix of both sets of images together; neither argument changes. */
export function mergeConfusionMatrices(a: ConfusionMatrix, b: ConfusionMatrix): ConfusionMatrix {
  if (a.numClasses !== b.numClasses) {
    throw new BugError(`merge of confusion matrices with ${a.numClasses} and ${b.numClasses} classes`);
  }
  return { numClasses: a.numClasses, counts: a.counts.map((count, i) => count + (b.counts[i] as number)) };
}
