// Bilinear resizing of 8-bit colour images, to the last bit as Pillow does it (antialiased when it shrinks).
import { type ResizeFilter, resizeFiltered } from "./resize-filtered.ts";
import type { RgbImage } from "./rgb-image.ts";

const TRIANGLE: ResizeFilter = { reach: 1, weight: (distance) => Math.max(0, 1 - distance) };

/** Resizes to exactly width x height; the aspect ratio is the caller's business. */
export function resizeBilinear(image: RgbImage, width: number, height: number): RgbImage {
  return resizeFiltered(image, width, height, TRIANGLE);
}
