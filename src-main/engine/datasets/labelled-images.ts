// What training and evaluation ask of a dataset: images, mostly with their classes, one at a time.
import type { LabelMap, RgbImage } from "../images/rgb-image.ts";

export interface SourceImage {
  readonly image: RgbImage;
  /** Train ids, 255 where no class applies, of the image's size; null where there are none. */
  readonly labels: LabelMap | null;
}

export interface SourceImages {
  readonly count: number;
  /** The image at a place, from 0. */
  read(index: number): Promise<SourceImage>;
}

export interface LabelledImage extends SourceImage {
  readonly labels: LabelMap;
}

export interface LabelledImages extends SourceImages {
  read(index: number): Promise<LabelledImage>;
}
