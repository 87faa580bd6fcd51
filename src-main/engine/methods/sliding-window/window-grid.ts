// Where windows of one size lie on an image, so that they overlap and together cover it.
import type { WindowConfig } from "../../../../src-shared/contract/adaptation-config.ts";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { CropBox } from "../../images/crop.ts";

/** Pixels. */
export interface SlidingWindow {
  readonly height: number;
  readonly width: number;
  /** Of neighbours, in rows and in columns, or in columns alone where there is another for these; less than the window. */
  readonly overlap: number;
  readonly rowOverlap?: number;
}

export interface WindowGrid {
  /** Of every window: the asked size, or the image's where that is smaller. */
  readonly height: number;
  readonly width: number;
  /** First row of each row of windows, rising. */
  readonly tops: readonly number[];
  /** First column of each column of windows, rising. */
  readonly lefts: readonly number[];
}

/** @returns null when the image is predicted as a whole. @throws AppError `input.option` for an overlap as large as the window */
export function slidingWindowOf({ window, overlap }: WindowConfig): SlidingWindow | null {
  const [height, width] = window;
  if (height === undefined || width === undefined) return null;
  if (overlap < Math.min(height, width)) return { height, width, overlap };
  throw new AppError(
    "input.option",
    `The overlap of ${overlap} pixels is not less than the window of ${height} x ${width}, which would never move on; ` +
      "choose a smaller overlap, or a larger window.",
  );
}

/**
 * Windows in steps of size less overlap; the last one of a row or column is moved back inside the image, so that all have
 * the same size. Source: mmsegmentation, `EncoderDecoder.slide_inference`.
 */
export function windowGrid(
  image: { readonly height: number; readonly width: number },
  window: SlidingWindow,
): WindowGrid {
  const height = Math.min(window.height, image.height);
  const width = Math.min(window.width, image.width);
  return {
    height,
    width,
    tops: startsAlong(image.height, height, window.height - (window.rowOverlap ?? window.overlap)),
    lefts: startsAlong(image.width, width, window.width - window.overlap),
  };
}

export function windowCount({ tops, lefts }: WindowGrid): number {
  return tops.length * lefts.length;
}

/** Every window, row by row. */
export function windowBoxes({ height, width, tops, lefts }: WindowGrid): CropBox[] {
  return tops.flatMap((top) => lefts.map((left) => ({ top, left, height, width })));
}

function startsAlong(length: number, size: number, step: number): number[] {
  const count = Math.ceil((length - size) / step) + 1;
  return Array.from({ length: count }, (_, index) => Math.min(index * step, length - size));
}
