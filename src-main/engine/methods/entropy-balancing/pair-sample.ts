// What an image becomes for a step: fitted into a box, cropped, mirrored, normalised, padded. Source: spec "10.3 Pipelines".
import { IGNORE_LABEL } from "../../../../src-shared/labels/ignore-label.ts";
import type { SourceImage } from "../../datasets/labelled-images.ts";
import { cropImage, cropLabels } from "../../images/crop.ts";
import { flipHorizontal, flipLabelsHorizontal } from "../../images/flip-horizontal.ts";
import { normalize } from "../../images/normalize.ts";
import { keepRatioSize, resizeBilinearOpenCv, resizeNearestOpenCv } from "../../images/resize-opencv.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";
import type { Draws } from "../shared/draws.ts";

/** Height and width. */
type Size = readonly [number, number];

export interface PairSettings {
  readonly cropSize: Size;
  /** A crop with a larger share of one class is drawn again; 1: none is. */
  readonly mostOfOneClass: number;
  readonly flip: number;
}

export interface PairSample {
  /** float32 [3, H, W], 0 where padded. */
  readonly image: Float32Array;
  /** [H, W], 255 where padded. */
  readonly labels: Uint8Array;
}

/** Crops that are drawn again; the last is taken as it is. */
const MOST_REDRAWS = 10;

/** Fitted into the box, before anything is drawn. */
export function fitted({ image, labels }: SourceImage, [height, width]: Size): SourceImage {
  const size = keepRatioSize(image, { width, height });
  return {
    image: resizeBilinearOpenCv(image, size),
    labels: labels === null ? null : resizeNearestOpenCv(labels, size),
  };
}

/** Draws in this order: row and column of each crop, mirroring. @param read  fitted */
export function pairSample(read: SourceImage, settings: PairSettings, draws: Draws): PairSample {
  const [height, width] = settings.cropSize;
  const cropped = croppedAtRandom(read, settings, draws);
  const isMirrored = draws.unit() < settings.flip;
  const image = isMirrored ? flipHorizontal(cropped.image) : cropped.image;
  const labels = isMirrored && cropped.labels !== null ? flipLabelsHorizontal(cropped.labels) : cropped.labels;
  return { image: paddedPlanes(normalize(image), image, height, width), labels: paddedLabels(labels, height, width) };
}

function croppedAtRandom({ image, labels }: SourceImage, settings: PairSettings, draws: Draws): SourceImage {
  const [cropHeight, cropWidth] = settings.cropSize;
  const [height, width] = [Math.min(cropHeight, image.height), Math.min(cropWidth, image.width)];
  const box = () => ({ ...draws.cropOrigin(image.height - height, image.width - width), height, width });
  let chosen = box();
  if (labels !== null && settings.mostOfOneClass < 1) {
    for (let k = 0; k < MOST_REDRAWS; k += 1) {
      if (isVaried(cropLabels(labels, chosen), settings.mostOfOneClass)) break;
      chosen = box();
    }
  }
  return { image: cropImage(image, chosen), labels: labels === null ? null : cropLabels(labels, chosen) };
}

/** More than one class, and none with as large a share of what is labelled. */
function isVaried({ data }: LabelMap, most: number): boolean {
  const counts = new Map<number, number>();
  for (const label of data) if (label !== IGNORE_LABEL) counts.set(label, (counts.get(label) ?? 0) + 1);
  const all = [...counts.values()];
  return all.length > 1 && Math.max(...all) / all.reduce((sum, count) => sum + count, 0) < most;
}

function paddedPlanes(planes: Float32Array, image: RgbImage, height: number, width: number): Float32Array {
  if (image.height === height && image.width === width) return planes;
  const padded = new Float32Array(3 * height * width);
  for (let row = 0; row < 3 * image.height; row += 1) {
    const [channel, y] = [Math.floor(row / image.height), row % image.height];
    padded.set(planes.subarray(row * image.width, (row + 1) * image.width), (channel * height + y) * width);
  }
  return padded;
}

function paddedLabels(labels: LabelMap | null, height: number, width: number): Uint8Array {
  const padded = new Uint8Array(height * width).fill(IGNORE_LABEL);
  if (labels === null) return padded;
  for (let y = 0; y < labels.height; y += 1) {
    padded.set(labels.data.subarray(y * labels.width, (y + 1) * labels.width), y * width);
  }
  return padded;
}
