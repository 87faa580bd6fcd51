import { apply, at, mismatch, sameShape } from "../node.ts";
import type { Node, Op } from "../types.ts";
import { concat } from "./concat.ts";
import { filled } from "./constant.ts";
import { pad } from "./pad.ts";
import { reshape } from "./reshape.ts";

type SliceAttrs = {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly steps: readonly number[];
};

export const sliceOp: Op<SliceAttrs, ["x"]> = {
  name: "slice",
  infer: ({ starts, ends, steps }, [x]) => {
    if ([starts, ends, steps].some((list) => list.length !== x.shape.length)) {
      throw mismatch("slice", `wants a start, an end and a step for each axis of [${x.shape}]`);
    }
    const shape = x.shape.map((size, axis) => {
      const [start, end, step] = [at(starts, axis), at(ends, axis), at(steps, axis)];
      if (start < 0 || end > size || start >= end || step < 1) {
        throw mismatch("slice", `${start}:${end}:${step} is not inside axis ${axis} of [${x.shape}]`);
      }
      return Math.ceil((end - start) / step);
    });
    return { shape, dtype: x.dtype };
  },
  gradient: (node, outGrad) => {
    const { starts, steps } = node.attrs;
    const { shape } = node.inputs[0];
    const spread = steps.reduce((gradient, step, axis) => spreadAxis(gradient, axis, step), outGrad);
    // What the last step reached beyond the end is zeros; cut it off before padding.
    const lengths = spread.shape.map((size, axis) => Math.min(size, at(shape, axis) - at(starts, axis)));
    const fitted = slice(
      spread,
      lengths.map(() => 0),
      lengths,
    );
    return [
      pad(
        fitted,
        starts,
        lengths.map((size, axis) => at(shape, axis) - at(starts, axis) - size),
      ),
    ];
  },
  onnx: (emit, node, [x]) => {
    const axes = node.shape.map((_, axis) => axis);
    const list = (values: readonly number[]) => emit.constant(BigInt64Array.from(values, BigInt), [values.length]);
    const { starts, ends, steps } = node.attrs;
    return emit.node("Slice", [x, list(starts), list(ends), list(axes), list(steps)]);
  },
  tfjs: (tf, node, [x]) => tf.stridedSlice(x, [...node.attrs.starts], [...node.attrs.ends], [...node.attrs.steps]),
};

/**
 * The elements start, start + step, … below end of each axis.
 *
 * @param steps  1 for every axis unless given
 */
export function slice(x: Node, starts: readonly number[], ends: readonly number[], steps?: readonly number[]): Node {
  if (steps === undefined && starts.every((start) => start === 0) && sameShape(ends, x.shape)) return x;
  return apply(sliceOp, { starts, ends, steps: steps ?? starts.map(() => 1) }, [x]);
}

/** Puts step − 1 zeros behind each element along an axis. */
function spreadAxis(x: Node, axis: number, step: number): Node {
  if (step === 1) return x;
  const [before, behind] = [x.shape.slice(0, axis + 1), x.shape.slice(axis + 1)];
  const column = reshape(x, [...before, 1, ...behind]);
  const zeros = filled([...before, step - 1, ...behind], 0);
  return reshape(concat([column, zeros], axis + 1), [...x.shape.slice(0, axis), at(x.shape, axis) * step, ...behind]);
}
