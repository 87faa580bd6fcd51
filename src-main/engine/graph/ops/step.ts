import { apply, mismatch } from "../node.ts";
import type { NoAttributes, Node, Op } from "../types.ts";

/** Takes the smallest normal float32 to 1: together with clamping to [0, 1] a step in one pass over memory. */
const STEEPNESS = 3e38;

export const stepOp: Op<NoAttributes, ["x"]> = {
  name: "step",
  infer: (_attrs, [x]) => {
    if (x.dtype !== "float32") throw mismatch("step", "wants one float32 tensor");
    return { shape: x.shape, dtype: "float32" };
  },
  // Not differentiable at 0, and flat everywhere else.
  gradient: () => [null],
  // Greater followed by Where or Cast takes several times as long on ONNX Runtime's CPU kernels as this clamp.
  onnx: (emit, _node, inputs) => emit.node("HardSigmoid", inputs, { alpha: { float: STEEPNESS }, beta: { float: 0 } }),
  tfjs: (tf, _node, [x]) => tf.tidy(() => tf.greater(x, 0).toFloat()),
};

/** 1 where x > 0, else 0; float32 of the shape of x. Values below 3e-39, denormal numbers, count as 0 or a fraction. */
export function step(x: Node): Node {
  return apply(stepOp, {}, [x]);
}
