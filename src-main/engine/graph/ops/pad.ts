import { apply, at, mismatch } from "../node.ts";
import type { Node, Op } from "../types.ts";
import { slice } from "./slice.ts";

type PadAttrs = { readonly before: readonly number[]; readonly after: readonly number[] };

export const padOp: Op<PadAttrs, ["x"]> = {
  name: "pad",
  infer: ({ before, after }, [x]) => {
    if (before.length !== x.shape.length || after.length !== x.shape.length) {
      throw mismatch("pad", `wants two counts for each axis of [${x.shape}]`);
    }
    if ([...before, ...after].some((count) => count < 0))
      throw mismatch("pad", `counts [${before}] and [${after}] are not all positive`);
    return { shape: x.shape.map((size, axis) => size + at(before, axis) + at(after, axis)), dtype: x.dtype };
  },
  gradient: (node, outGrad) => {
    const { before } = node.attrs;
    return [
      slice(
        outGrad,
        before,
        node.inputs[0].shape.map((size, axis) => size + at(before, axis)),
      ),
    ];
  },
  onnx: (emit, node, [x]) => {
    const counts = BigInt64Array.from([...node.attrs.before, ...node.attrs.after], BigInt);
    return emit.node("Pad", [x, emit.constant(counts, [counts.length])]);
  },
  tfjs: (tf, node, [x]) =>
    tf.pad(
      x,
      node.attrs.before.map((count, axis) => [count, at(node.attrs.after, axis)] as [number, number]),
    ),
};

/** x with zeros before and after each axis. */
export function pad(x: Node, before: readonly number[], after: readonly number[]): Node {
  return [...before, ...after].every((count) => count === 0) ? x : apply(padOp, { before, after }, [x]);
}
