// Class-balanced thresholds: of each class the most confident share of its pixels keeps its label, the others are ignored. The
// released code has none; the idea is that of Zou et al., ECCV 2018 ("CBST").
import { IGNORE_LABEL } from "../../../../src-shared/labels/ignore-label.ts";
import type { LabelMap } from "../../images/rgb-image.ts";
import { CONFIDENCE_STEPS, type TargetRecord } from "./target-folder.ts";

/** Of an image: how many pixels of each class have which confidence. @param steps  as of `confidenceSteps` */
export function confidencesOf({ data }: LabelMap, steps: Uint8Array): TargetRecord["confidences"] {
  const counts = new Map<number, number>();
  for (const [i, id] of data.entries()) {
    if (id === IGNORE_LABEL) continue;
    const key = id * CONFIDENCE_STEPS + (steps[i] ?? 0);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, pixels]) => [Math.floor(key / CONFIDENCE_STEPS), key % CONFIDENCE_STEPS, pixels]);
}

/**
 * Of each class the least step with which its pixels are kept.
 *
 * @param share  of the pixels of a class that are kept at the least, 0..1
 */
export function classThresholds(
  records: readonly Pick<TargetRecord, "confidences">[],
  share: number,
): Map<number, number> {
  const histograms = new Map<number, Float64Array>();
  for (const [id, step, pixels] of records.flatMap(({ confidences }) => confidences)) {
    const histogram = histograms.get(id) ?? new Float64Array(CONFIDENCE_STEPS);
    histogram[step] = (histogram[step] ?? 0) + pixels;
    histograms.set(id, histogram);
  }
  return new Map([...histograms].map(([id, histogram]) => [id, thresholdOf(histogram, share)]));
}

function thresholdOf(histogram: Float64Array, share: number): number {
  const wanted = share * histogram.reduce((sum, pixels) => sum + pixels, 0);
  let kept = 0;
  for (let step = CONFIDENCE_STEPS - 1; step > 0; step -= 1) {
    kept += histogram[step] ?? 0;
    if (kept >= wanted) return step;
  }
  return 0;
}

/** The labels with those ignored that are not sure enough for their class. */
export function thresholded(labels: LabelMap, steps: Uint8Array, thresholds: ReadonlyMap<number, number>): LabelMap {
  const data = labels.data.map((id, i) => ((steps[i] ?? 0) >= (thresholds.get(id) ?? 0) ? id : IGNORE_LABEL));
  return { ...labels, data };
}
