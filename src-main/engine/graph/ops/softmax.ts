import { apply, mismatch } from "../node.ts";
import type { Node, Op } from "../types.ts";
import { mul } from "./mul.ts";
import { reduceSum } from "./reduce-sum.ts";
import { sub } from "./sub.ts";

type SoftmaxAttrs = { readonly axis: number };

export const softmaxOp: Op<SoftmaxAttrs, ["x"]> = {
  name: "softmax",
  infer: ({ axis }, [x]) => {
    if (x.dtype !== "float32" || axis < 0 || axis >= x.shape.length) {
      throw mismatch("softmax", `[${x.shape}] has no axis ${axis}`);
    }
    return x;
  },
  gradient: (node, outGrad) => {
    const product = mul(outGrad, node);
    return [sub(product, mul(node, reduceSum(product, [node.attrs.axis], true)))];
  },
  // ONNX Runtime's own Softmax is fast over the last axis, and slow over the class axis of [1, C, H, W]; these passes are not.
  onnx: (emit, node, [x]) => {
    if (node.attrs.axis === node.shape.length - 1) return emit.node("Softmax", [x], { axis: node.attrs.axis });
    const axes = emit.constant(BigInt64Array.of(BigInt(node.attrs.axis)), [1]);
    const shifted = emit.node("Sub", [x, emit.node("ReduceMax", [x, axes], { keepdims: 1 })]);
    const exponentials = emit.node("Exp", [shifted]);
    return emit.node("Div", [exponentials, emit.node("ReduceSum", [exponentials, axes], { keepdims: 1 })]);
  },
  tfjs: (tf, node, [x]) =>
    tf.tidy(() => {
      const exponentials = tf.exp(tf.sub(x, tf.max(x, node.attrs.axis, true)));
      return tf.div(exponentials, tf.sum(exponentials, node.attrs.axis, true));
    }),
};

/** exp x / Σ exp x over an axis. */
export function softmax(x: Node, axis: number): Node {
  return apply(softmaxOp, { axis }, [x]);
}
