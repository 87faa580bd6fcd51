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
  const indices = new Int32Array(outputSize);
  // Added up rather than multiplied, as Pillow does: where (o + 0.5) · scale is a whole number, the rounding of the
  // sum decides which of two pixels is taken (compared with Pillow 12 over random sizes).
  let position = scale * 0.5;
  for (let o = 0; o < outputSize; o++) {
    indices[o] = Math.min(Math.trunc(position), inputSize - 1);
    position += scale;
  }
  return indices;
}
