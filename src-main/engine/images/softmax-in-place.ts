// From logits to probabilities, outside of any graph.
import { BugError } from "../../../src-shared/contract/errors.ts";

/**
 * Softmax over the classes, in place.
 *
 * @param scores  float32 [1, K, H, W], logits; probabilities afterwards
 */
export function softmaxInPlace(scores: Float32Array, numClasses: number): Float32Array {
  const plane = scores.length / numClasses;
  if (!Number.isInteger(plane))
    throw new BugError(`${scores.length} scores are no whole planes of ${numClasses} classes`);
  for (let i = 0; i < plane; i++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let at = i; at < scores.length; at += plane) largest = Math.max(largest, scores[at] as number);
    let sum = 0;
    for (let at = i; at < scores.length; at += plane) {
      const exponential = Math.exp((scores[at] as number) - largest);
      scores[at] = exponential;
      sum += exponential;
    }
    for (let at = i; at < scores.length; at += plane) scores[at] = (scores[at] as number) / sum;
  }
  return scores;
}
