// Square root.

import { scalar } from "./constant.ts";
import { div } from "./div.ts";
import { unary, unaryOp } from "./elementwise.ts";
import { mul } from "./mul.ts";

export const sqrtOp = unaryOp({
  name: "sqrt",
  onnxType: "Sqrt",
  gradient: (node, outGrad) => div(mul(outGrad, scalar(0.5)), node),
  tfjs: (tf, x) => tf.sqrt(x),
});

/** Square root, element by element; NaN below 0. */
export const sqrt = unary(sqrtOp);
