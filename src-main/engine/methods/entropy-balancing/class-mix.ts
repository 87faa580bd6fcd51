// Class mixing: pixels of half of the classes of a source image pasted into a target image, with labels and weights.
import type { PlaneData } from "../../training/samples/sample.ts";

/** Images of one size, one after another. */
export interface MixInput {
  readonly images: number;
  /** float32 [N, 3, H, W] */
  readonly source: Float32Array;
  readonly target: Float32Array;
  /** [N, H, W], train ids and 255. */
  readonly sourceLabels: PlaneData;
  readonly pseudoLabels: PlaneData;
  /** float32 [N, H, W], of the target's pixels; the source's weigh 1. */
  readonly targetWeights: Float32Array;
}

export interface Mixed {
  /** float32 [N, 3, H, W] */
  readonly image: Float32Array;
  /** int32 [N, H, W] */
  readonly labels: Int32Array;
  /** float32 [N, H, W] */
  readonly weights: Float32Array;
  /** [N, H, W]: 1 where the source was pasted. */
  readonly mask: Uint8Array;
}

/** The classes of the whole batch in rising order, 255 among them. Source: spec "7.4 ClassMix". */
export function classesOf(labels: PlaneData): number[] {
  return [...new Set<number>(labels)].sort((a, b) => a - b);
}

/** How many of so many classes are pasted. */
export function chosenCount(classes: number): number {
  return Math.ceil(classes / 2);
}

/** @param chosen  of each image the classes that are pasted */
export function classMix(input: MixInput, chosen: readonly ReadonlySet<number>[]): Mixed {
  const { images, source, target, sourceLabels, pseudoLabels, targetWeights } = input;
  const size = sourceLabels.length / images;
  const mask = Uint8Array.from(sourceLabels, (label, i) => (chosen[Math.floor(i / size)]?.has(label) ? 1 : 0));
  const image = target.slice();
  for (let i = 0; i < image.length; i += 1) {
    const pixel = Math.floor(i / (3 * size)) * size + (i % size);
    if (mask[pixel] === 1) image[i] = source[i] as number;
  }
  return {
    image,
    labels: Int32Array.from(mask, (pasted, i) => (pasted === 1 ? sourceLabels[i] : pseudoLabels[i]) as number),
    weights: Float32Array.from(mask, (pasted, i) => (pasted === 1 ? 1 : (targetWeights[i] as number))),
    mask,
  };
}
