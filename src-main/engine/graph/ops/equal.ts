// Comparison: equal.
import { binary, binaryOp } from "./elementwise.ts";

export const equalOp = binaryOp({
  name: "equal",
  onnxType: "Equal",
  result: "bool",
  gradient: () => [null, null] /* a truth value does not change smoothly */,
  tfjs: (tf, a, b) => tf.equal(a, b),
});

/** a = b, element by element, as bool; shapes broadcast. */
export const equal = binary(equalOp);
