// Compares computed tensors with what the fixtures recorded of the original: whole, as probe and summary, or relatively.
import { at } from "../../src-main/engine/graph/node.ts";

/** A few elements of a tensor, those at floor(k · n / count). Source: fixtures README, "2. File formats". */
export interface Probe {
  readonly shape: readonly number[];
  readonly probe: readonly number[];
  readonly norm: number;
}

/** A tensor in numbers; `std` is the population value. */
export interface Summary {
  readonly shape: readonly number[];
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  readonly probe: readonly number[];
}

export interface Difference {
  readonly largest: number;
  readonly rms: number;
}

/** NaN, which no limit admits, when the lengths differ or a number is missing. */
export function differenceOf(found: ArrayLike<number>, expected: ArrayLike<number>): Difference {
  if (found.length !== expected.length) return { largest: Number.NaN, rms: Number.NaN };
  let largest = 0;
  let squares = 0;
  for (let i = 0; i < expected.length; i += 1) {
    const difference = Math.abs((found[i] ?? Number.NaN) - (expected[i] ?? Number.NaN));
    largest = Math.max(largest, difference); // NaN stays NaN
    squares += difference * difference;
  }
  return { largest, rms: Math.sqrt(squares / expected.length) };
}

/** How many elements are not the same. */
export function countDiffering(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.NaN;
  return Array.from(expected).reduce((count, value, i) => (value === found[i] ? count : count + 1), 0);
}

export function probeOf(data: ArrayLike<number>, count: number): number[] {
  return Array.from({ length: count }, (_, k) => data[Math.floor((k * data.length) / count)] ?? Number.NaN);
}

/** The largest difference of a tensor from a recorded summary: its probe, mean, spread, least and largest number. */
export function differenceFromSummary(data: ArrayLike<number>, summary: Summary): number {
  const count = summary.shape.reduce((product, size) => product * size, 1);
  if (data.length !== count) return Number.NaN;
  const { mean, std, min, max } = summary;
  return Math.max(
    differenceOf(moments(Float64Array.from(data)), [mean, std, min, max]).largest,
    differenceOf(probeOf(data, summary.probe.length), summary.probe).largest,
  );
}

function moments(data: Float64Array): [mean: number, std: number, min: number, max: number] {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  const least = data.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = data.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return [mean, Math.sqrt(variance), least, most];
}

/** Length of the difference of the probes in units of the recorded one's; of zeros, the length itself. */
export function relativeDifference(found: ArrayLike<number>, { probe }: Probe): number {
  const elements = probeOf(found, probe.length);
  const distance = Math.hypot(...probe.map((value, k) => value - at(elements, k)));
  return distance === 0 ? 0 : distance / Math.hypot(...probe);
}

/** How far the whole tensor's length is from the recorded one, in units of that one. */
export function relativeNormDifference(found: Float32Array, { norm }: Probe): number {
  const length = Math.sqrt(found.reduce((sum, value) => sum + value * value, 0));
  return length === norm ? 0 : Math.abs(length - norm) / norm;
}

/** Every `stride`-th row and column of planes [.., H, W], from the first. */
export function subsampled(data: Float32Array, height: number, width: number, stride: number): Float32Array {
  const kept: number[] = [];
  for (let plane = 0; plane < data.length; plane += height * width) {
    for (let y = 0; y < height; y += stride) {
      for (let x = 0; x < width; x += stride) kept.push(data[plane + y * width + x] ?? Number.NaN);
    }
  }
  return Float32Array.from(kept);
}
