import { apply, mismatch, sameShape } from "../node.ts";
import type { NoAttributes, Node, Op } from "../types.ts";
import { filled } from "./constant.ts";

export const whereOp: Op<NoAttributes, ["condition", "a", "b"]> = {
  name: "where",
  infer: (_attrs, [condition, a, b]) => {
    if (condition.dtype !== "bool" || a.dtype !== b.dtype) {
      throw mismatch("where", "wants a bool tensor and two tensors of one dtype");
    }
    if (!sameShape(condition.shape, a.shape) || !sameShape(a.shape, b.shape)) {
      throw mismatch("where", `wants three equal shapes, found ${condition.shape}; ${a.shape}; ${b.shape}`);
    }
    return a;
  },
  gradient: (node, outGrad) => {
    const condition = node.inputs[0];
    const zeros = filled(outGrad.shape, 0);
    return [null, where(condition, outGrad, zeros), where(condition, zeros, outGrad)];
  },
  onnx: (emit, _node, inputs) => emit.node("Where", inputs),
  tfjs: (tf, _node, [condition, a, b]) => tf.where(condition, a, b),
};

/** a where the condition holds, else b; three tensors of one shape. */
export function where(condition: Node, a: Node, b: Node): Node {
  return apply(whereOp, {}, [condition, a, b]);
}
