// Nearest-neighbour resizing of label maps, as Pillow does it.
import { BugError } from "../../../src-shared/contract/errors.ts";
import { checkLabelMap, type LabelMap } from "./rgb-image.ts";

/**
 * Resizes to exactly width x height; output pixel o takes input pixel floor((o + 0.5) · inputSize / outputSize).
 * Source: self-adaptation specification, 3 "Nearest resize".
 */
export function resizeNearest(map: LabelMap, width: number, height: number): LabelMap {
  checkLabelMap(map);
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new BugError(`resizeNearest to ${width} x ${height}`);
  }
  const columns = nearestIndices(map.width, width);
  const rows = nearestIndices(map.height, height);
  const data = new Uint8Array(width * height);
  let to = 0;
  for (const row of rows) {
    const from = row * map.width;
    for (const column of columns) data[to++] = map.data[from + column] as number;
  }
  return { width, height, data };
}

function nearestIndices(inputSize: number, outputSize: number): Int32Array {
  const scale = inputSize / outputSize;
  return Int32Array.from({ length: outputSize }, (_, o) => Math.min(Math.floor((o + 0.5) * scale), inputSize - 1));
}
