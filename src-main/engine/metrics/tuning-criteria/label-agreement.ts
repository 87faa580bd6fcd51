// How far two predictions of one image agree.
import { confusionOf, scoresFrom } from "../score-labels.ts";

/**
 * Mean over the classes that either prediction has of the intersection over union of their pixels: 0..1, the same
 * whichever comes first. Rare classes count as much as frequent ones.
 *
 * @param a, b  uint8 [H, W], train ids below K
 */
export function labelAgreement(a: Uint8Array, b: Uint8Array, numClasses: number): number {
  return scoresFrom(confusionOf(a, b, numClasses)).miou ?? 1;
}
