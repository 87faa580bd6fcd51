// Logistic function.

import { scalar } from "./constant.ts";
import { unary, unaryOp } from "./elementwise.ts";
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";

export const sigmoidOp = unaryOp({
  name: "sigmoid",
  onnxType: "Sigmoid",
  gradient: (node, outGrad) => mul(outGrad, mul(node, sub(scalar(1), node))),
  tfjs: (tf, x) => tf.sigmoid(x),
});

/** 1 / (1 + e^−x), element by element. */
export const sigmoid = unary(sigmoidOp);
