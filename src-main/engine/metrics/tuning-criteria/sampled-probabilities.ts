// Class probabilities at evenly spread pixels: what the label-free criteria look at.
import { BugError } from "../../../../src-shared/contract/errors.ts";

export interface SampledProbabilities {
  readonly numClasses: number;
  readonly count: number;
  /** float64 [count, K], each row sums to 1. */
  readonly rows: Float64Array;
}

/**
 * Softmax (of logits), or the values divided by their sum (of probabilities), at the pixels of a square lattice.
 *
 * @param scores     float32 [1, K, H, W]
 * @param maxPixels  the lattice is the finest one with no more pixels than this
 */
export function sampledProbabilities(
  scores: Float32Array,
  kind: "logits" | "probabilities",
  numClasses: number,
  { width, height, maxPixels }: { readonly width: number; readonly height: number; readonly maxPixels: number },
): SampledProbabilities {
  const plane = width * height;
  if (numClasses < 2 || scores.length !== numClasses * plane) {
    throw new BugError(`sampledProbabilities of [1, ${numClasses}, ${height}, ${width}] got ${scores.length} scores`);
  }
  const pixels = latticePixels(width, height, maxPixels);
  const rows = new Float64Array(pixels.length * numClasses);
  pixels.forEach((pixel, place) => {
    const row = rows.subarray(place * numClasses, (place + 1) * numClasses);
    for (let k = 0; k < numClasses; k++) row[k] = scores[k * plane + pixel] as number;
    if (kind === "logits") {
      const largest = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
      for (let k = 0; k < numClasses; k++) row[k] = Math.exp((row[k] as number) - largest);
    }
    const sum = row.reduce((total, value) => total + value, 0);
    for (let k = 0; k < numClasses; k++) row[k] = (row[k] as number) / sum;
  });
  return { numClasses, count: pixels.length, rows };
}

/** Every so many rows of it, no more than `maxCount`. */
export function thinned({ numClasses, count, rows }: SampledProbabilities, maxCount: number): SampledProbabilities {
  const step = Math.ceil(count / maxCount);
  const kept = Array.from({ length: Math.ceil(count / step) }, (_, place) => place * step);
  const thin = new Float64Array(kept.length * numClasses);
  kept.forEach((row, place) => {
    thin.set(rows.subarray(row * numClasses, (row + 1) * numClasses), place * numClasses);
  });
  return { numClasses, count: kept.length, rows: thin };
}

/** The middles of square blocks, row by row. */
function latticePixels(width: number, height: number, maxPixels: number): number[] {
  let step = Math.max(1, Math.floor(Math.sqrt((width * height) / maxPixels)));
  while (Math.ceil(width / step) * Math.ceil(height / step) > maxPixels) step += 1;
  const middle = (step - 1) >> 1;
  const pixels: number[] = [];
  for (let top = 0; top < height; top += step) {
    const y = Math.min(height - 1, top + middle);
    for (let left = 0; left < width; left += step) pixels.push(y * width + Math.min(width - 1, left + middle));
  }
  return pixels;
}
