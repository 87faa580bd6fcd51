import { apply, at, mismatch } from "../node.ts";
import type { Node, Op } from "../types.ts";
import { slice } from "./slice.ts";

type ConcatAttrs = { readonly axis: number };

export const concatOp: Op<ConcatAttrs, readonly string[]> = {
  name: "concat",
  infer: ({ axis }, inputs) => {
    const first = at(inputs, 0);
    for (const { shape, dtype } of inputs) {
      const fits =
        shape.length === first.shape.length && shape.every((size, k) => k === axis || size === first.shape[k]);
      if (!fits || dtype !== first.dtype || axis >= shape.length) {
        throw mismatch("concat", `[${shape}] does not join [${first.shape}] along axis ${axis}`);
      }
    }
    const length = inputs.reduce((sum, { shape }) => sum + at(shape, axis), 0);
    return { shape: first.shape.with(axis, length), dtype: first.dtype };
  },
  gradient: (node, outGrad) => {
    const { axis } = node.attrs;
    let start = 0;
    return node.inputs.map(({ shape }) => {
      const starts = shape.map(() => 0).with(axis, start);
      start += at(shape, axis);
      return slice(outGrad, starts, outGrad.shape.with(axis, start));
    });
  },
  onnx: (emit, node, inputs) => emit.node("Concat", inputs, { axis: node.attrs.axis }),
  tfjs: (tf, node, inputs) => tf.concat([...inputs], node.attrs.axis),
};

/** Tensors joined along an axis; all other sizes are equal. */
export function concat(inputs: readonly Node[], axis: number): Node {
  return inputs.length === 1 ? at(inputs, 0) : apply(concatOp, { axis }, inputs);
}
