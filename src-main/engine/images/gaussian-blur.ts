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
  let data = image.data.slice();
  let blurred: Uint8Array<ArrayBuffer> = new Uint8Array(data.length);
  for (let pass = 0; pass < 2 * NUM_PASSES; pass++) {
    const blur = pass < NUM_PASSES ? blurRows : blurColumns;
    blur(data, blurred, width, height, box);
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

/** One box blur along each row and channel; beyond the ends the last pixels repeat. */
function blurRows(from: Uint8Array, to: Uint8Array, width: number, height: number, { reach, whole, end }: Box): void {
  const border = reach + 1;
  const line = new Uint8Array(width + 2 * border);
  for (let start = 0; start < height * width * 3; start += width * 3) {
    for (let channel = start; channel < start + 3; channel++) {
      for (let x = 0; x < width; x++) line[border + x] = from[channel + 3 * x] as number;
      line.fill(from[channel] as number, 0, border);
      line.fill(from[channel + 3 * (width - 1)] as number, border + width);
      let sum = 0; // of the 2 · reach + 1 pixels around x
      for (let k = 1; k < 2 * border; k++) sum += line[k] as number;
      for (let x = 0; x < width; x++) {
        const after = line[x + 2 * border] as number;
        to[channel + 3 * x] = rounded(whole, sum, end, (line[x] as number) + after);
        sum += after - (line[x + 1] as number);
      }
    }
  }
}

/** One box blur along each column: all columns row by row, in the order in which pixels lie in memory. */
function blurColumns(
  from: Uint8Array,
  to: Uint8Array,
  width: number,
  height: number,
  { reach, whole, end }: Box,
): void {
  const rowLength = width * 3;
  const startOf = (y: number): number => Math.min(Math.max(y, 0), height - 1) * rowLength;
  const sums = new Int32Array(rowLength); // of the 2 · reach + 1 pixels around y
  for (let y = -reach; y <= reach; y++) {
    const row = startOf(y);
    for (let i = 0; i < rowLength; i++) sums[i] = (sums[i] as number) + (from[row + i] as number);
  }
  for (let y = 0; y < height; y++) {
    const [before, first, after] = [startOf(y - reach - 1), startOf(y - reach), startOf(y + reach + 1)];
    const row = y * rowLength;
    for (let i = 0; i < rowLength; i++) {
      const sum = sums[i] as number;
      const next = from[after + i] as number;
      to[row + i] = rounded(whole, sum, end, (from[before + i] as number) + next);
      sums[i] = sum + next - (from[first + i] as number);
    }
  }
}

/** Back from fixed point. At most 255 · 2^24 + 2^23: exact in a double, and within unsigned 32 bits for the shift. */
function rounded(whole: number, sum: number, end: number, ends: number): number {
  return (whole * sum + end * ends + 2 ** (PRECISION_BITS - 1)) >>> PRECISION_BITS;
}
