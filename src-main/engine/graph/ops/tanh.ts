// Hyperbolic tangent.

import { scalar } from "./constant.ts";
import { unary, unaryOp } from "./elementwise.ts";
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";

export const tanhOp = unaryOp({
  name: "tanh",
  onnxType: "Tanh",
  gradient: (node, outGrad) => mul(outGrad, sub(scalar(1), mul(node, node))),
  tfjs: (tf, x) => tf.tanh(x),
});

/** Hyperbolic tangent, element by element. */
export const tanh = unary(tanhOp);
