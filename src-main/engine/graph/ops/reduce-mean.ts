import { apply } from "../node.ts";
import type { Node, Op } from "../types.ts";
import { scalar } from "./constant.ts";
import { expand } from "./expand.ts";
import { mul } from "./mul.ts";
import { emitAddition, type ReduceAttrs, reducedCount, reducedType, withReducedAxes } from "./reduction.ts";

export const reduceMeanOp: Op<ReduceAttrs, ["x"]> = {
  name: "reduceMean",
  infer: (attrs, [x]) => reducedType("reduceMean", attrs, x),
  gradient: (node, outGrad) => {
    const { shape } = node.inputs[0];
    const share = mul(outGrad, scalar(1 / reducedCount(shape, node.attrs.axes)));
    return [expand(withReducedAxes(share, node.attrs.axes, shape), shape)];
  },
  onnx: (emit, node, [x]) => emitAddition(emit, "ReduceMean", node, x),
  tfjs: (tf, node, [x]) => tf.mean(x, [...node.attrs.axes], node.attrs.keepDims),
};

/** Mean over the given axes, which become size 1 with keepDims and vanish otherwise. */
export function reduceMean(x: Node, axes: readonly number[], keepDims = false): Node {
  return apply(reduceMeanOp, { axes, keepDims }, [x]);
}
