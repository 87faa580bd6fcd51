// A colour picture of numbers that need be no bytes: what styles, which neither round nor clip, work on and give.
import { BugError } from "../../../src-shared/contract/errors.ts";
import type { RgbImage } from "./rgb-image.ts";

export interface FloatPicture {
  readonly width: number;
  readonly height: number;
  /** [H, W, 3]: red, green, blue, row by row; 0..255, and beyond where a style made it so. */
  readonly data: Uint8Array | Float32Array | Float64Array;
}

/** @throws BugError when the data is not as long as width and height say */
export function checkFloatPicture({ width, height, data }: FloatPicture): void {
  if (Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0) {
    if (data.length === 3 * width * height) return;
  }
  throw new BugError(`picture of ${width} x ${height} pixels has ${data.length} numbers`);
}

/** For eyes alone: rounded to the nearest whole number, and clipped to 0..255. */
export function bytesOf({ width, height, data }: FloatPicture): RgbImage {
  return { width, height, data: new Uint8Array(Uint8ClampedArray.from(data).buffer) };
}
