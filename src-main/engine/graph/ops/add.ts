// Sum of two tensors.
import { binary, binaryOp } from "./elementwise.ts";

export const addOp = binaryOp({
  name: "add",
  onnxType: "Add",
  gradient: (_a, _b, outGrad) => [outGrad, outGrad],
  tfjs: (tf, a, b) => tf.add(a, b),
});

/** a + b; shapes broadcast. */
export const add = binary(addOp);
