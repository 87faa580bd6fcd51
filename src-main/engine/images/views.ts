// The set of smaller, mirrored and grey versions of an image whose predictions are averaged.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { flipHorizontal } from "./flip-horizontal.ts";
import { grayscale } from "./grayscale.ts";
import { MAX_IMAGE_PIXELS } from "./image-limits.ts";
import { resizeBilinear } from "./resize-bilinear.ts";
import type { RgbImage } from "./rgb-image.ts";

export interface ViewOptions {
  /** Factors of width and height, in order. */
  readonly scales: readonly number[];
  readonly flips: boolean;
  readonly grayscale: boolean;
}

/** One version of the image, and what was done to get it (a flip is to be undone on the prediction). */
export interface View {
  readonly scale: number;
  readonly flipped: boolean;
  readonly gray: boolean;
  readonly image: RgbImage;
}

/** More pixels than this in one view is a slip of the keyboard; a forward pass would not fit in memory, unless it slides. */
const MAX_VIEW_PIXELS = MAX_IMAGE_PIXELS;

/**
 * Two views per scale: the resized image, and the resized image mirrored (with `flips`) and then grey (with
 * `grayscale`), both on the same view. With neither, the second repeats the first, as in the original, where it then
 * counts twice. The image itself is not in the set unless 1 is among the scales.
 *
 * @throws AppError `image.size` when a scale leaves no pixel of width or height, is not a positive number, or asks for
 *         an absurdly large image
 * Source: self-adaptation specification, 4.3.
 */
export function augmentedViews(image: RgbImage, options: ViewOptions): View[] {
  // All sizes first: a bad last scale should not cost the work on the others.
  const sizes = options.scales.map((scale) => ({ scale, ...scaledSize(image, scale) }));
  return sizes.flatMap(({ scale, width, height }) => {
    const scaled = resizeBilinear(image, width, height);
    const mirrored = options.flips ? flipHorizontal(scaled) : scaled;
    return [
      { scale, flipped: false, gray: false, image: scaled },
      {
        scale,
        flipped: options.flips,
        gray: options.grayscale,
        image: options.grayscale ? grayscale(mirrored) : mirrored,
      },
    ];
  });
}

function scaledSize(image: RgbImage, scale: number): { width: number; height: number } {
  const width = Math.trunc(image.width * scale);
  const height = Math.trunc(image.height * scale);
  if (width >= 1 && height >= 1 && width * height <= MAX_VIEW_PIXELS) return { width, height };
  const size = `An image of ${image.width} x ${image.height} pixels at scale ${scale}`;
  if (width * height > MAX_VIEW_PIXELS) {
    throw new AppError("image.size", `${size} would have more than ${MAX_VIEW_PIXELS} pixels; choose a smaller scale.`);
  }
  throw new AppError("image.size", `${size} has no pixels left; choose a larger scale, or a larger image.`);
}
