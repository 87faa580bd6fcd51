// What two predictions differ in, class by class: the largest difference first.

import type { Scores } from "../../../src-shared/contract/results.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { keptIn16 } from "../../../src-shared/labels/label-sets.ts";

export interface ClassDifference {
  readonly trainId: number;
  readonly name: string;
  /** IoU, 0..1; null where the class is in neither labels nor prediction. */
  readonly a: number | null;
  readonly b: number | null;
  /** b less a; null where one of them is. */
  readonly difference: number | null;
}

export function classDifferences(a: Scores, b: Scores, modelClasses: LabelSet): readonly ClassDifference[] {
  return modelClasses.names
    .flatMap((name, trainId) => {
      const [from, to] = [a.iou[trainId] ?? null, b.iou[trainId] ?? null];
      if (from === null && to === null) return [];
      return [{ trainId, name, a: from, b: to, difference: from === null || to === null ? null : to - from }];
    })
    .sort((one, other) => size(other) - size(one) || one.trainId - other.trainId);
}

/** Classes without a difference come after all that have one. */
function size({ difference }: ClassDifference): number {
  return difference === null ? -1 : Math.abs(difference);
}

const TRAIN_IDS_OF_16 = keptIn16(Array.from({ length: 19 }, (_, trainId) => trainId));

/** The id among the 19 classes, by which datasets list what their labels have. */
export function datasetClass(trainId: number, modelClasses: LabelSet): number {
  return modelClasses.key === "16" ? (TRAIN_IDS_OF_16[trainId] ?? trainId) : trainId;
}
