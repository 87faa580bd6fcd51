// The two kinds of picture in the engine: colour images and label maps.
import { BugError } from "../../../src-shared/contract/errors.ts";

/** A colour image, 8 bits a channel. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** [H, W, 3]: red, green, blue, row by row. */
  readonly data: Uint8Array;
}

/** One class id per pixel: train ids (255 = ignored) or a data set's label ids, as the context says. */
export interface LabelMap {
  readonly width: number;
  readonly height: number;
  /** [H, W], row by row. */
  readonly data: Uint8Array;
}

/** @throws BugError when the data is not as long as width and height say */
export function checkRgbImage(image: RgbImage): void {
  checkLength("image", image, 3);
}

/** @throws BugError when the data is not as long as width and height say */
export function checkLabelMap(map: LabelMap): void {
  checkLength("label map", map, 1);
}

function checkLength(kind: string, picture: RgbImage | LabelMap, channels: number): void {
  const { width, height, data } = picture;
  if (Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0) {
    if (data.length === width * height * channels) return;
  }
  throw new BugError(`${kind} of ${width} x ${height} pixels has ${data.length} bytes`);
}
