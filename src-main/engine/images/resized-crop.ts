// Cuts a part out of a picture and resizes it.
import { BugError } from "../../../src-shared/contract/errors.ts";
import { resizeBilinear } from "./resize-bilinear.ts";
import { resizeNearest } from "./resize-nearest.ts";
import { checkLabelMap, checkRgbImage, type LabelMap, type RgbImage } from "./rgb-image.ts";

/** A part of a picture, in pixels; lies wholly inside. */
export interface CropBox {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** The part as an image of width x height: bilinear, antialiased; pixels outside the box have no influence. */
export function resizedCrop(image: RgbImage, box: CropBox, width: number, height: number): RgbImage {
  checkRgbImage(image);
  return resizeBilinear({ width: box.width, height: box.height, data: crop(image, box, 3) }, width, height);
}

/** The part as a label map of width x height: nearest neighbour, so that no new ids appear. */
export function resizedLabelCrop(map: LabelMap, box: CropBox, width: number, height: number): LabelMap {
  checkLabelMap(map);
  return resizeNearest({ width: box.width, height: box.height, data: crop(map, box, 1) }, width, height);
}

function crop(picture: RgbImage | LabelMap, box: CropBox, channels: number): Uint8Array {
  const { top, left, width, height } = box;
  const isInside = top >= 0 && left >= 0 && left + width <= picture.width && top + height <= picture.height;
  if (![top, left, width, height].every(Number.isInteger) || !isInside) {
    throw new BugError(
      `crop ${width} x ${height} at (${left}, ${top}) of a picture of ${picture.width} x ${picture.height}`,
    );
  }
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * channels;
    data.set(picture.data.subarray(from, from + width * channels), y * width * channels);
  }
  return data;
}
