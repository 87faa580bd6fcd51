// Resizing of 8-bit colour images by a filter, to the last bit as Pillow does it (antialiased when it shrinks).
import { BugError } from "../../../src-shared/contract/errors.ts";
import { checkRgbImage, type RgbImage } from "./rgb-image.ts";

/** Weights are fixed-point numbers with this many fractional bits (32 − 8 bits of pixel − 2 bits of headroom). */
const PRECISION_BITS = 22;
const ONE_HALF = 1 << (PRECISION_BITS - 1);

/** What an input pixel weighs by its distance from the output's centre. */
export interface ResizeFilter {
  /** Farther away it weighs nothing. */
  readonly reach: number;
  readonly weight: (distance: number) => number;
}

/** For every output index: the first input index, how many inputs count, and their weights. */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** Row o holds the `count[o]` weights of output o. */
  readonly weights: Int32Array;
  readonly rowLength: number;
}

/**
 * Resizes to exactly width x height; the aspect ratio is the caller's business.
 *
 * The filter widens with the downscale factor; columns first, rounded to 8 bits, then rows. A pass whose
 * size does not change is skipped, so the same size in and out copies the image.
 * Source: self-adaptation specification, 4.2 "Pillow bilinear, 8 bit"; Pillow's Resample.c.
 */
export function resizeFiltered(image: RgbImage, width: number, height: number, filter: ResizeFilter): RgbImage {
  checkRgbImage(image);
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new BugError(`resizeFiltered to ${width} x ${height}`);
  }
  const wide = width === image.width ? image : resizeColumns(image, width, filter);
  if (height !== image.height) return resizeRows(wide, height, filter);
  return wide === image ? { ...image, data: image.data.slice() } : wide;
}

function tapsFor(inputSize: number, outputSize: number, { reach, weight: weightAt }: ResizeFilter): Taps {
  const scale = inputSize / outputSize;
  const support = reach * Math.max(scale, 1);
  const perPixel = 1 / Math.max(scale, 1);
  const rowLength = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outputSize);
  const count = new Int32Array(outputSize);
  const weights = new Int32Array(outputSize * rowLength);
  const exact = new Float64Array(rowLength);
  for (let o = 0; o < outputSize; o++) {
    const center = (o + 0.5) * scale;
    const low = Math.max(Math.trunc(center - support + 0.5), 0);
    const high = Math.min(Math.trunc(center + support + 0.5), inputSize);
    let sum = 0;
    for (let k = low; k < high; k++) {
      const weight = weightAt(Math.abs((k - center + 0.5) * perPixel));
      exact[k - low] = weight;
      sum += weight;
    }
    for (let k = 0; k < high - low; k++) {
      const fixed = ((exact[k] ?? 0) / sum) * 2 ** PRECISION_BITS;
      weights[o * rowLength + k] = Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
    }
    first[o] = low;
    count[o] = high - low;
  }
  return { first, count, weights, rowLength };
}

function resizeColumns(image: RgbImage, width: number, filter: ResizeFilter): RgbImage {
  const { first, count, weights, rowLength } = tapsFor(image.width, width, filter);
  const source = image.data;
  const data = new Uint8Array(width * image.height * 3);
  let to = 0;
  for (let y = 0; y < image.height; y++) {
    const row = y * image.width;
    for (let x = 0; x < width; x++) {
      let from = (row + (first[x] as number)) * 3;
      const start = x * rowLength;
      const end = start + (count[x] as number);
      let r = ONE_HALF;
      let g = ONE_HALF;
      let b = ONE_HALF;
      for (let k = start; k < end; k++) {
        const weight = weights[k] as number;
        r = (r + Math.imul(weight, source[from] as number)) | 0;
        g = (g + Math.imul(weight, source[from + 1] as number)) | 0;
        b = (b + Math.imul(weight, source[from + 2] as number)) | 0;
        from += 3;
      }
      data[to] = toByte(r);
      data[to + 1] = toByte(g);
      data[to + 2] = toByte(b);
      to += 3;
    }
  }
  return { width, height: image.height, data };
}

function resizeRows(image: RgbImage, height: number, filter: ResizeFilter): RgbImage {
  const { first, count, weights, rowLength } = tapsFor(image.height, height, filter);
  const source = image.data;
  const stride = image.width * 3;
  const data = new Uint8Array(stride * height);
  // One row of sums: whole input rows are added, in the order they lie in memory.
  const sums = new Int32Array(stride);
  for (let y = 0; y < height; y++) {
    sums.fill(ONE_HALF);
    for (let k = 0; k < (count[y] as number); k++) {
      const weight = weights[y * rowLength + k] as number;
      const from = ((first[y] as number) + k) * stride;
      for (let i = 0; i < stride; i++) {
        sums[i] = ((sums[i] as number) + Math.imul(weight, source[from + i] as number)) | 0;
      }
    }
    const to = y * stride;
    for (let i = 0; i < stride; i++) data[to + i] = toByte(sums[i] as number);
  }
  return { width: image.width, height, data };
}

/** Back from fixed point. Rounded weights may add up to slightly more than one, and some are negative: both ends need the clamp. */
function toByte(fixed: number): number {
  return Math.max(0, Math.min(fixed >> PRECISION_BITS, 255));
}
