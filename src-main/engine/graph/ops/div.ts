// Quotient of two tensors, element by element.
import { binary, binaryOp } from "./elementwise.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";

export const divOp = binaryOp({
  name: "div",
  onnxType: "Div",
  gradient: (_a, b, outGrad, node) => [div(outGrad, b), neg(div(mul(outGrad, node), b))],
  tfjs: (tf, a, b) => tf.div(a, b),
});

/** a / b, element by element; shapes broadcast. */
export const div = binary(divOp);
