// Exponential function.
import { unary, unaryOp } from "./elementwise.ts";
import { mul } from "./mul.ts";

export const expOp = unaryOp({
  name: "exp",
  onnxType: "Exp",
  gradient: (node, outGrad) => mul(outGrad, node),
  tfjs: (tf, x) => tf.exp(x),
});

/** e to the power x, element by element. */
export const exp = unary(expOp);
