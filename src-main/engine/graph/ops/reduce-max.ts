import { apply } from "../node.ts";
import type { Node, Op } from "../types.ts";
import { cast } from "./cast.ts";
import { div } from "./div.ts";
import { equal } from "./equal.ts";
import { expand } from "./expand.ts";
import { mul } from "./mul.ts";
import { reduceSum } from "./reduce-sum.ts";
import { type ReduceAttrs, reducedType, withReducedAxes } from "./reduction.ts";

export const reduceMaxOp: Op<ReduceAttrs, ["x"]> = {
  name: "reduceMax",
  infer: (attrs, [x]) => reducedType("reduceMax", attrs, x),
  gradient: (node, outGrad) => {
    const x = node.inputs[0];
    const { axes } = node.attrs;
    const isMaximum = cast(equal(x, expand(withReducedAxes(node, axes, x.shape), x.shape)), "float32");
    const share = div(withReducedAxes(outGrad, axes, x.shape), reduceSum(isMaximum, axes, true));
    return [mul(isMaximum, share)];
  },
  onnx: (emit, node, [x]) =>
    emit.node("ReduceMax", [x, emit.constant(BigInt64Array.from(node.attrs.axes, BigInt), [node.attrs.axes.length])], {
      keepdims: Number(node.attrs.keepDims),
    }),
  tfjs: (tf, node, [x]) => tf.max(x, [...node.attrs.axes], node.attrs.keepDims),
};

/** Largest value over the given axes. Tied maxima share the gradient equally. */
export function reduceMax(x: Node, axes: readonly number[], keepDims = false): Node {
  return apply(reduceMaxOp, { axes, keepDims }, [x]);
}
