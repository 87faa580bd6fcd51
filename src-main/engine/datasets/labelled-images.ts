// What training and evaluation ask of a dataset: images with their classes, one at a time.
import type { LabelMap, RgbImage } from "../images/rgb-image.ts";

export interface LabelledImage {
  readonly image: RgbImage;
  /** Train ids, 255 where no class applies; of the image's size. */
  readonly labels: LabelMap;
}

export interface LabelledImages {
  readonly count: number;
  /** The image at a place, from 0. */
  read(index: number): Promise<LabelledImage>;
}
