// Rectified linear unit.
import { unary, unaryOp } from "./elementwise.ts";
import { mul } from "./mul.ts";
import { step } from "./step.ts";

export const reluOp = unaryOp({
  name: "relu",
  onnxType: "Relu",
  gradient: (node, outGrad) => mul(outGrad, step(node)),
  tfjs: (tf, x) => tf.relu(x),
});

/** max(0, x), element by element. Its gradient at 0 is 0, as in PyTorch. */
export const relu = unary(reluOp);
