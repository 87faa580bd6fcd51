// Negation.
import { unary, unaryOp } from "./elementwise.ts";

export const negOp = unaryOp({
  name: "neg",
  onnxType: "Neg",
  gradient: (_node, outGrad) => neg(outGrad),
  tfjs: (tf, x) => tf.neg(x),
});

/** −x, element by element. */
export const neg = unary(negOp);
