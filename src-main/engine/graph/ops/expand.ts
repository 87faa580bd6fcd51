// A tensor repeated along axes of size 1.
import type { Tensor } from "@tensorflow/tfjs";
import { apply, at, broadcastShape, mismatch, sameShape } from "../node.ts";
import type { Node, Op, Shape } from "../types.ts";
import { sumTo } from "./elementwise.ts";

type ExpandAttrs = { readonly shape: Shape };

export const expandOp: Op<ExpandAttrs> = {
  name: "expand",
  infer: ({ shape }, [x]) => {
    if (x === undefined || !sameShape(broadcastShape("expand", x.shape, shape), shape)) {
      throw mismatch("expand", `[${x?.shape}] does not broadcast to [${shape}]`);
    }
    return { shape, dtype: x.dtype };
  },
  gradient: (node, outGrad) => [sumTo(outGrad, at(node.inputs, 0).shape)],
  onnx: (emit, node, [x]) =>
    emit.node("Expand", [x ?? "", emit.constant(BigInt64Array.from(node.shape, BigInt), [node.shape.length])]),
  tfjs: (tf, node, [x]) => tf.broadcastTo(x as Tensor, [...node.shape]),
};

/** x repeated to a shape it broadcasts to. */
export function expand(x: Node, shape: Shape): Node {
  return sameShape(x.shape, shape) ? x : apply(expandOp, { shape }, [x]);
}
