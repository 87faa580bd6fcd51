// The shape of element-wise ops: one or two operands that broadcast by NumPy's rule.
import type { Tensor } from "@tensorflow/tfjs";
import { apply, broadcastShape, elementCount, mismatch, sameShape } from "../node.ts";
import type { OpName } from "../op-name.ts";
import type { DType, NoAttributes, Node, Op, Shape, Tfjs } from "../types.ts";
import { reduceSum } from "./reduce-sum.ts";
import { reshape } from "./reshape.ts";

interface Unary {
  readonly name: OpName;
  readonly onnxType: string;
  readonly gradient: (node: Node<NoAttributes, ["x"]>, outGrad: Node) => Node | null;
  readonly tfjs: (tf: Tfjs, x: Tensor) => Tensor;
}

/** An op that maps each element of one float32 tensor. */
export function unaryOp(rule: Unary): Op<NoAttributes, ["x"]> {
  return {
    name: rule.name,
    infer: (_attrs, [x]) => {
      if (x.dtype !== "float32") throw mismatch(rule.name, "wants one float32 tensor");
      return { shape: x.shape, dtype: "float32" };
    },
    gradient: (node, outGrad) => [rule.gradient(node, outGrad)],
    onnx: (emit, _node, inputs) => emit.node(rule.onnxType, inputs),
    tfjs: (tf, _node, [x]) => rule.tfjs(tf, x),
  };
}

interface Binary {
  readonly name: OpName;
  readonly onnxType: string;
  readonly result?: DType;
  /** Gradients before broadcasting is undone, of the shape of the result. */
  readonly gradient: (a: Node, b: Node, outGrad: Node, node: Node) => readonly [Node | null, Node | null];
  readonly tfjs: (tf: Tfjs, a: Tensor, b: Tensor) => Tensor;
}

/** An op of two tensors of one dtype that broadcast against each other. Undoes broadcasting in its gradients. */
export function binaryOp(rule: Binary): Op<NoAttributes, ["a", "b"]> {
  return {
    name: rule.name,
    infer: (_attrs, [a, b]) => {
      if (a.dtype !== b.dtype) {
        throw mismatch(rule.name, `wants two tensors of one dtype, found ${a.dtype} and ${b.dtype}`);
      }
      return { shape: broadcastShape(rule.name, a.shape, b.shape), dtype: rule.result ?? a.dtype };
    },
    gradient: (node, outGrad) => {
      const [a, b] = node.inputs;
      const [gradA, gradB] = rule.gradient(a, b, outGrad, node);
      return [gradA && sumTo(gradA, a.shape), gradB && sumTo(gradB, b.shape)];
    },
    onnx: (emit, _node, inputs) => emit.node(rule.onnxType, inputs),
    tfjs: (tf, _node, [a, b]) => rule.tfjs(tf, a, b),
  };
}

export function unary(op: Op<NoAttributes, ["x"]>): (x: Node) => Node {
  return (x) => apply(op, {}, [x]);
}

/** Builds the op from what its operands were before an `expand`: broadcasting repeats them without a copy in memory. */
export function binary(op: Op<NoAttributes, ["a", "b"]>): (a: Node, b: Node) => Node {
  return (a, b) => apply(op, {}, [beforeExpand(a, b.shape), beforeExpand(b, a.shape)]);
}

function beforeExpand(x: Node, other: Shape): Node {
  const [source] = x.inputs;
  const isExpanded = x.op.name === "expand" && source !== undefined && sameShape(x.shape, other);
  return isExpanded ? source : x;
}

/** Sums a broadcast gradient back to the shape of the operand: the one place where broadcasting is undone. */
export function sumTo(gradient: Node, shape: Shape): Node {
  if (sameShape(gradient.shape, shape)) return gradient;
  const missing = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((size, axis) =>
    axis < missing || (shape[axis - missing] === 1 && size !== 1) ? [axis] : [],
  );
  const summed = axes.length > 0 ? reduceSum(gradient, axes, true) : gradient;
  if (elementCount(summed.shape) !== elementCount(shape))
    throw mismatch("sumTo", `${gradient.shape} does not sum to ${shape}`);
  return reshape(summed, shape);
}
