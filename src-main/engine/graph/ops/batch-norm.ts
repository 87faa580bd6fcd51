import { apply, at, elementCount, mismatch, nchw } from "../node.ts";
import type { Node, Op } from "../types.ts";
import { add } from "./add.ts";
import { channelAffine } from "./channel-affine.ts";
import { scalar } from "./constant.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { reduceSum } from "./reduce-sum.ts";
import { reshape } from "./reshape.ts";
import { sqrt } from "./sqrt.ts";
import { sub } from "./sub.ts";

type BatchNormAttrs = { readonly epsilon: number };

const PIXELS_AND_IMAGES = [0, 2, 3];

export const batchNormOp: Op<BatchNormAttrs, ["x", "weight", "bias", "mean", "variance"]> = {
  name: "batchNorm",
  infer: (_attrs, [x, ...vectors]) => {
    const [, c] = nchw("batchNorm", x);
    if (vectors.some(({ shape }) => shape.join() !== `${c}`)) {
      throw mismatch("batchNorm", `wants weight, bias, mean and variance of ${c} channels`);
    }
    return { shape: x.shape, dtype: "float32" };
  },
  gradient: (node, outGrad) => {
    const [x, weight, , mean, variance] = node.inputs;
    const count = scalar(elementCount(x.shape) / at(x.shape, 1));
    const column = [1, at(x.shape, 1), 1, 1];
    const invStd = div(scalar(1), sqrt(add(variance, scalar(node.attrs.epsilon))));
    const gradSum = reduceSum(outGrad, PIXELS_AND_IMAGES);
    // Σ g·(x − mean), without a pass that only centres x.
    const gradDot = sub(reduceSum(mul(outGrad, x), PIXELS_AND_IMAGES), mul(mean, gradSum));
    // dx = w·invStd · (g − mean(g) − (x − mean)·invStd²·mean(g·(x − mean))) = g·scale + x·slope + offset
    const scale = mul(weight, invStd);
    const slope = neg(mul(scale, div(mul(mul(invStd, invStd), gradDot), count)));
    const offset = neg(add(mul(scale, div(gradSum, count)), mul(slope, mean)));
    const inputGradient = add(mul(outGrad, reshape(scale, column)), channelAffine(x, slope, offset));
    // The mean and the variance are the batch's own: their share of the gradient is in inputGradient already.
    return [inputGradient, mul(gradDot, invStd), gradSum, null, null];
  },
  onnx: (emit, node, inputs) => emit.node("BatchNormalization", inputs, { epsilon: { float: node.attrs.epsilon } }),
  tfjs: (tf, node, [x, weight, bias, mean, variance]) =>
    tf.tidy(() => {
      const column = [1, node.shape[1] ?? 1, 1, 1];
      const scale = tf.div(weight, tf.sqrt(tf.add(variance, node.attrs.epsilon)));
      const shift = tf.sub(bias, tf.mul(mean, scale));
      return tf.add(tf.mul(x, tf.reshape(scale, column)), tf.reshape(shift, column));
    }),
};

/**
 * (x − mean) / sqrt(variance + epsilon) · weight + bias, where mean and variance are x's own over images and pixels.
 * The gradient counts on that; to normalise by other statistics use `channelAffine`.
 *
 * @param x  float32 [N, C, H, W]; the other inputs float32 [C]; the variance is the biased one
 */
export function batchNorm(x: Node, weight: Node, bias: Node, mean: Node, variance: Node, epsilon: number): Node {
  return apply(batchNormOp, { epsilon }, [x, weight, bias, mean, variance]);
}
