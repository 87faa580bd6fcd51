// Samples of the plain loader: both domains of the baseline, the source of the consistency step, and validation.
import { IGNORE_LABEL } from "../../../../src-shared/labels/ignore-label.ts";
import { gaussianBlur } from "../../images/gaussian-blur.ts";
import { jitterColors } from "../../images/jitter-colors.ts";
import type { Normalize } from "../../images/normalize.ts";
import type { Draws, JitterStrength } from "../shared/draws.ts";
import {
  centrallyCropped,
  decidesToMirror,
  type MaskedPicture,
  maskedPicture,
  mirrored,
  type Range,
  type ReadPicture,
  randomlyCropped,
  randomlyScaled,
  resized,
  type Size,
} from "./masked-picture.ts";
import { labelsWithPadding, networkInput } from "./normalize-picture.ts";

/** How the plain loader changes images. */
export interface PlainAugmentation {
  /** All images first get this size; null: as they are. */
  readonly fixedSize: Size | null;
  readonly scale: Range;
  readonly flip: boolean;
  /** Every second image is blurred, by one pixel. */
  readonly blur: boolean;
  /** Of every second image; 0: none. */
  readonly jitter: number;
  readonly cropSize: Size;
}

/** How validation images get their size: the middle of the image, or all of it resized. */
export interface ValidationView {
  readonly fixedSize: Size | null;
  readonly size: Size;
  readonly by: "crop" | "resize";
}

export interface PlainSample {
  /** float32 [3, H, W] */
  readonly image: Float32Array;
  /** int32 [H, W], train ids; 255 where ignored or padded. */
  readonly labels: Int32Array;
}

const BLUR_RADIUS = 1;
const PROBABILITY = 0.5;
/** The plain loader's hue may turn half way round the circle. */
const LARGEST_HUE = 0.5;

/** Source: spec "5. Step 1", "7.2 Batches per iteration". Draws in this order: scale, flip, blur, jitter, place of the crop. */
export function plainPicture(read: ReadPicture, augmentation: PlainAugmentation, draws: Draws): MaskedPicture {
  const { fixedSize, scale, flip, blur, jitter, cropSize } = augmentation;
  const whole = maskedPicture(read);
  let picture = randomlyScaled(fixedSize === null ? whole : resized(whole, fixedSize), scale, draws);
  if (flip && decidesToMirror(draws)) picture = mirrored(picture);
  if (blur && draws.unit() < PROBABILITY) picture = { ...picture, image: gaussianBlur(picture.image, BLUR_RADIUS) };
  if (jitter > 0 && draws.unit() < PROBABILITY) {
    picture = { ...picture, image: jitterColors(picture.image, draws.jitter(plainJitter(jitter))) };
  }
  return randomlyCropped(picture, cropSize, draws);
}

/** Nothing is random. @throws AppError `image.size` for an image smaller than the crop */
export function validationPicture(read: ReadPicture, { fixedSize, size, by }: ValidationView): MaskedPicture {
  const whole = maskedPicture(read);
  const picture = fixedSize === null ? whole : resized(whole, fixedSize);
  return by === "crop" ? centrallyCropped(picture, size) : resized(picture, size);
}

export function plainSample(picture: MaskedPicture, normalize: Normalize): PlainSample {
  return {
    image: networkInput(picture, normalize),
    labels: labelsWithPadding(picture.labels, picture.padding, IGNORE_LABEL),
  };
}

/** Brightness, contrast and saturation by the same strength. */
export function plainJitter(strength: number): JitterStrength {
  return { brightness: strength, contrast: strength, saturation: strength, hue: Math.min(LARGEST_HUE, strength) };
}
