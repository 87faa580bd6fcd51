// The low coefficients of a picture's two-dimensional Fourier transform, and what a change of them adds to its pixels: sums over the few
// frequencies that are asked for, along rows and then along columns, instead of a whole transform.
import type { FloatPicture } from "./float-picture.ts";

/** Coefficients of frequencies −b..b along columns and 0..b along rows; those of −b..−1 along rows are conjugates of these. */
export interface LowFrequencies {
  /** b. */
  readonly halfWidth: number;
  /** [2b + 1, b + 1, 3]: frequency along columns from −b, along rows from 0, channel. */
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** [b + 1, length]: cosines and sines of 2π · frequency · place / length. */
interface Waves {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/** Unnormalised sums, as NumPy's `fft2` gives. @param halfWidth  b, with 2b + 1 at most the shorter side */
export function lowFrequencies({ width, height, data }: FloatPicture, halfWidth: number): LowFrequencies {
  const along = wavesOf(width, halfWidth);
  const down = wavesOf(height, halfWidth);
  const count = 3 * (halfWidth + 1);
  const real = new Float64Array((2 * halfWidth + 1) * count);
  const imaginary = new Float64Array(real.length);
  const [rowReal, rowImaginary] = [new Float64Array(count), new Float64Array(count)];
  for (let y = 0; y < height; y += 1) {
    transformRow(data, 3 * y * width, width, along, rowReal, rowImaginary);
    for (let u = -halfWidth; u <= halfWidth; u += 1) {
      const [cos, sin] = waveAt(down, height, u, y);
      const start = (u + halfWidth) * count;
      for (let i = 0; i < count; i += 1) {
        const [re, im] = [rowReal[i] as number, rowImaginary[i] as number];
        real[start + i] = (real[start + i] as number) + re * cos + im * sin;
        imaginary[start + i] = (imaginary[start + i] as number) + im * cos - re * sin;
      }
    }
  }
  return { halfWidth, real, imaginary };
}

/**
 * The picture with something added to its coefficients: the real part of the inverse transform, unrounded.
 *
 * @param change  of the frequencies of lowFrequencies; the conjugate ones change along
 */
export function withAddedFrequencies(picture: FloatPicture, change: LowFrequencies): Float64Array {
  const { width, height, data } = picture;
  const { halfWidth, real, imaginary } = change;
  const along = wavesOf(width, halfWidth);
  const down = wavesOf(height, halfWidth);
  const count = 3 * (halfWidth + 1);
  const changed = Float64Array.from(data);
  const [rowReal, rowImaginary] = [new Float64Array(count), new Float64Array(count)];
  for (let y = 0; y < height; y += 1) {
    rowReal.fill(0);
    rowImaginary.fill(0);
    for (let u = -halfWidth; u <= halfWidth; u += 1) {
      const [cos, sin] = waveAt(down, height, u, y);
      const start = (u + halfWidth) * count;
      for (let i = 0; i < count; i += 1) {
        const [re, im] = [real[start + i] as number, imaginary[start + i] as number];
        rowReal[i] = (rowReal[i] as number) + re * cos - im * sin;
        rowImaginary[i] = (rowImaginary[i] as number) + im * cos + re * sin;
      }
    }
    addRow(changed, 3 * y * width, width, along, rowReal, rowImaginary, width * height);
  }
  return changed;
}

/**
 * [b + 1, 3] of one row. Cosines are the same at x and at width − x, sines the opposite: sums and differences of the two pixels take half of the
 * multiplications.
 */
function transformRow(
  data: FloatPicture["data"],
  start: number,
  width: number,
  { cos, sin }: Waves,
  real: Float64Array,
  imaginary: Float64Array,
): void {
  const places = Math.floor(width / 2) + 1;
  const even = new Float64Array(3 * places);
  const odd = new Float64Array(3 * places);
  for (let i = 0; i < even.length; i += 1) {
    const x = Math.floor(i / 3);
    const value = data[start + i] as number;
    // The first pixel, and of an even width the one in the middle, are their own mirrors.
    const mirrored = x === 0 || 2 * x === width ? 0 : (data[start + 3 * (width - x) + (i % 3)] as number);
    even[i] = value + mirrored;
    odd[i] = value - mirrored;
  }
  for (let i = 0; i < real.length; i += 3) {
    let [r, g, b, ri, gi, bi] = [0, 0, 0, 0, 0, 0];
    const wave = (i / 3) * width;
    for (let x = 0, from = 0; x < places; x += 1, from += 3) {
      const [c, s] = [cos[wave + x] as number, sin[wave + x] as number];
      r += (even[from] as number) * c;
      g += (even[from + 1] as number) * c;
      b += (even[from + 2] as number) * c;
      ri -= (odd[from] as number) * s;
      gi -= (odd[from + 1] as number) * s;
      bi -= (odd[from + 2] as number) * s;
    }
    real.set([r, g, b], i);
    imaginary.set([ri, gi, bi], i);
  }
}

/** Each frequency but 0 stands for its conjugate, too; mirrored pixels again share their products. */
function addRow(
  data: Float64Array,
  start: number,
  width: number,
  { cos, sin }: Waves,
  real: Float64Array,
  imaginary: Float64Array,
  pixels: number,
): void {
  const places = Math.floor(width / 2) + 1;
  const even = new Float64Array(3 * places);
  const odd = new Float64Array(3 * places);
  for (let i = 0; i < real.length; i += 3) {
    const weight = (i === 0 ? 1 : 2) / pixels;
    const [r, g, b] = [
      weight * (real[i] as number),
      weight * (real[i + 1] as number),
      weight * (real[i + 2] as number),
    ];
    const ri = weight * (imaginary[i] as number);
    const gi = weight * (imaginary[i + 1] as number);
    const bi = weight * (imaginary[i + 2] as number);
    const wave = (i / 3) * width;
    for (let x = 0, to = 0; x < places; x += 1, to += 3) {
      const [c, s] = [cos[wave + x] as number, sin[wave + x] as number];
      even[to] = (even[to] as number) + r * c;
      even[to + 1] = (even[to + 1] as number) + g * c;
      even[to + 2] = (even[to + 2] as number) + b * c;
      odd[to] = (odd[to] as number) + ri * s;
      odd[to + 1] = (odd[to + 1] as number) + gi * s;
      odd[to + 2] = (odd[to + 2] as number) + bi * s;
    }
  }
  for (let i = 0; i < 3 * width; i += 1) {
    const x = Math.floor(i / 3);
    const isMirror = x >= places;
    const from = isMirror ? 3 * (width - x) + (i % 3) : i;
    const [e, o] = [even[from] as number, odd[from] as number];
    data[start + i] = (data[start + i] as number) + (isMirror ? e + o : e - o);
  }
}

function wavesOf(length: number, halfWidth: number): Waves {
  const cos = new Float64Array((halfWidth + 1) * length);
  const sin = new Float64Array(cos.length);
  for (let frequency = 0; frequency <= halfWidth; frequency += 1) {
    for (let place = 0; place < length; place += 1) {
      // The remainder keeps angles small, and so exact.
      const angle = (2 * Math.PI * ((frequency * place) % length)) / length;
      cos[frequency * length + place] = Math.cos(angle);
      sin[frequency * length + place] = Math.sin(angle);
    }
  }
  return { cos, sin };
}

function waveAt({ cos, sin }: Waves, length: number, frequency: number, place: number): [cos: number, sin: number] {
  const i = Math.abs(frequency) * length + place;
  return [cos[i] as number, (frequency < 0 ? -1 : 1) * (sin[i] as number)];
}
