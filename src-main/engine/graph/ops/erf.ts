// Error function.

import { scalar } from "./constant.ts";
import { unary, unaryOp } from "./elementwise.ts";
import { exp } from "./exp.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";

export const erfOp = unaryOp({
  name: "erf",
  onnxType: "Erf",
  gradient: (node, outGrad) =>
    mul(outGrad, mul(scalar(2 / Math.sqrt(Math.PI)), exp(neg(mul(node.inputs[0], node.inputs[0]))))),
  tfjs: (tf, x) => tf.erf(x),
});

/** Gauss error function, element by element (what an exact GELU is made of). */
export const erf = unary(erfOp);
