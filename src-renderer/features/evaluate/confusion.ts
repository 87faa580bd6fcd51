// The confusion matrix as it is looked at: shares of rows or columns, and the confusions that cost most.
import type { ConfusionCell } from "../../../src-shared/contract/workbench/evaluations.ts";

export const NORMALISATIONS = ["rows", "columns"] as const;
export type Normalisation = (typeof NORMALISATIONS)[number];

/**
 * Each cell as a share of its row (of the pixels labelled so) or of its column (of the pixels predicted so); null where
 * the row or column is empty.
 *
 * @param confusion  [K, K] pixel counts, row = label
 */
export function cellShares(
  confusion: readonly number[],
  numClasses: number,
  by: Normalisation,
): readonly (number | null)[] {
  const sums = new Array<number>(numClasses).fill(0);
  const sumOf = (index: number) => (by === "rows" ? Math.floor(index / numClasses) : index % numClasses);
  confusion.forEach((pixels, index) => {
    const place = sumOf(index);
    sums[place] = (sums[place] ?? 0) + pixels;
  });
  return confusion.map((pixels, index) => {
    const sum = sums[sumOf(index)] ?? 0;
    return sum === 0 ? null : pixels / sum;
  });
}

/** The cell at a place of the matrix. */
export function cellAt(index: number, numClasses: number): ConfusionCell {
  return { label: Math.floor(index / numClasses), predicted: index % numClasses };
}

export interface Confusion extends ConfusionCell {
  readonly pixels: number;
  /** Of the pixels with that label. */
  readonly share: number;
}

/** The wrong cells with the most pixels, the largest first. */
export function mostConfused(confusion: readonly number[], numClasses: number, limit: number): readonly Confusion[] {
  const shares = cellShares(confusion, numClasses, "rows");
  return confusion
    .flatMap((pixels, index): Confusion[] => {
      const cell = cellAt(index, numClasses);
      if (pixels === 0 || cell.label === cell.predicted) return [];
      return [{ ...cell, pixels, share: shares[index] ?? 0 }];
    })
    .sort((a, b) => b.pixels - a.pixels)
    .slice(0, limit);
}

/** The cell that a key leads to; null for keys that lead nowhere. */
export function cellAfterKey(cell: ConfusionCell, key: string, numClasses: number): ConfusionCell | null {
  const held = (value: number) => Math.min(numClasses - 1, Math.max(0, value));
  switch (key) {
    case "ArrowUp":
      return { ...cell, label: held(cell.label - 1) };
    case "ArrowDown":
      return { ...cell, label: held(cell.label + 1) };
    case "ArrowLeft":
      return { ...cell, predicted: held(cell.predicted - 1) };
    case "ArrowRight":
      return { ...cell, predicted: held(cell.predicted + 1) };
    case "Home":
      return { ...cell, predicted: 0 };
    case "End":
      return { ...cell, predicted: numClasses - 1 };
    default:
      return null;
  }
}
