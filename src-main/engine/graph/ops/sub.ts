// Difference of two tensors.
import { binary, binaryOp } from "./elementwise.ts";
import { neg } from "./neg.ts";

export const subOp = binaryOp({
  name: "sub",
  onnxType: "Sub",
  gradient: (_a, _b, outGrad) => [outGrad, neg(outGrad)],
  tfjs: (tf, a, b) => tf.sub(a, b),
});

/** a − b; shapes broadcast. */
export const sub = binary(subOp);
