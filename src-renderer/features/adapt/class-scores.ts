// Per-class figures of two predictions, ready to be drawn as bars.
import type { Scores } from "../../../src-shared/contract/results.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import type { ClassOrder } from "./adapt-view.ts";

export interface ClassRow {
  readonly trainId: number;
  readonly name: string;
  /** IoU with labels, share of the pixels without; null where the class is absent. */
  readonly before: number | null;
  readonly after: number | null;
  /** After less before; a class that appears or goes away counts from or to nothing. */
  readonly change: number | null;
}

type ClassFigures = readonly (number | null)[] | null;

/**
 * A row a class, in the order asked for. Which classes have one and in which order follows from the newest prediction
 * alone, so that rows stay in their places while others are looked at.
 */
export function classRows(
  {
    before,
    after,
    newest,
  }: { readonly before: ClassFigures; readonly after: ClassFigures; readonly newest: ClassFigures },
  { names }: LabelSet,
  order: ClassOrder,
): readonly ClassRow[] {
  const rowOf = (trainId: number, figures: ClassFigures): ClassRow => {
    const [old, now] = [before?.[trainId] ?? null, figures?.[trainId] ?? null];
    const isKnown = before !== null && figures !== null && (old !== null || now !== null);
    const change = isKnown ? (now ?? 0) - (old ?? 0) : null;
    return { trainId, name: names[trainId] ?? "", before: old, after: now, change };
  };
  return names
    .map((_, trainId) => rowOf(trainId, newest))
    .filter((row) => row.before !== null || row.after !== null)
    .sort(comparators[order])
    .map(({ trainId }) => rowOf(trainId, after));
}

/**
 * The change to write beside a row: null where there is none to speak of, 0 where it would be written as 0.0. An IoU that is
 * not there is not an IoU of 0, while a class without pixels has a share of 0.
 */
export function shownChange({ before, after, change }: ClassRow, isScored: boolean): number | null {
  if (change === null || (isScored && (before === null || after === null))) return null;
  return Math.abs(change) < 0.0005 ? 0 : change;
}

const comparators: Readonly<Record<ClassOrder, (a: ClassRow, b: ClassRow) => number>> = {
  change: (a, b) => (b.change ?? 0) - (a.change ?? 0) || (b.after ?? 0) - (a.after ?? 0),
  iou: (a, b) => (b.after ?? -1) - (a.after ?? -1),
  name: (a, b) => a.trainId - b.trainId,
};

/** What `classRows` compares with labels. */
export function iouOf(scores: Scores | null | undefined): readonly (number | null)[] | null {
  return scores?.iou ?? null;
}

/** Share of the pixels of every class, null where there are none. */
export function pixelShares(labels: Uint8Array, numClasses: number): readonly (number | null)[] {
  const counts = new Uint32Array(256);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return Array.from({ length: numClasses }, (_, trainId) => {
    const count = counts[trainId] ?? 0;
    return count === 0 ? null : count / labels.length;
  });
}
