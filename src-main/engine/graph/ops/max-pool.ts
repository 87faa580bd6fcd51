// Largest value in each window.
import type { Tensor4D } from "@tensorflow/tfjs";
import { apply, nchw } from "../node.ts";
import type { Node, Op } from "../types.ts";
import { convOutputSize } from "./conv-geometry.ts";
import { maxPoolGradient } from "./max-pool-gradient.ts";

export type PoolAttrs = {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
};

export const maxPoolOp: Op<PoolAttrs, ["x"]> = {
  name: "maxPool",
  infer: (attrs, [x]) => {
    const [n, c, h, w] = nchw("maxPool", x);
    const geometry = { ...attrs, dilations: [1, 1] as const, groups: 1 };
    return { shape: [n, c, ...convOutputSize("maxPool", [h, w], [...attrs.kernel], geometry)], dtype: "float32" };
  },
  gradient: (node, outGrad) => [maxPoolGradient(node.inputs[0], outGrad, node.attrs)],
  onnx: (emit, { attrs }, inputs) =>
    emit.node("MaxPool", inputs, { kernel_shape: attrs.kernel, strides: attrs.strides, pads: attrs.pads }),
  tfjs: (tf, { attrs }, [x]) =>
    tf.tidy(() => {
      const [top, left, bottom, right] = attrs.pads;
      // Padding of −∞, spelled as the smallest float32, never wins a window.
      const image = tf.pad(
        tf.transpose(x, [0, 2, 3, 1]),
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

export interface PoolOptions extends PoolAttrs {
  /** Whether a last window that the input does not fill counts, too; by default it does not. */
  readonly ceilMode?: boolean;
}

/**
 * Largest value in each window; padding never wins.
 *
 * @param x  float32 [N, C, H, W]
 * @returns  float32 [N, C, H', W'], H' = floor((H + top + bottom − kernel) / stride) + 1, W' likewise; in ceil mode rounded up,
 *           without a window that would start behind input and top padding. Source: PyTorch, `pooling_output_shape`
 */
export function maxPool(x: Node, { ceilMode = false, ...attrs }: PoolOptions): Node {
  return apply(maxPoolOp, ceilMode ? { ...attrs, pads: ceilPads(x, attrs) } : attrs, [x]);
}

/**
 * The pads with which windows that are counted by rounding down are those of ceil mode. So one rule serves shape, gradient
 * and both runtimes, and an exported model asks no reader to know the attribute.
 */
function ceilPads(x: Node, { kernel, strides, pads }: PoolAttrs): PoolAttrs["pads"] {
  const [, , h, w] = nchw("maxPool", x);
  const [top, left, bottom, right] = pads;
  return [
    top,
    left,
    padBehind(h, kernel[0], strides[0], top, bottom),
    padBehind(w, kernel[1], strides[1], left, right),
  ];
}

function padBehind(size: number, kernel: number, stride: number, before: number, behind: number): number {
  const rounded = Math.ceil((size + before + behind - kernel) / stride) + 1;
  const windows = (rounded - 1) * stride < size + before ? rounded : rounded - 1;
  return Math.max(0, (windows - 1) * stride + kernel - size - before);
}
