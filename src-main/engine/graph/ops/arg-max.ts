import { apply, mismatch } from "../node.ts";
import type { Node, Op } from "../types.ts";
import { ONNX_TYPE } from "./cast.ts";

type ArgMaxAttrs = { readonly axis: number };

export const argMaxOp: Op<ArgMaxAttrs, ["x"]> = {
  name: "argMax",
  infer: ({ axis }, [x]) => {
    if (x.dtype !== "float32" || axis < 0 || axis >= x.shape.length)
      throw mismatch("argMax", `[${x.shape}] has no axis ${axis}`);
    return { shape: x.shape.toSpliced(axis, 1), dtype: "int32" };
  },
  // An index does not change smoothly.
  gradient: () => [null],
  onnx: (emit, node, inputs) =>
    emit.node("Cast", [emit.node("ArgMax", inputs, { axis: node.attrs.axis, keepdims: 0 })], { to: ONNX_TYPE.int32 }),
  tfjs: (tf, node, [x]) => tf.argMax(x, node.attrs.axis),
};

/** int32 index of the first largest value along an axis, which vanishes. */
export function argMax(x: Node, axis: number): Node {
  return apply(argMaxOp, { axis }, [x]);
}
