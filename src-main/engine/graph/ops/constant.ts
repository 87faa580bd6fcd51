// A value that is part of the graph: a small table, a matrix, a number.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import { apply, elementCount } from "../node.ts";
import type { Node, Op, Shape, TensorData } from "../types.ts";

type ConstantAttrs = { readonly data: TensorData; readonly shape: Shape };

export const constantOp: Op<ConstantAttrs, []> = {
  name: "constant",
  infer: ({ data, shape }) => {
    if (data.length !== elementCount(shape)) throw new BugError(`${data.length} numbers do not fill [${shape}]`);
    return { shape, dtype: data instanceof Int32Array ? "int32" : "float32" };
  },
  gradient: () => [],
  onnx: (emit, node) => emit.constant(node.attrs.data, node.shape),
  tfjs: (tf, node) => tf.tensor(node.attrs.data, [...node.shape], node.dtype),
};

/** A constant tensor; Float32Array gives float32, Int32Array int32. */
export function constant(data: TensorData, shape: Shape): Node {
  return apply(constantOp, { data, shape }, []);
}

/** One float32 number, of shape []. */
export function scalar(value: number): Node {
  return constant(Float32Array.of(value), []);
}

/** A float32 tensor of one value. */
export function filled(shape: Shape, value: number): Node {
  return constant(new Float32Array(elementCount(shape)).fill(value), shape);
}
