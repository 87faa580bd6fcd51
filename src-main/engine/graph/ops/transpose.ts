import { apply, at, mismatch } from "../node.ts";
import type { Node, Op } from "../types.ts";

type TransposeAttrs = { readonly perm: readonly number[] };

export const transposeOp: Op<TransposeAttrs, ["x"]> = {
  name: "transpose",
  infer: ({ perm }, [x]) => {
    if (perm.toSorted((a, b) => a - b).join() !== x.shape.map((_, axis) => axis).join()) {
      throw mismatch("transpose", `[${perm}] is no order of the axes of [${x.shape}]`);
    }
    return { shape: perm.map((axis) => at(x.shape, axis)), dtype: x.dtype };
  },
  gradient: (node, outGrad) => [
    transpose(
      outGrad,
      node.attrs.perm.map((_, axis) => node.attrs.perm.indexOf(axis)),
    ),
  ],
  onnx: (emit, node, inputs) => emit.node("Transpose", inputs, { perm: node.attrs.perm }),
  tfjs: (tf, node, [x]) => tf.transpose(x, [...node.attrs.perm]),
};

/** x with axis k taken from axis perm[k] of x. */
export function transpose(x: Node, perm: readonly number[]): Node {
  return apply(transposeOp, { perm }, [x]);
}
