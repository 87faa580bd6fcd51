// The crops of a target image with the pseudo-labels they got, as pictures to look at.
import { IGNORE_LABEL } from "../../../../src-shared/labels/ignore-label.ts";
import { pictureOf } from "../../images/picture-of-input.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import type { Batch } from "../../training/samples/sample.ts";
import type { Preview } from "../../training/training-method.ts";
import { planeOf } from "../shared/batch-planes.ts";
import type { Size } from "./masked-picture.ts";

/**
 * The crops of the batch's first target image as the teacher saw them, each where it lies in the image's frame: a place of one
 * is the same place of all others. Around a crop there is nothing: black, without labels.
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
  const affines = planeOf(batch, "target.affine").data;
  const pixels = height * width;
  return Array.from({ length: copies }, (_, k) => {
    const places = placesInCrop(affines.subarray(6 * k, 6 * (k + 1)), [height, width]);
    const crop = pictureOf(data.subarray(k * 3 * pixels, (k + 1) * 3 * pixels), [height, width]);
    const labels = places.map((place) => (place < 0 ? IGNORE_LABEL : (pseudoLabels[k * pixels + place] ?? 0)));
    return {
      name: `pseudo-labels-${k + 1}`,
      labels: { width, height, data: Uint8Array.from(labels) },
      picture: pictureAt(crop, places),
    };
  });
}

/**
 * The nearest pixel of a crop for each pixel of its frame; −1 where that lies outside. Labels can't be mixed, so none are.
 *
 * @param affine  [2, 3], from the frame to the crop; see affine-matrices.ts
 */
export function placesInCrop(affine: ArrayLike<number>, [height, width]: Size): Int32Array {
  const [a = 1, b = 0, x = 0, c = 0, d = 1, y = 0] = Array.from(affine);
  const centre = (i: number, length: number) => (2 * i + 1) / length - 1;
  const nearest = (coordinate: number, length: number) => Math.floor(((coordinate + 1) * length) / 2);
  return Int32Array.from({ length: height * width }, (_, i) => {
    const [u, v] = [centre(i % width, width), centre(Math.floor(i / width), height)];
    const [column, row] = [nearest(a * u + b * v + x, width), nearest(c * u + d * v + y, height)];
    return column < 0 || row < 0 || column >= width || row >= height ? -1 : row * width + column;
  });
}

function pictureAt({ width, height, data }: RgbImage, places: Int32Array): RgbImage {
  const moved = new Uint8Array(data.length);
  for (const [i, place] of places.entries()) {
    if (place >= 0) moved.set(data.subarray(3 * place, 3 * place + 3), 3 * i);
  }
  return { width, height, data: moved };
}
