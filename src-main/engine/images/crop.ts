// Cuts a rectangular part out of a picture.
import { BugError } from "../../../src-shared/contract/errors.ts";
import { checkLabelMap, checkRgbImage, type LabelMap, type RgbImage } from "./rgb-image.ts";

/** A part of a picture, in pixels; lies wholly inside. */
export interface CropBox {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** The pixels of the box. */
export function cropImage(image: RgbImage, box: CropBox): RgbImage {
  checkRgbImage(image);
  return { width: box.width, height: box.height, data: cropped(image, box, 3) };
}

/** The ids of the box. */
export function cropLabels(map: LabelMap, box: CropBox): LabelMap {
  checkLabelMap(map);
  return { width: box.width, height: box.height, data: cropped(map, box, 1) };
}

/**
 * The box in the middle of a picture. Half a pixel too many goes to the even side, as Python's `round` does it:
 * 40 of 65 rows start at row 12.
 */
export function centralBox(picture: { width: number; height: number }, width: number, height: number): CropBox {
  return { top: halfOf(picture.height - height), left: halfOf(picture.width - width), width, height };
}

/** Half of a whole number, halves rounded to the even neighbour. */
function halfOf(length: number): number {
  const low = Math.floor(length / 2);
  return length % 2 !== 0 && low % 2 !== 0 ? low + 1 : low;
}

function cropped(picture: RgbImage | LabelMap, box: CropBox, channels: number): Uint8Array {
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
