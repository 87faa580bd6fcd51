// An image with its labels and the mask of what was padded: the three go through every change of shape together.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { IGNORE_LABEL } from "../../../../src-shared/labels/ignore-label.ts";
import { type CropBox, centralBox, cropImage, cropLabels } from "../../images/crop.ts";
import { flipHorizontal, flipLabelsHorizontal } from "../../images/flip-horizontal.ts";
import { type Border, padImage, padLabels } from "../../images/pad-picture.ts";
import { resizeBilinear } from "../../images/resize-bilinear.ts";
import { resizeNearest } from "../../images/resize-nearest.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";
import type { Draws } from "../shared/draws.ts";

/** [height, width] in pixels. */
export type Size = readonly [height: number, width: number];
/** From and to. */
export type Range = readonly [low: number, high: number];

export interface MaskedPicture {
  readonly image: RgbImage;
  /** Train ids; of the image's size, like the padding. */
  readonly labels: LabelMap;
  /** 1 where a change of shape has put pixels that no camera saw, else 0. */
  readonly padding: LabelMap;
}

/** An image as it is read. Without labels everything is ignored. */
export interface ReadPicture {
  readonly image: RgbImage;
  readonly labels: LabelMap | null;
}

/** Nothing is padded yet. */
export function maskedPicture({ image, labels }: ReadPicture): MaskedPicture {
  const { width, height } = image;
  const plane = (value: number): LabelMap => ({ width, height, data: new Uint8Array(width * height).fill(value) });
  return { image, labels: labels ?? plane(IGNORE_LABEL), padding: plane(0) };
}

/** To exactly this size: the image bilinear, labels and mask nearest. */
export function resized({ image, labels, padding }: MaskedPicture, [height, width]: Size): MaskedPicture {
  return {
    image: resizeBilinear(image, width, height),
    labels: resizeNearest(labels, width, height),
    padding: resizeNearest(padding, width, height),
  };
}

/** Resized by one factor out of a range; the size is rounded down, but to no less than a pixel. */
export function randomlyScaled(picture: MaskedPicture, [low, high]: Range, draws: Draws): MaskedPicture {
  const { width, height } = picture.image;
  const scale = low + (high - low) * draws.unit();
  return resized(picture, scaledSize([height, width], scale));
}

export function scaledSize([height, width]: Size, scale: number): Size {
  return [Math.max(1, Math.floor(height * scale)), Math.max(1, Math.floor(width * scale))];
}

/** Mirrored. */
export function mirrored({ image, labels, padding }: MaskedPicture): MaskedPicture {
  return {
    image: flipHorizontal(image),
    labels: flipLabelsHorizontal(labels),
    padding: flipLabelsHorizontal(padding),
  };
}

/** Whether to mirror: every second time. */
export function decidesToMirror(draws: Draws): boolean {
  return draws.unit() > 0.5;
}

/** A crop at a random place, of a picture that is padded on both sides where it is too small. */
export function randomlyCropped(picture: MaskedPicture, [height, width]: Size, draws: Draws): MaskedPicture {
  const large = padded(picture, borderFor(picture, [height, width]), 0);
  const origin = draws.cropOrigin(large.image.height - height, large.image.width - width);
  return cropped(large, { ...origin, height, width });
}

/**
 * The crop in the middle.
 *
 * @throws AppError `image.size` for a picture that is smaller than the crop
 */
export function centrallyCropped(picture: MaskedPicture, [height, width]: Size): MaskedPicture {
  const { image } = picture;
  if (image.height < height || image.width < width) {
    throw new AppError(
      "image.size",
      `An image of ${image.width} x ${image.height} pixels is smaller than the crop of ${width} x ${height}; ` +
        "validate with smaller crops, or resize instead of cropping.",
    );
  }
  return cropped(picture, centralBox(image, width, height));
}

export function cropped({ image, labels, padding }: MaskedPicture, box: CropBox): MaskedPicture {
  return { image: cropImage(image, box), labels: cropLabels(labels, box), padding: cropLabels(padding, box) };
}

/** With a border that the mask knows. */
export function padded({ image, labels, padding }: MaskedPicture, border: Border, labelId: number): MaskedPicture {
  return {
    image: padImage(image, border),
    labels: padLabels(labels, border, labelId),
    padding: padLabels(padding, border, 1),
  };
}

/** What is missing at each side; the odd pixel is added at the right and at the bottom. */
function borderFor({ image }: MaskedPicture, [height, width]: Size): Border {
  const rows = Math.max(0, height - image.height);
  const columns = Math.max(0, width - image.width);
  const [top, left] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  return { top, left, bottom: rows - top, right: columns - left };
}
