// Label maps in the size of a network's last map: the class that fills most of each cell.
import { IGNORE_LABEL } from "../../../../src-shared/labels/ignore-label.ts";

/**
 * Source: spec "7.7", step 1.
 *
 * @param labels   [H, W], train ids and 255
 * @param side     of a cell in pixels; rows and columns that fill none are left out
 * @param ratio    a class counts where it fills at least this share of its cell
 * @returns        [floor(H / side), floor(W / side)]; 255 where none does
 */
export function reducedLabels(
  labels: ArrayLike<number>,
  [height, width]: readonly [number, number],
  side: number,
  ratio: number,
): Uint8Array {
  const [rows, columns] = [Math.floor(height / side), Math.floor(width / side)];
  const reduced = new Uint8Array(rows * columns).fill(IGNORE_LABEL);
  const counts = new Uint32Array(IGNORE_LABEL + 1);
  for (let cell = 0; cell < reduced.length; cell += 1) {
    counts.fill(0);
    const [top, left] = [Math.floor(cell / columns) * side, (cell % columns) * side];
    for (let i = 0; i < side * side; i += 1) {
      const label = labels[(top + Math.floor(i / side)) * width + left + (i % side)] as number;
      counts[label] = (counts[label] as number) + 1;
    }
    // The lowest class of equals; ignored pixels are the highest of all.
    const most = counts.reduce((best, count, label) => (count > (counts[best] as number) ? label : best), 0);
    if (Math.fround((counts[most] as number) / (side * side)) >= Math.fround(ratio)) reduced[cell] = most;
  }
  return reduced;
}
