import { apply, mismatch } from "../node.ts";
import type { Node, Op } from "../types.ts";
import { exp } from "./exp.ts";
import { mul } from "./mul.ts";
import { reduceSum } from "./reduce-sum.ts";
import { sub } from "./sub.ts";

type LogSoftmaxAttrs = { readonly axis: number };

export const logSoftmaxOp: Op<LogSoftmaxAttrs, ["x"]> = {
  name: "logSoftmax",
  infer: ({ axis }, [x]) => {
    if (x.dtype !== "float32" || axis < 0 || axis >= x.shape.length) {
      throw mismatch("logSoftmax", `[${x.shape}] has no axis ${axis}`);
    }
    return x;
  },
  gradient: (node, outGrad) => {
    const total = reduceSum(outGrad, [node.attrs.axis], true);
    return [sub(outGrad, mul(exp(node), total))];
  },
  // ONNX Runtime's own LogSoftmax is slow over the class axis of [1, C, H, W]; these passes are not.
  onnx: (emit, node, [x]) => {
    const axes = emit.constant(BigInt64Array.of(BigInt(node.attrs.axis)), [1]);
    const shifted = emit.node("Sub", [x, emit.node("ReduceMax", [x, axes], { keepdims: 1 })]);
    const sum = emit.node("ReduceSum", [emit.node("Exp", [shifted]), axes], { keepdims: 1 });
    return emit.node("Sub", [shifted, emit.node("Log", [sum])]);
  },
  tfjs: (tf, node, [x]) =>
    tf.tidy(() => {
      const shifted = tf.sub(x, tf.max(x, node.attrs.axis, true));
      return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), node.attrs.axis, true)));
    }),
};

/** x − log Σ exp x over an axis; exact for large values because the maximum is taken out first. */
export function logSoftmax(x: Node, axis: number): Node {
  return apply(logSoftmaxOp, { axis }, [x]);
}
