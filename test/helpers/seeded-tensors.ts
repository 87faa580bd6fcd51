// Tensors for tests: literal ones, and random ones that a seed names.
import type { Shape, TensorData } from "../../src-main/engine/graph/types.ts";
import { fnv1a, hash32 } from "./generated-weights.ts";

/** Data with a shape, before any runtime has it. */
export interface TestTensor {
  readonly shape: Shape;
  readonly data: TensorData;
}

/** A float32 tensor of the given numbers. */
export function tensor(shape: Shape, values: readonly number[]): TestTensor {
  return { shape, data: Float32Array.from(values) };
}

/** An int32 tensor of the given numbers. */
export function intTensor(shape: Shape, values: readonly number[]): TestTensor {
  return { shape, data: Int32Array.from(values) };
}

export type Range = readonly [low: number, high: number];

/** Independent numbers, evenly spread over a range. */
export function uniform(shape: Shape, seed: number, [low, high]: Range = [-1, 1]): TestTensor {
  return generated(shape, (i) => low + (high - low) * unit(seed, i));
}

/** Numbers of both signs that keep away from zero: for functions with a kink there, and for divisors. */
export function awayFromZero(shape: Shape, seed: number, [low, high]: Range = [0.25, 1.5]): TestTensor {
  return generated(shape, (i) => (unit(seed, 2 * i) < 0.5 ? -1 : 1) * (low + (high - low) * unit(seed, 2 * i + 1)));
}

/**
 * Numbers in random order of which no two are closer than `gap`: for functions with a kink where two numbers are equal.
 *
 * @param shift  moves all of them, so that two tensors with different shifts have no number in common either
 */
export function distinct(shape: Shape, seed: number, gap = 0.1, shift = 0): TestTensor {
  const count = elements(shape);
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => hash32(seed, a) - hash32(seed, b));
  return generated(shape, (i) => gap * ((order[i] ?? 0) - Math.floor(count / 2)) + shift);
}

/** A direction: numbers whose squares sum to 1. */
export function unitVector(count: number, seed: number): Float64Array {
  const values = Float64Array.from({ length: count }, (_, i) => unit(seed, i) - 0.5);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** A seed of its own for each purpose. */
export function seedOf(purpose: string, seed: number): number {
  return (fnv1a(purpose) ^ seed) >>> 0;
}

function unit(seed: number, i: number): number {
  return hash32(seed, i) / 4294967296;
}

function generated(shape: Shape, value: (i: number) => number): TestTensor {
  return { shape, data: Float32Array.from({ length: elements(shape) }, (_, i) => value(i)) };
}

function elements(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}
