import { apply, broadcastShape, mismatch, sameShape } from "../node.ts";
import type { Node, Op, Shape } from "../types.ts";
import { sumTo } from "./elementwise.ts";

type ExpandAttrs = { readonly shape: Shape };

export const expandOp: Op<ExpandAttrs, ["x"]> = {
  name: "expand",
  infer: ({ shape }, [x]) => {
    if (!sameShape(broadcastShape("expand", x.shape, shape), shape)) {
      throw mismatch("expand", `[${x.shape}] does not broadcast to [${shape}]`);
    }
    return { shape, dtype: x.dtype };
  },
  gradient: (node, outGrad) => [sumTo(outGrad, node.inputs[0].shape)],
  onnx: (emit, node, [x]) =>
    emit.node("Expand", [x, emit.constant(BigInt64Array.from(node.shape, BigInt), [node.shape.length])]),
  tfjs: (tf, node, [x]) => tf.broadcastTo(x, [...node.shape]),
};

/** x repeated to a shape it broadcasts to. */
export function expand(x: Node, shape: Shape): Node {
  return sameShape(x.shape, shape) ? x : apply(expandOp, { shape }, [x]);
}
