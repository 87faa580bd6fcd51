// The crops of a target image with the pseudo-labels they got, as pictures to look at.
import { pictureOf } from "../../images/picture-of-input.ts";
import type { Batch } from "../../training/samples/sample.ts";
import type { Preview } from "../../training/training-method.ts";
import { planeOf } from "../shared/batch-planes.ts";
import type { Size } from "./masked-picture.ts";

/**
 * The crops of the batch's first target image as the teacher saw them.
 *
 * @param pseudoLabels  [N, H, W] of all crops of the batch
 */
export function cropPreviews(
  batch: Batch,
  pseudoLabels: ArrayLike<number>,
  copies: number,
  [height, width]: Size,
): Preview[] {
  const { data } = planeOf(batch, "target.teacher");
  const pixels = height * width;
  return Array.from({ length: copies }, (_, k) => {
    const labels = Uint8Array.from({ length: pixels }, (_pixel, i) => pseudoLabels[k * pixels + i] ?? 0);
    return {
      name: `pseudo-labels-${k + 1}`,
      labels: { width, height, data: labels },
      picture: pictureOf(data.subarray(k * 3 * pixels, (k + 1) * 3 * pixels), [height, width]),
    };
  });
}
