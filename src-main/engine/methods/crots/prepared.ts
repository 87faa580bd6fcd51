// Images and labels in the network's size, as the original prepares them. Source: spec of CROTS, "3. Data conventions".
import { resizeBicubic } from "../../images/resize-bicubic.ts";
import { resizeNearest } from "../../images/resize-nearest.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";

/** Height and width. */
export type Size = readonly [number, number];

/** Whole images, whatever their aspect ratio. */
export function preparedImage(image: RgbImage, [height, width]: Size): RgbImage {
  return resizeBicubic(image, width, height);
}

export function preparedLabels(labels: LabelMap, [height, width]: Size): LabelMap {
  return resizeNearest(labels, width, height);
}

/** The grid has so many rows, and as many columns. */
export const GRID = 4;

/** Of a patch of an image of this size. Source: spec "8. Step 4". */
export function patchSize([height, width]: Size): Size {
  return [Math.floor(height / GRID), Math.floor(width / GRID)];
}
