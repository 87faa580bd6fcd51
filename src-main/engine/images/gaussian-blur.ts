// Blurs an image as Pillow's GaussianBlur does: three box blurs along the rows, three along the columns, in 8 bits.
import { BugError } from "../../../src-shared/contract/errors.ts";
import { checkRgbImage, type RgbImage } from "./rgb-image.ts";

const NUM_PASSES = 3;
/** Weights are fixed-point numbers with this many fractional bits. */
const PRECISION_BITS = 24;

/** A box whose width need not be a whole number: the pixels at its two ends count in part. */
interface Box {
  /** Whole pixels on each side of the middle one. */
  readonly reach: number;
  /** Fixed-point weights of a whole pixel, and of the one beyond on each side. */
  readonly whole: number;
  readonly end: number;
}

/**
 * @param radius standard deviation in pixels; 0 leaves the image as it is
 * Source: self-adaptation specification, 3 "Gaussian blur".
 */
export function gaussianBlur(image: RgbImage, radius: number): RgbImage {
  checkRgbImage(image);
  if (!(radius >= 0)) throw new BugError(`gaussianBlur with radius ${radius}`);
  const { width, height } = image;
  const box = boxFor(radius);
  const rowLength = width * 3;
  let data = image.data.slice();
  let blurred: Uint8Array<ArrayBuffer> = new Uint8Array(data.length);
  for (let pass = 0; pass < 2 * NUM_PASSES; pass++) {
    const alongRows = pass < NUM_PASSES;
    if (alongRows) {
      for (let y = 0; y < height; y++) {
        for (let c = 0; c < 3; c++) blurLine(data, blurred, y * rowLength + c, 3, width, box);
      }
    } else {
      for (let i = 0; i < rowLength; i++) blurLine(data, blurred, i, rowLength, height, box);
    }
    [data, blurred] = [blurred, data];
  }
  return { width, height, data };
}

/** The box that, applied three times, has the variance of the Gaussian; in float32, since the weights are cut off. */
function boxFor(radius: number): Box {
  const f = Math.fround;
  const variance = f(f(f(radius) * f(radius)) / NUM_PASSES);
  const length = f(Math.sqrt(12 * variance + 1));
  const l = Math.floor((length - 1) / 2);
  const numerator = f((2 * l + 1) * f(l * (l + 1) - f(3 * variance)));
  const fraction = f(numerator / f(6 * f(variance - (l + 1) * (l + 1))));
  const boxRadius = f(l + fraction);
  const reach = Math.trunc(boxRadius);
  const whole = Math.trunc(f(2 ** PRECISION_BITS / f(f(boxRadius * 2) + 1)));
  return { reach, whole, end: Math.trunc((2 ** PRECISION_BITS - (reach * 2 + 1) * whole) / 2) };
}

/** One box blur over `length` samples that lie `stride` apart; beyond the ends the last samples repeat. */
function blurLine(
  from: Uint8Array,
  to: Uint8Array,
  start: number,
  stride: number,
  length: number,
  { reach, whole, end }: Box,
): void {
  const last = length - 1;
  const sampleAt = (i: number): number => from[start + Math.min(Math.max(i, 0), last) * stride] as number;
  let sum = 0; // of the 2 · reach + 1 samples around i
  for (let i = -reach; i <= reach; i++) sum += sampleAt(i);
  for (let i = 0; i < length; i++) {
    const before = sampleAt(i - reach - 1);
    const after = sampleAt(i + reach + 1);
    // At most 255 · 2^24 + 2^23: exact in a double, and within unsigned 32 bits for the shift.
    to[start + i * stride] = (whole * sum + end * (before + after) + 2 ** (PRECISION_BITS - 1)) >>> PRECISION_BITS;
    sum += after - sampleAt(i - reach);
  }
}
