// How many pixels of each class are true positives, false positives and false negatives.
import { IGNORE_LABEL } from "../../src-shared/labels/ignore-label.ts";

export interface ErrorCounts {
  /** By class: predicted and true; predicted and not true; true and not predicted. */
  readonly truePositives: Uint32Array;
  readonly falsePositives: Uint32Array;
  readonly falseNegatives: Uint32Array;
  /** Pixels that count, and those of them that are wrong. */
  readonly counted: number;
  readonly wrong: number;
}

/**
 * @param labels, truth  uint8 [H, W]: train ids; pixels whose truth is the ignore label don't count
 * @param counted  uint8 [H, W]: 0 where a pixel doesn't count either; null: all others do
 */
export function errorCounts(
  labels: Uint8Array,
  truth: Uint8Array,
  counted: Uint8Array | null,
  numClasses: number,
): ErrorCounts {
  // A pair of ids is one place: an id may be any byte, whatever the number of classes.
  const pairs = new Uint32Array(256 * 256);
  for (let index = 0; index < truth.length; index++) {
    if (counted !== null && counted[index] === 0) continue;
    const pair = ((truth[index] ?? IGNORE_LABEL) << 8) | (labels[index] ?? IGNORE_LABEL);
    pairs[pair] = (pairs[pair] ?? 0) + 1;
  }
  const truePositives = new Uint32Array(256);
  const falsePositives = new Uint32Array(256);
  const falseNegatives = new Uint32Array(256);
  let total = 0;
  let wrong = 0;
  pairs.forEach((count, pair) => {
    const [actual, predicted] = [pair >> 8, pair & 255];
    if (count === 0 || actual === IGNORE_LABEL) return;
    total += count;
    if (actual === predicted) {
      truePositives[actual] = count;
      return;
    }
    wrong += count;
    falsePositives[predicted] = (falsePositives[predicted] ?? 0) + count;
    falseNegatives[actual] = (falseNegatives[actual] ?? 0) + count;
  });
  const ofClasses = (counts: Uint32Array): Uint32Array => counts.subarray(0, numClasses);
  return {
    truePositives: ofClasses(truePositives),
    falsePositives: ofClasses(falsePositives),
    falseNegatives: ofClasses(falseNegatives),
    counted: total,
    wrong,
  };
}
