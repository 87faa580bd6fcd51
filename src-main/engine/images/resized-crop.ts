// Cuts a part out of a picture and resizes it.
import { type CropBox, cropImage, cropLabels } from "./crop.ts";
import { resizeBilinear } from "./resize-bilinear.ts";
import { resizeNearest } from "./resize-nearest.ts";
import type { LabelMap, RgbImage } from "./rgb-image.ts";

export type { CropBox } from "./crop.ts";

/** The part as an image of width x height: bilinear, antialiased; pixels outside the box have no influence. */
export function resizedCrop(image: RgbImage, box: CropBox, width: number, height: number): RgbImage {
  return resizeBilinear(cropImage(image, box), width, height);
}

/** The part as a label map of width x height: nearest neighbour, so that no new ids appear. */
export function resizedLabelCrop(map: LabelMap, box: CropBox, width: number, height: number): LabelMap {
  return resizeNearest(cropLabels(map, box), width, height);
}
