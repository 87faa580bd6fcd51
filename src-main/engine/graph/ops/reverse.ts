import { apply, at, mismatch } from "../node.ts";
import type { Node, Op } from "../types.ts";

type ReverseAttrs = { readonly axis: number };

/** ONNX's way to say "down to and including index 0" in a Slice of negative step. */
const BEFORE_START = -(2n ** 62n);

export const reverseOp: Op<ReverseAttrs, ["x"]> = {
  name: "reverse",
  infer: ({ axis }, [x]) => {
    if (axis < 0 || axis >= x.shape.length) throw mismatch("reverse", `[${x.shape}] has no axis ${axis}`);
    return x;
  },
  gradient: (node, outGrad) => [reverse(outGrad, node.attrs.axis)],
  onnx: (emit, node, [x]) => {
    const one = (value: bigint) => emit.constant(BigInt64Array.of(value), [1]);
    const last = BigInt(at(node.shape, node.attrs.axis) - 1);
    return emit.node("Slice", [x, one(last), one(BEFORE_START), one(BigInt(node.attrs.axis)), one(-1n)]);
  },
  tfjs: (tf, node, [x]) => tf.reverse(x, node.attrs.axis),
};

/** x with one axis back to front. */
export function reverse(x: Node, axis: number): Node {
  return apply(reverseOp, { axis }, [x]);
}
