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
 * rounded away: many numbers are therefore reduced in steps of at most 2^14. Axes side by side are one for that, because
 * rows of a few numbers, as of a kernel, take twenty times as long to add up as long ones.
 */
export function emitAddition(
  emit: OnnxEmitter,
  type: "ReduceSum" | "ReduceMean",
  node: Node<ReduceAttrs, ["x"]>,
  x: string,
): string {
  const { axes, keepDims } = node.attrs;
  const { shape } = node.inputs[0];
  const list = (some: readonly number[]) => emit.constant(BigInt64Array.from(some, BigInt), [some.length]);
  if (reducedCount(shape, axes) <= MOST_IN_ORDER) {
    return emit.node(type, [x, list(axes)], { keepdims: Number(keepDims) });
  }
  const steps = mergedAxes(shape, axes).flatMap(inSteps);
  const reshaped = emit.node("Reshape", [x, list(steps.map(({ size }) => size))]);
  // The last axis first: its numbers lie side by side.
  const reduced = [...steps.entries()]
    .filter(([, { isReduced }]) => isReduced)
    .reduceRight((partial, [axis]) => emit.node(type, [partial, list([axis])], { keepdims: 1 }), reshaped);
  return emit.node("Reshape", [reduced, list(node.shape)]);
}

interface Axis {
  readonly size: number;
  readonly isReduced: boolean;
}

/** Neighbouring axes that are reduced, or that are kept, as one. */
function mergedAxes(shape: Shape, axes: readonly number[]): Axis[] {
  const merged: Axis[] = [];
  for (const [index, size] of shape.entries()) {
    const isReduced = axes.includes(index);
    const isGoneOn = merged.at(-1)?.isReduced === isReduced;
    const before = isGoneOn ? (merged.pop()?.size ?? 1) : 1;
    merged.push({ size: before * size, isReduced });
  }
  return merged;
}

/** A reduced axis of many numbers as two, the second of which is as long as may be. */
function inSteps(axis: Axis): Axis[] {
  if (!axis.isReduced || axis.size <= MOST_IN_ORDER) return [axis];
  let inner = MOST_IN_ORDER;
  while (axis.size % inner !== 0) inner -= 1;
  return [axis.size / inner, inner].map((size) => ({ size, isReduced: true }));
}

function keptShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
}
