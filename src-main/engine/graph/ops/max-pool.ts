// Largest value in each window.
import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { apply, at, nchw } from "../node.ts";
import type { Node, Op } from "../types.ts";
import { convOutputSize } from "./conv-geometry.ts";
import { maxPoolGradient } from "./max-pool-gradient.ts";

export type PoolAttrs = {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
};

export const maxPoolOp: Op<PoolAttrs> = {
  name: "maxPool",
  infer: (attrs, inputs) => {
    const [n, c, h, w] = nchw("maxPool", at(inputs, 0));
    const geometry = { ...attrs, dilations: [1, 1] as const, groups: 1 };
    return { shape: [n, c, ...convOutputSize("maxPool", [h, w], [...attrs.kernel], geometry)], dtype: "float32" };
  },
  gradient: (node, outGrad) => [maxPoolGradient(at(node.inputs, 0), outGrad, node.attrs)],
  onnx: (emit, { attrs }, inputs) =>
    emit.node("MaxPool", inputs, { kernel_shape: attrs.kernel, strides: attrs.strides, pads: attrs.pads }),
  tfjs: (tf, { attrs }, [x]) =>
    tf.tidy(() => {
      const [top, left, bottom, right] = attrs.pads;
      // Padding of −∞, spelled as the smallest float32, never wins a window.
      const image = tf.pad(
        tf.transpose(x as Tensor, [0, 2, 3, 1]),
        [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ],
        -3.4e38,
      );
      const pooled = tf.maxPool(image as Tensor4D, [...attrs.kernel], [...attrs.strides], "valid");
      return tf.transpose(pooled, [0, 3, 1, 2]);
    }),
};

/**
 * Largest value in each window; padding never wins.
 *
 * @param x  float32 [N, C, H, W]
 * @returns  float32 [N, C, H', W'], H' = floor((H + top + bottom − kernel) / stride) + 1, W' likewise
 */
export function maxPool(x: Node, attrs: PoolAttrs): Node {
  return apply(maxPoolOp, attrs, [x]);
}
