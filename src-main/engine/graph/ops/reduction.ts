// What the reductions share: their attributes, the type of the result, and the way back.
import { elementCount, mismatch } from "../node.ts";
import type { Node, Shape, TensorType } from "../types.ts";
import { reshape } from "./reshape.ts";

export type ReduceAttrs = { readonly axes: readonly number[]; readonly keepDims: boolean };

/** The type after reducing axes: float32, with size 1 where reduced, or without those axes. */
export function reducedType(op: string, { axes, keepDims }: ReduceAttrs, x: TensorType | undefined): TensorType {
  if (x?.dtype !== "float32") throw mismatch(op, "wants one float32 tensor");
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

function keptShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
}
