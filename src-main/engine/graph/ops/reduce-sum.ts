import { apply } from "../node.ts";
import type { Node, Op } from "../types.ts";
import { expand } from "./expand.ts";
import { emitAddition, type ReduceAttrs, reducedType, withReducedAxes } from "./reduction.ts";

export const reduceSumOp: Op<ReduceAttrs, ["x"]> = {
  name: "reduceSum",
  infer: (attrs, [x]) => reducedType("reduceSum", attrs, x),
  gradient: (node, outGrad) => {
    const { shape } = node.inputs[0];
    return [expand(withReducedAxes(outGrad, node.attrs.axes, shape), shape)];
  },
  onnx: (emit, node, [x]) => emitAddition(emit, "ReduceSum", node, x),
  tfjs: (tf, node, [x]) => tf.sum(x, [...node.attrs.axes], node.attrs.keepDims),
};

/** Sum over the given axes, which become size 1 with keepDims and vanish otherwise. */
export function reduceSum(x: Node, axes: readonly number[], keepDims = false): Node {
  return apply(reduceSumOp, { axes, keepDims }, [x]);
}
