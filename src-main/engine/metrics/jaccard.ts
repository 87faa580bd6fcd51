// Jaccard scores as domain adaptation reports them: absent classes count as 0, ignored ones not at all.
import type { ConfusionMatrix } from "./confusion-matrix.ts";

/** Fractions, 0..1. */
export interface JaccardScores {
  /** [K] */
  readonly iou: Float64Array;
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  /** Over the classes that are not ignored. */
  readonly meanIou: number;
  readonly meanPrecision: number;
  readonly meanRecall: number;
}

/** Below one pixel: a class that is nowhere gets 0, not NaN. */
const LEAST_PIXELS = 1e-3;

/**
 * Unlike `segmentationScores`, a class that neither labels nor predictions have scores 0 and counts in the mean; the original
 * program of DA-SAC chooses its snapshots by this mean. Source: spec "8. Training loop, validation, model selection".
 *
 * @param ignored  classes that are left out of the means
 */
export function jaccardScores({ numClasses, counts }: ConfusionMatrix, ignored: readonly number[] = []): JaccardScores {
  const hits = new Float64Array(numClasses);
  const labelled = new Float64Array(numClasses);
  const predicted = new Float64Array(numClasses);
  for (const [cell, count] of counts.entries()) {
    const [label, prediction] = [Math.floor(cell / numClasses), cell % numClasses];
    labelled[label] = (labelled[label] ?? 0) + count;
    predicted[prediction] = (predicted[prediction] ?? 0) + count;
    if (label === prediction) hits[label] = count;
  }
  const ratio = (total: (id: number) => number) => hits.map((hit, id) => hit / Math.max(LEAST_PIXELS, total(id)));
  const iou = ratio((id) => (labelled[id] ?? 0) + (predicted[id] ?? 0) - (hits[id] ?? 0));
  const precision = ratio((id) => predicted[id] ?? 0);
  const recall = ratio((id) => labelled[id] ?? 0);
  const mean = (values: Float64Array): number => {
    const counted = values.filter((_, id) => !ignored.includes(id));
    return counted.reduce((sum, value) => sum + value, 0) / counted.length;
  };
  return { iou, precision, recall, meanIou: mean(iou), meanPrecision: mean(precision), meanRecall: mean(recall) };
}
