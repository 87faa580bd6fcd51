// Makes nodes: applies an op to inputs, checks them by the op's own rule, and offers small helpers over shapes.
import { AppError, BugError } from "../../../src-shared/contract/errors.ts";
import type { Attributes, InputNames, Node, Op, PerInput, Shape, TensorType } from "./types.ts";

/** Applies an op: infers the result's type and returns the node. */
export function apply<A extends Attributes, I extends InputNames>(
  op: Op<A, I>,
  attrs: A,
  inputs: PerInput<Node, I>,
): Node<A, I> {
  const { shape, dtype } = op.infer(attrs, inputs);
  return { op, attrs, inputs, shape, dtype };
}

/** Whether a node is made by this op, and so has its attributes and inputs. */
export function isMadeBy<A extends Attributes, I extends InputNames>(node: Node, op: Op<A, I>): node is Node<A, I> {
  return node.op.name === op.name;
}

/** Fails with a sentence that names the op, for inputs that do not fit together. */
export function mismatch(op: string, what: string): AppError {
  return new AppError("graph.shapeMismatch", `${op}: ${what}.`);
}

/** The k-th of a list that is known to be long enough. */
export function at<T>(list: readonly T[], k: number): T {
  const item = list[k < 0 ? list.length + k : k];
  if (item === undefined) throw new BugError(`index ${k} is outside a list of ${list.length}`);
  return item;
}

/** Number of elements of a shape. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

export function shapeText(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Sizes of a four-dimensional tensor. */
export function nchw(op: string, type: TensorType): [n: number, c: number, h: number, w: number] {
  const [n, c, h, w] = type.shape;
  if (type.shape.length !== 4 || n === undefined || c === undefined || h === undefined || w === undefined) {
    throw mismatch(op, `wants a tensor [N, C, H, W], found ${shapeText(type.shape)}`);
  }
  return [n, c, h, w];
}

/** The shape two operands broadcast to, by NumPy's rule. */
export function broadcastShape(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, k) => {
    const sizeA = a[k - rank + a.length] ?? 1;
    const sizeB = b[k - rank + b.length] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw mismatch(op, `${shapeText(a)} and ${shapeText(b)} do not broadcast`);
    }
    return sizeA === 1 ? sizeB : sizeA;
  });
}
