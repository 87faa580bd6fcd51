// A sample of the consistency step: several crops of one target image, each clean for the teacher and noisy for the student.
import { gaussianBlur } from "../../images/gaussian-blur.ts";
import { grayscale } from "../../images/grayscale.ts";
import { jitterColors } from "../../images/jitter-colors.ts";
import { normalize } from "../../images/normalize.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import type { Draws, JitterStrength } from "../shared/draws.ts";
import { affineInverseOf, affineOf, type CropGeometry, WHOLE_FRAME } from "./affine-matrices.ts";
import {
  cropped,
  decidesToMirror,
  type MaskedPicture,
  maskedPicture,
  mirrored,
  padded,
  type Range,
  type ReadPicture,
  randomlyCropped,
  randomlyScaled,
  resized,
  type Size,
  scaledSize,
} from "./masked-picture.ts";
import { labelsWithPadding, networkInput } from "./normalize-picture.ts";

/** How the target loader changes images. */
export interface TargetAugmentation {
  /** T, the crops made of one image. */
  readonly copies: number;
  readonly cropSize: Size;
  /** One enlargement for all copies. */
  readonly scale: Range;
  /** One decision for all copies. */
  readonly flip: boolean;
  /** A decision of each copy's own, which fusion undoes. */
  readonly guidedFlip: boolean;
  /** Of all copies but the first; equal ends: none. Below 1 a part is enlarged, above 1 the frame shrinks. */
  readonly zoom: Range;
  /** Radii of the blur that every student's crop gets; null: none. */
  readonly blur: Range | null;
  /** Of every second student's crop; 0: none. */
  readonly jitter: number;
  /** Share of the student's crops that are grey. */
  readonly grayscale: number;
}

/** One crop, before normalisation. */
export interface TargetCrop {
  /** Clean. */
  readonly picture: MaskedPicture;
  /** The same with noise. */
  readonly noisy: RgbImage;
  readonly geometry: CropGeometry;
}

/** The T crops of one image, one after another. */
export interface TargetSample {
  /** float32 [T, 3, H, W]: noisy, and clean. */
  readonly student: Float32Array;
  readonly teacher: Float32Array;
  /** int32 [T, H, W], train ids; 255 where ignored, −1 where padded. */
  readonly labels: Int32Array;
  /** float32 [T, 2, 3] */
  readonly affine: Float32Array;
  readonly affineInverse: Float32Array;
}

/** In the labels of a target sample. */
export const PADDED = -1;

const PROBABILITY = 0.5;
/** The target loader's hue moves less than the plain loader's. */
const LARGEST_HUE = 0.1;
/** What the original fills the labels of a shrunken frame's surroundings with; the mask covers it. */
const LABEL_OF_BORDER = 1;

/**
 * Draws transform by transform, each over all copies: scale, place and flip of the frame; flips of the copies; scale and
 * place of each zoom; blur radii; of each copy whether its colours move, and how; which copies are grey.
 * Source: spec "7.3 Target sample construction".
 */
export function targetCrops(read: ReadPicture, augmentation: TargetAugmentation, draws: Draws): TargetCrop[] {
  const frame = referenceFrame(read, augmentation, draws);
  const copies = Array.from({ length: augmentation.copies }, () => ({ picture: frame, geometry: WHOLE_FRAME }));
  const flipped = augmentation.guidedFlip ? copies.map((copy) => maybeMirrored(copy, draws)) : copies;
  const zoomed = zooms(augmentation)
    ? flipped.map((copy, k) => (k === 0 ? copy : randomlyZoomed(copy, augmentation.zoom, draws)))
    : flipped;
  const noisy = noisyImages(
    zoomed.map(({ picture }) => picture.image),
    augmentation,
    draws,
  );
  return zoomed.map((copy, k) => ({ ...copy, noisy: noisy[k] ?? copy.picture.image }));
}

/** @returns the crops as network inputs, with their affine matrices */
export function targetSample(crops: readonly TargetCrop[], cropSize: Size): TargetSample {
  const inputs = (imageOf: (crop: TargetCrop) => RgbImage): Float32Array =>
    joined(crops.map((crop) => networkInput({ image: imageOf(crop), padding: crop.picture.padding }, normalize)));
  const [height, width] = cropSize;
  const labels = new Int32Array(crops.length * height * width);
  for (const [k, { picture }] of crops.entries()) {
    labels.set(labelsWithPadding(picture.labels, picture.padding, PADDED), k * height * width);
  }
  return {
    student: inputs(({ noisy }) => noisy),
    teacher: inputs(({ picture }) => picture.image),
    labels,
    affine: joined(crops.map(({ geometry }) => affineOf(geometry, cropSize))),
    affineInverse: joined(crops.map(({ geometry }) => affineInverseOf(geometry, cropSize))),
  };
}

/** What all copies begin with. */
export function referenceFrame(
  read: ReadPicture,
  { cropSize, scale, flip }: Pick<TargetAugmentation, "cropSize" | "scale" | "flip">,
  draws: Draws,
): MaskedPicture {
  const enlarged = randomlyScaled(resized(maskedPicture(read), cropSize), scale, draws);
  const frame = randomlyCropped(enlarged, cropSize, draws);
  return flip && decidesToMirror(draws) ? mirrored(frame) : frame;
}

interface Copy {
  readonly picture: MaskedPicture;
  readonly geometry: CropGeometry;
}

export function maybeMirrored(copy: Copy, draws: Draws): Copy {
  if (!decidesToMirror(draws)) return copy;
  return { picture: mirrored(copy.picture), geometry: { ...copy.geometry, flip: -1 } };
}

function zooms({ zoom: [low, high] }: TargetAugmentation): boolean {
  return high > low;
}

/** A part of the frame enlarged to its size, or the frame made smaller with a border around it. */
export function randomlyZoomed(copy: Copy, [low, high]: Range, draws: Draws): Copy {
  const scale = draws.uniform(low, high);
  if (scale === 1) return copy;
  const { width: w, height: h } = copy.picture.image;
  const [height, width] = scaledSize([h, w], scale);
  const top = draws.integer(Math.min(0, h - height), Math.max(0, h - height));
  const left = draws.integer(Math.min(0, w - width), Math.max(0, w - width));
  const part =
    scale < 1
      ? cropped(copy.picture, { top, left, width, height })
      : padded(copy.picture, borderOf(copy.picture.image, { top, left, width, height }), LABEL_OF_BORDER);
  const geometry = {
    ...copy.geometry,
    dy: top + height / 2 - h / 2,
    dx: left + width / 2 - w / 2,
    inverseScale: 1 / scale,
  };
  return { picture: resized(part, [h, w]), geometry };
}

/** Of a box that reaches beyond the frame on all sides. */
function borderOf(frame: RgbImage, box: { top: number; left: number; width: number; height: number }) {
  return {
    left: -box.left,
    top: -box.top,
    right: box.width - frame.width + box.left,
    bottom: box.height - frame.height + box.top,
  };
}

/** Blur, then colours, then grey; each over all images before the next. */
export function noisyImages(
  images: readonly RgbImage[],
  { blur, jitter, grayscale: share }: Pick<TargetAugmentation, "blur" | "jitter" | "grayscale">,
  draws: Draws,
): RgbImage[] {
  const blurred = blur === null ? images : images.map((image) => gaussianBlur(image, draws.uniform(...blur)));
  const jittered = jitter > 0 ? blurred.map((image) => maybeJittered(image, jitter, draws)) : blurred;
  return share > 0 ? jittered.map((image) => (draws.unit() < share ? grayscale(image) : image)) : [...jittered];
}

function maybeJittered(image: RgbImage, strength: number, draws: Draws): RgbImage {
  return draws.unit() < PROBABILITY ? jitterColors(image, draws.jitter(targetJitter(strength))) : image;
}

/** Brightness, contrast and saturation by the same strength. */
export function targetJitter(strength: number): JitterStrength {
  return { brightness: strength, contrast: strength, saturation: strength, hue: Math.min(LARGEST_HUE, strength) };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}
