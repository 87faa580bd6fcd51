// What the reductions share: their attributes, the type of the result, and the way back.
import { elementCount, mismatch } from "../node.ts";
import type { Node, OnnxEmitter, Shape, TensorType } from "../types.ts";
import { reshape } from "./reshape.ts";

export type ReduceAttrs = { readonly axes: readonly number[]; readonly keepDims: boolean };

/** The type after reducing axes: float32, with size 1 where reduced, or without those axes. */
export function reducedType(op: string, { axes, keepDims }: ReduceAttrs, x: TensorType): TensorType {
  if (x.dtype !== "float32") throw mismatch(op, "wants one float32 tensor");
  if (axes.length === 0 || axes.some((axis) => axis < 0 || axis >= x.shape.length)) {
    throw mismatch(op, `[${axes}] are no axes of [${x.shape}]`);
  }
  const kept = keptShape(x.shape, axes);
  return { shape: keepDims ? kept : kept.filter((_, axis) => !axes.includes(axis)), dtype: "float32" };
}

/** A reduced value with its axes back as size 1, ready to broadcast against what was reduced. */
export function withReducedAxes(reduced: Node, axes: readonly number[], full: Shape): Node {
  return reshape(reduced, keptShape(full, axes));
}

/** How many elements each result was made of. */
export function reducedCount(full: Shape, axes: readonly number[]): number {
  return elementCount(full.filter((_, axis) => axes.includes(axis)));
}

/** Above it the sum's own rounding shows: 1e-4 of the value for 2^17 equal ones, 4e-2 for 2^25. */
const MOST_IN_ORDER = 2 ** 14;

/**
 * ONNX nodes of a sum or mean. ONNX Runtime adds float32 numbers one after another, and what is added to a large sum is
 * rounded away: of many numbers each axis is therefore reduced by itself, which takes no longer.
 */
export function emitAddition(
  emit: OnnxEmitter,
  type: "ReduceSum" | "ReduceMean",
  node: Node<ReduceAttrs, ["x"]>,
  x: string,
): string {
  const { axes, keepDims } = node.attrs;
  const list = (some: readonly number[]) => emit.constant(BigInt64Array.from(some, BigInt), [some.length]);
  if (reducedCount(node.inputs[0].shape, axes) <= MOST_IN_ORDER || axes.length === 1) {
    return emit.node(type, [x, list(axes)], { keepdims: Number(keepDims) });
  }
  // The last axis first: its numbers lie side by side.
  const reduced = axes
    .toSorted((a, b) => b - a)
    .reduce((partial, axis) => emit.node(type, [partial, list([axis])], { keepdims: 1 }), x);
  return keepDims ? reduced : emit.node("Squeeze", [reduced, list(axes)]);
}

function keptShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
}
