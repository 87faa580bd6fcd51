// Gradient of max pooling: each window's gradient goes to its first largest element.
import type { Tensor } from "@tensorflow/tfjs";
import { apply, at, elementCount, mismatch, sameShape } from "../node.ts";
import type { Node, Op, Tfjs } from "../types.ts";
import { taps, tapWindow } from "./conv-geometry.ts";
import { maxPoolOp, type PoolAttrs } from "./max-pool.ts";
import { onnxPoolGradientByTaps } from "./max-pool-gradient-by-taps.ts";

export const maxPoolGradientOp: Op<PoolAttrs, ["x", "outGrad"]> = {
  name: "maxPoolGradient",
  infer: (attrs, [x, outGrad]) => {
    const pooled = maxPoolOp.infer(attrs, [x]);
    if (!sameShape(pooled.shape, outGrad.shape))
      throw mismatch("maxPoolGradient", `gradient [${outGrad.shape}] is not [${pooled.shape}]`);
    return { shape: x.shape, dtype: "float32" };
  },
  // Only ever a last step: nothing here differentiates a gradient of pooling.
  gradient: () => [null, null],
  onnx: (emit, node, [x, outGrad]) => {
    if (!emit.hasPoolIndices) return onnxPoolGradientByTaps(emit, node, x, outGrad);
    const { kernel, strides, pads } = node.attrs;
    const flat = emit.constant(BigInt64Array.of(-1n), [1]);
    const indices = at(emit.outputs("MaxPool", [x], 2, { kernel_shape: kernel, strides, pads }), 1);
    const zeros = emit.constant(new Float32Array(elementCount(node.shape)), [elementCount(node.shape)]);
    const scattered = emit.node(
      "ScatterElements",
      [zeros, emit.node("Reshape", [indices, flat]), emit.node("Reshape", [outGrad, flat])],
      { axis: 0, reduction: "add" },
    );
    return emit.node("Reshape", [scattered, emit.constant(BigInt64Array.from(node.shape, BigInt), [4])]);
  },
  tfjs: (tf, node, [x, outGrad]) =>
    tf.tidy(() => {
      const { kernel, strides, pads } = node.attrs;
      const [top, left, bottom, right] = pads;
      const [n, c, h, w] = node.shape as [number, number, number, number];
      const [, , outH, outW] = outGrad.shape as [number, number, number, number];
      const geometry = { strides, pads, dilations: [1, 1] as const, groups: 1 };
      const padded = tf.pad(
        x,
        [
          [0, 0],
          [0, 0],
          [top, bottom],
          [left, right],
        ],
        -3.4e38,
      );
      const windows = taps(kernel[0], kernel[1]).map(([row, column]) => {
        const { starts, ends, steps } = tapWindow(geometry, row, column, outH, outW);
        return tf.stridedSlice(padded, [0, 0, ...starts], [n, c, ...ends], [1, 1, ...steps]);
      });
      const winner = tf.argMax(tf.stack(windows), 0);
      let sum = tf.zerosLike(padded);
      taps(kernel[0], kernel[1]).forEach(([row, column], tap) => {
        const share = tf.mul(outGrad, tf.equal(winner, tap).toFloat());
        sum = tf.add(sum, placed(tf, share, row, column, strides, padded.shape));
      });
      return tf.slice(sum, [0, 0, top, left], [n, c, h, w]);
    }),
};

/**
 * Gradient of `maxPool(x, attrs)` with respect to x.
 *
 * @param x        float32 [N, C, H, W]
 * @param outGrad  float32 [N, C, H', W']
 * @returns        float32 [N, C, H, W]
 */
export function maxPoolGradient(x: Node, outGrad: Node, attrs: PoolAttrs): Node {
  return apply(maxPoolGradientOp, attrs, [x, outGrad]);
}

/** A window's values at their places in the padded image: (row, column) first, then every stride. */
function placed(
  tf: Tfjs,
  share: Tensor,
  row: number,
  column: number,
  strides: readonly [number, number],
  shape: readonly number[],
): Tensor {
  const [n, c, outH, outW] = share.shape as [number, number, number, number];
  const [, , paddedH = 1, paddedW = 1] = shape;
  const [strideH, strideW] = strides;
  const spread = tf.pad(tf.reshape(share, [n * c, outH, 1, outW, 1]), [
    [0, 0],
    [0, 0],
    [0, strideH - 1],
    [0, 0],
    [0, strideW - 1],
  ]);
  const dense = tf.reshape(spread, [n, c, outH * strideH, outW * strideW]);
  const fitted = tf.slice(dense, [0, 0, 0, 0], [n, c, (outH - 1) * strideH + 1, (outW - 1) * strideW + 1]);
  const [, , h = 1, w = 1] = fitted.shape;
  return tf.pad(fitted, [
    [0, 0],
    [0, 0],
    [row, paddedH - h - row],
    [column, paddedW - w - column],
  ]);
}
