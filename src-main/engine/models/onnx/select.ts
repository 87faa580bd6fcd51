// Elements of one axis in any order, in our graph: slices where they do, a product with a matrix of ones and zeros else.
import { at } from "../../graph/node.ts";
import { concat } from "../../graph/ops/concat.ts";
import { constant } from "../../graph/ops/constant.ts";
import { matMul } from "../../graph/ops/mat-mul.ts";
import { slice } from "../../graph/ops/slice.ts";
import { transpose } from "../../graph/ops/transpose.ts";
import type { Node } from "../../graph/types.ts";

/** Above it a matrix takes less time than so many slices. */
const MOST_PIECES = 16;

/** x with its elements of an axis in the order of `indices`, of which an element may be part several times. */
export function selectAlong(x: Node, axis: number, indices: readonly number[]): Node {
  const step = (indices[1] ?? (indices[0] ?? 0) + 1) - (indices[0] ?? 0);
  if (indices.length > 0 && step > 0 && indices.every((index, k) => index === at(indices, 0) + k * step)) {
    return sliceOf(x, axis, at(indices, 0), at(indices, -1) + 1, step);
  }
  const runs = ascendingRuns(indices);
  if (runs.length <= MOST_PIECES) {
    return concat(
      runs.map(({ start, length }) => sliceOf(x, axis, start, start + length, 1)),
      axis,
    );
  }
  const size = at(x.shape, axis);
  const matrix = new Float32Array(size * indices.length);
  for (const [k, index] of indices.entries()) matrix[index * indices.length + k] = 1;
  return alongLast(x, axis, (last) => matMul(last, constant(matrix, [size, indices.length])));
}

function sliceOf(x: Node, axis: number, start: number, end: number, step: number): Node {
  const starts = x.shape.map(() => 0).with(axis, start);
  const steps = x.shape.map(() => 1).with(axis, step);
  return slice(x, starts, x.shape.with(axis, end), steps);
}

/** Applies what works on the last axis to another one. */
export function alongLast(x: Node, axis: number, apply: (last: Node) => Node): Node {
  const rank = x.shape.length;
  if (axis === rank - 1) return apply(x);
  const order = [...x.shape.keys()].filter((one) => one !== axis);
  const back = [...x.shape.keys()].map((one) => (one === axis ? rank - 1 : order.indexOf(one)));
  return transpose(apply(transpose(x, [...order, axis])), back);
}

function ascendingRuns(indices: readonly number[]): { start: number; length: number }[] {
  const runs: { start: number; length: number }[] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last !== undefined && index === last.start + last.length) last.length += 1;
    else runs.push({ start: index, length: 1 });
  }
  return runs;
}
