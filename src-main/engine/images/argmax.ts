// From scores per class to the best class of each pixel.
import { BugError } from "../../../src-shared/contract/errors.ts";
import type { LabelMap } from "./rgb-image.ts";

/** Pixels handled at a time: few enough that a block of the running maximum stays in the fastest cache. */
const BLOCK = 4096;

/**
 * The class with the largest score at each pixel; of equal ones the first, as in the original.
 *
 * @param scores float32 [1, K, H, W]: logits or probabilities, K <= 255 so that 255 stays free for "ignored"
 */
export function argmaxLabels(scores: Float32Array, numClasses: number, height: number, width: number): LabelMap {
  const plane = height * width;
  if (numClasses < 1 || numClasses > 255 || scores.length !== numClasses * plane) {
    throw new BugError(`argmaxLabels of [1, ${numClasses}, ${height}, ${width}] got ${scores.length} scores`);
  }
  const data = new Uint8Array(plane);
  const best = new Float32Array(BLOCK);
  // Class by class over a block of pixels: each class's scores lie together in memory.
  for (let start = 0; start < plane; start += BLOCK) {
    const length = Math.min(BLOCK, plane - start);
    for (let i = 0; i < length; i++) best[i] = scores[start + i] as number;
    for (let k = 1; k < numClasses; k++) {
      const from = k * plane + start;
      for (let i = 0; i < length; i++) {
        const score = scores[from + i] as number;
        if (score > (best[i] as number)) {
          best[i] = score;
          data[start + i] = k;
        }
      }
    }
  }
  return { width, height, data };
}
