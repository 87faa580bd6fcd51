// Natural logarithm.

import { div } from "./div.ts";
import { unary, unaryOp } from "./elementwise.ts";

export const logOp = unaryOp({
  name: "log",
  onnxType: "Log",
  gradient: (node, outGrad) => div(outGrad, node.inputs[0]),
  tfjs: (tf, x) => tf.log(x),
});

/** Natural logarithm, element by element; −∞ at 0, NaN below. */
export const log = unary(logOp);
