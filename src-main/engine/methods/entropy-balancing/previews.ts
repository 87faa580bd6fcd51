// A step as pictures to look at: the mixed image, what of it was pasted, and the pseudo-labels with their weights.
import { IGNORE_LABEL } from "../../../../src-shared/labels/ignore-label.ts";
import { pictureOf } from "../../images/picture-of-input.ts";
import type { Batch } from "../../training/samples/sample.ts";
import type { Preview } from "../../training/training-method.ts";
import { planeOf } from "../shared/batch-planes.ts";
import type { Mixed } from "./class-mix.ts";

export interface LastStep {
  readonly batch: Batch;
  readonly mixed: Mixed;
  readonly target: { readonly pseudoLabels: Int32Array; readonly weights: Float32Array };
}

/** Of the batch's first pair. Ids that are 255 in them are not drawn. */
export function stepPreviews(
  { batch, mixed, target }: LastStep,
  [height, width]: readonly [number, number],
): Preview[] {
  const size = height * width;
  const labelled = (label: (pixel: number) => number) => ({
    width,
    height,
    data: Uint8Array.from({ length: size }, (_, i) => label(i)),
  });
  const mixedPicture = pictureOf(mixed.image.subarray(0, 3 * size), [height, width]);
  const targetPicture = pictureOf(planeOf(batch, "target.image").data.subarray(0, 3 * size), [height, width]);
  const pasted = (i: number): boolean => mixed.mask[i] === 1;
  return [
    { name: "mixed", labels: labelled((i) => mixed.labels[i] ?? IGNORE_LABEL), picture: mixedPicture },
    {
      name: "pasted",
      labels: labelled((i) => (pasted(i) ? (mixed.labels[i] ?? IGNORE_LABEL) : IGNORE_LABEL)),
      picture: mixedPicture,
    },
    { name: "pseudo-labels", labels: labelled((i) => target.pseudoLabels[i] ?? IGNORE_LABEL), picture: targetPicture },
    {
      name: "weighted-pseudo-labels",
      labels: labelled((i) => ((target.weights[i] ?? 0) > 0 ? (target.pseudoLabels[i] ?? IGNORE_LABEL) : IGNORE_LABEL)),
      picture: targetPicture,
    },
  ];
}
