import { apply, mismatch, nchw } from "../node.ts";
import type { NoAttributes, Node, Op } from "../types.ts";
import { filled } from "./constant.ts";
import { mul } from "./mul.ts";
import { reduceSum } from "./reduce-sum.ts";

const PIXELS_AND_IMAGES = [0, 2, 3];

export const channelAffineOp: Op<NoAttributes, ["x", "scale", "shift"]> = {
  name: "channelAffine",
  infer: (_attrs, [x, scale, shift]) => {
    const [, c] = nchw("channelAffine", x);
    if (scale.shape.join() !== `${c}` || shift.shape.join() !== `${c}`) {
      throw mismatch("channelAffine", `scale [${scale.shape}] and shift [${shift.shape}] do not fit ${c} channels`);
    }
    return { shape: x.shape, dtype: "float32" };
  },
  gradient: (node, outGrad) => {
    const [x, scale] = node.inputs;
    return [
      channelAffine(outGrad, scale, filled(scale.shape, 0)),
      reduceSum(mul(outGrad, x), PIXELS_AND_IMAGES),
      reduceSum(outGrad, PIXELS_AND_IMAGES),
    ];
  },
  // Inference-form batch normalisation with mean 0, variance 1 and epsilon 0 is exactly x · scale + shift, in one pass.
  onnx: (emit, node, [x, scale, shift]) => {
    const [, c = 1] = node.shape;
    const zeros = emit.constant(new Float32Array(c), [c]);
    const ones = emit.constant(new Float32Array(c).fill(1), [c]);
    return emit.node("BatchNormalization", [x, scale, shift, zeros, ones], { epsilon: { float: 0 } });
  },
  tfjs: (tf, node, [x, scale, shift]) =>
    tf.tidy(() => {
      const column = [1, node.shape[1] ?? 1, 1, 1];
      return tf.add(tf.mul(x, tf.reshape(scale, column)), tf.reshape(shift, column));
    }),
};

/**
 * x · scale + shift, channel by channel.
 *
 * @param x      float32 [N, C, H, W]
 * @param scale  float32 [C]
 * @param shift  float32 [C]
 */
export function channelAffine(x: Node, scale: Node, shift: Node): Node {
  return apply(channelAffineOp, {}, [x, scale, shift]);
}
