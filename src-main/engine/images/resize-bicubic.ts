// Bicubic resizing of 8-bit colour images, to the last bit as Pillow does it (antialiased when it shrinks).
import { type ResizeFilter, resizeFiltered } from "./resize-filtered.ts";
import type { RgbImage } from "./rgb-image.ts";

/** Keys' kernel. Source: Pillow's Resample.c. */
const A = -0.5;
const CUBIC: ResizeFilter = {
  reach: 2,
  weight: (x) => {
    if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
  },
};

/** Resizes to exactly width x height; the aspect ratio is the caller's business. */
export function resizeBicubic(image: RgbImage, width: number, height: number): RgbImage {
  return resizeFiltered(image, width, height, CUBIC);
}
