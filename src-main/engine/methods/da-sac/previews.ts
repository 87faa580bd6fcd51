// The crops of a target image with the pseudo-labels they got, as pictures to look at.
import { IMAGENET_MEAN, IMAGENET_STD } from "../../images/normalize.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import type { Batch } from "../../training/samples/sample.ts";
import type { Preview } from "../../training/training-method.ts";
import { planeOf } from "./batch-planes.ts";
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

/** From network input back to bytes. @param input  ImageNet-normalised, [3, H, W] */
function pictureOf(input: ArrayLike<number>, [height, width]: Size): RgbImage {
  const pixels = height * width;
  const data = new Uint8Array(3 * pixels);
  for (const [channel, mean] of IMAGENET_MEAN.entries()) {
    const std = IMAGENET_STD[channel] ?? 1; // both have three
    for (let i = 0; i < pixels; i++) {
      const value = ((input[channel * pixels + i] ?? 0) * std + mean) * 255;
      data[3 * i + channel] = Math.min(255, Math.max(0, Math.round(value)));
    }
  }
  return { width, height, data };
}
