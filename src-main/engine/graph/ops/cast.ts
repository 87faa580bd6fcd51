import { apply } from "../node.ts";
import type { DType, Node, Op } from "../types.ts";

/** ONNX TensorProto.DataType. */
export const ONNX_TYPE: Readonly<Record<DType, number>> = { float32: 1, int32: 6, bool: 9 };

type CastAttrs = { readonly to: DType };

export const castOp: Op<CastAttrs, ["x"]> = {
  name: "cast",
  infer: ({ to }, [x]) => ({ shape: x.shape, dtype: to }),
  // Only float32 carries gradients, and a cast of float32 to itself is not built.
  gradient: () => [null],
  onnx: (emit, node, inputs) => emit.node("Cast", inputs, { to: ONNX_TYPE[node.attrs.to] }),
  tfjs: (tf, node, [x]) => tf.cast(x, node.attrs.to),
};

/** x in another dtype: bool becomes 0 or 1, float32 is truncated to int32. */
export function cast(x: Node, to: DType): Node {
  return x.dtype === to ? x : apply(castOp, { to }, [x]);
}
