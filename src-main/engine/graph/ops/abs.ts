// Absolute value.

import { unary, unaryOp } from "./elementwise.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { step } from "./step.ts";
import { sub } from "./sub.ts";

export const absOp = unaryOp({
  name: "abs",
  onnxType: "Abs",
  gradient: (node, outGrad) => mul(outGrad, sub(step(node.inputs[0]), step(neg(node.inputs[0])))),
  tfjs: (tf, x) => tf.abs(x),
});

/** |x|, element by element. Its gradient at 0 is 0. */
export const abs = unary(absOp);
