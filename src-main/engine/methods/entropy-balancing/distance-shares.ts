// Which cells of a network's last map count in the feature distance: those filled by a thing.
import { reducedLabels } from "./reduce-labels.ts";

export interface DistanceSettings {
  /** Train ids that count; null: every cell does, whatever it holds. */
  readonly classes: readonly number[] | null;
  /** A cell is of a class that fills at least this share of it. */
  readonly ratio: number;
}

/**
 * Source: spec "7.7", steps 1 and 2.
 *
 * @param labels  [N, H, W], train ids and 255
 * @returns       of each cell its share of the mean, float32 [N, 1, h, w], and how many cells count; all shares are 0 where none does
 */
export function distanceShares(
  labels: Int32Array | Uint8Array,
  [images, height, width]: readonly [number, number, number],
  [rows, columns]: readonly [number, number],
  { classes, ratio }: DistanceSettings,
): { readonly shares: Float32Array; readonly cells: number } {
  const shares = new Float32Array(images * rows * columns);
  if (classes === null) return { shares: shares.fill(1 / shares.length), cells: shares.length };
  const side = Math.floor(width / columns);
  const size = height * width;
  for (let n = 0; n < images; n += 1) {
    const reduced = reducedLabels(labels.subarray(n * size, (n + 1) * size), [height, width], side, ratio);
    // A last row or column that no whole cell fills does not count.
    const reducedColumns = Math.floor(width / side);
    for (const [cell, label] of reduced.entries()) {
      const [row, column] = [Math.floor(cell / reducedColumns), cell % reducedColumns];
      if (row < rows && column < columns && classes.includes(label)) shares[(n * rows + row) * columns + column] = 1;
    }
  }
  const cells = shares.reduce((sum, counts) => sum + counts, 0);
  return { shares: cells === 0 ? shares : shares.map((counts) => counts / cells), cells };
}
