import { apply, elementCount, isMadeBy, mismatch, sameShape } from "../node.ts";
import type { Node, Op, Shape } from "../types.ts";

type ReshapeAttrs = { readonly shape: Shape };

export const reshapeOp: Op<ReshapeAttrs, ["x"]> = {
  name: "reshape",
  infer: ({ shape }, [x]) => {
    if (elementCount(x.shape) !== elementCount(shape)) {
      throw mismatch("reshape", `[${x.shape}] does not have the ${elementCount(shape)} elements of [${shape}]`);
    }
    return { shape, dtype: x.dtype };
  },
  gradient: (node, outGrad) => [reshape(outGrad, node.inputs[0].shape)],
  onnx: (emit, node, [x]) =>
    emit.node("Reshape", [x, emit.constant(BigInt64Array.from(node.shape, BigInt), [node.shape.length])]),
  tfjs: (tf, node, [x]) => tf.reshape(x, [...node.shape]),
};

/** x under another shape of as many elements, in C order. Of a reshaped tensor only the last shape counts. */
export function reshape(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  return isMadeBy(x, reshapeOp) ? reshape(x.inputs[0], shape) : apply(reshapeOp, { shape }, [x]);
}
