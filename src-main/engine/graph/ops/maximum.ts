// Larger of two tensors, element by element.

import { scalar } from "./constant.ts";
import { binary, binaryOp } from "./elementwise.ts";
import { mul } from "./mul.ts";
import { step } from "./step.ts";
import { sub } from "./sub.ts";

export const maximumOp = binaryOp({
  name: "maximum",
  onnxType: "Max",
  gradient: (a, b, outGrad) => {
    const first = step(sub(a, b));
    return [mul(outGrad, first), mul(outGrad, sub(scalar(1), first))];
  },
  tfjs: (tf, a, b) => tf.maximum(a, b),
});

/** The larger of a and b, element by element; shapes broadcast. On a tie the gradient goes to b. */
export const maximum = binary(maximumOp);
