// Gaussian error linear unit, exact.
import { apply, mismatch } from "../node.ts";
import type { NoAttributes, Node, Op } from "../types.ts";
import { add } from "./add.ts";
import { scalar } from "./constant.ts";
import { erf } from "./erf.ts";
import { exp } from "./exp.ts";
import { mul } from "./mul.ts";

export const geluOp: Op<NoAttributes, ["x"]> = {
  name: "gelu",
  infer: (_attrs, [x]) => {
    if (x.dtype !== "float32") throw mismatch("gelu", "wants one float32 tensor");
    return { shape: x.shape, dtype: "float32" };
  },
  // Φ(x) + x · φ(x), with the normal distribution's function Φ and density φ
  gradient: (node, outGrad) => {
    const [x] = node.inputs;
    const distribution = add(mul(erf(mul(x, scalar(Math.SQRT1_2))), scalar(0.5)), scalar(0.5));
    const density = mul(exp(mul(mul(x, x), scalar(-0.5))), scalar(1 / Math.sqrt(2 * Math.PI)));
    return [mul(outGrad, add(distribution, mul(x, density)))];
  },
  onnx: (emit, _node, [x]) => {
    if (emit.hasMicrosoftOps) return emit.node("Gelu", [x], {}, "com.microsoft");
    const number = (value: number): string => emit.constant(Float32Array.of(value), []);
    const twice = emit.node("Add", [emit.node("Erf", [emit.node("Div", [x, number(Math.SQRT2)])]), number(1)]);
    return emit.node("Mul", [emit.node("Mul", [x, twice]), number(0.5)]);
  },
  tfjs: (tf, _node, [x]) => tf.tidy(() => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))),
};

/** x · Φ(x) = x / 2 · (1 + erf(x / √2)), element by element: PyTorch's GELU, not its approximation by tanh. */
export function gelu(x: Node): Node {
  return apply(geluOp, {}, [x]);
}
