// Puts a border around a picture.
import { BugError } from "../../../src-shared/contract/errors.ts";
import { checkLabelMap, checkRgbImage, type LabelMap, type RgbImage } from "./rgb-image.ts";

/** Pixels added at each side, 0 or more. */
export interface Border {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The image with a black border. */
export function padImage(image: RgbImage, border: Border): RgbImage {
  checkRgbImage(image);
  return { ...sizeWith(image, border), data: padded(image, border, 3, 0) };
}

/** The map with a border of one id. */
export function padLabels(map: LabelMap, border: Border, id: number): LabelMap {
  checkLabelMap(map);
  return { ...sizeWith(map, border), data: padded(map, border, 1, id) };
}

function sizeWith(picture: RgbImage | LabelMap, { left, top, right, bottom }: Border) {
  return { width: left + picture.width + right, height: top + picture.height + bottom };
}

function padded(picture: RgbImage | LabelMap, border: Border, channels: number, fill: number): Uint8Array {
  const { left, top, right, bottom } = border;
  if (![left, top, right, bottom].every((pixels) => Number.isInteger(pixels) && pixels >= 0)) {
    throw new BugError(`border of ${left}, ${top}, ${right}, ${bottom} pixels`);
  }
  const { width, height } = sizeWith(picture, border);
  const data = new Uint8Array(width * height * channels).fill(fill);
  const rowLength = picture.width * channels;
  for (let y = 0; y < picture.height; y++) {
    const row = picture.data.subarray(y * rowLength, (y + 1) * rowLength);
    data.set(row, ((top + y) * width + left) * channels);
  }
  return data;
}
