// Comparison: greater.
import { binary, binaryOp } from "./elementwise.ts";

export const greaterOp = binaryOp({
  name: "greater",
  onnxType: "Greater",
  result: "bool",
  gradient: () => [null, null] /* a truth value does not change smoothly */,
  tfjs: (tf, a, b) => tf.greater(a, b),
});

/** a > b, element by element, as bool; shapes broadcast. */
export const greater = binary(greaterOp);
