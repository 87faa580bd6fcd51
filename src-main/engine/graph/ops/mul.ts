// Product of two tensors, element by element.
import { binary, binaryOp } from "./elementwise.ts";

export const mulOp = binaryOp({
  name: "mul",
  onnxType: "Mul",
  gradient: (a, b, outGrad) => [mul(outGrad, b), mul(outGrad, a)],
  tfjs: (tf, a, b) => tf.mul(a, b),
});

/** a · b, element by element; shapes broadcast. */
export const mul = binary(mulOp);
