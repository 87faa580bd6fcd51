// Pseudo-labels: which pixels of the fused prediction are trusted, by a threshold of each class's own.
import { IGNORE_LABEL } from "../../../../src-shared/labels/ignore-label.ts";
import type { LabelMap } from "../../images/rgb-image.ts";

export interface PseudoLabel {
  readonly labels: LabelMap;
  /** The most probable class of every pixel, trusted or not, [H, W]. */
  readonly classes: Uint8Array;
  /** Of each class: the probability a pixel must exceed. */
  readonly thresholds: Float32Array;
  readonly keptPixels: number;
  /** Kept pixels of each class. */
  readonly perClass: readonly number[];
}

/**
 * A pixel is labelled with its most probable class if that probability is strictly above `threshold` times the largest
 * one this class reaches anywhere in the image, whether or not it wins there; else it is ignored.
 * Source: spec "4.6 Self-adaptation of one image", step 3.
 *
 * @param probabilities  float32 [K, H, W]
 */
export function pseudoLabel(
  probabilities: Float32Array,
  numClasses: number,
  height: number,
  width: number,
  threshold: number,
): PseudoLabel {
  const pixels = height * width;
  const thresholds = classThresholds(probabilities, numClasses, pixels, threshold);
  const data = new Uint8Array(pixels).fill(IGNORE_LABEL);
  const classes = new Uint8Array(pixels);
  const perClass = new Array<number>(numClasses).fill(0);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const { best, isTrusted } = decide(probabilities, thresholds, pixels, pixel);
    classes[pixel] = best;
    if (!isTrusted) continue;
    data[pixel] = best;
    perClass[best] = (perClass[best] ?? 0) + 1;
  }
  const keptPixels = perClass.reduce((sum, count) => sum + count, 0);
  return { labels: { width, height, data }, classes, thresholds, keptPixels, perClass };
}

/** The first most probable class; on exact ties the pixel is trusted if any of the tied classes passes. */
function decide(probabilities: Float32Array, thresholds: Float32Array, pixels: number, pixel: number) {
  let best = 0;
  let highest = Number.NEGATIVE_INFINITY;
  let isTrusted = false;
  for (let k = 0; k < thresholds.length; k += 1) {
    const probability = probabilities[k * pixels + pixel] ?? 0;
    if (probability < highest) continue;
    const passes = probability > (thresholds[k] ?? 0);
    isTrusted = probability > highest ? passes : isTrusted || passes;
    if (probability > highest) best = k;
    highest = probability;
  }
  return { best, isTrusted };
}

function classThresholds(
  probabilities: Float32Array,
  numClasses: number,
  pixels: number,
  threshold: number,
): Float32Array {
  return Float32Array.from({ length: numClasses }, (_, k) => {
    let highest = 0;
    for (let index = k * pixels; index < (k + 1) * pixels; index += 1) {
      const probability = probabilities[index] ?? 0;
      if (probability > highest) highest = probability;
    }
    return Math.fround(threshold) * highest;
  });
}
