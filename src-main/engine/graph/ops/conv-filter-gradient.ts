import { apply, at, mismatch, sameShape } from "../node.ts";
import type { Node, OnnxEmitter, Op, Shape } from "../types.ts";
import { conv } from "./conv.ts";
import { type ConvAttrs, convSizes, isDepthwise, onnxConvAttributes, taps, tapWindow } from "./conv-geometry.ts";
import { convInputGradient } from "./conv-input-gradient.ts";

type FilterGradientAttrs = ConvAttrs & { readonly weightShape: Shape };
type Sizes = ReturnType<typeof convSizes>;

export const convFilterGradientOp: Op<FilterGradientAttrs, ["x", "outGrad"]> = {
  name: "convFilterGradient",
  infer: (attrs, [x, outGrad]) => {
    const { n, k, outH, outW } = convSizes("convFilterGradient", attrs, x, attrs.weightShape);
    if (!sameShape(outGrad.shape, [n, k, outH, outW])) {
      throw mismatch(
        "convFilterGradient",
        `gradient [${outGrad.shape}] is not of the result's shape [${[n, k, outH, outW]}]`,
      );
    }
    return { shape: attrs.weightShape, dtype: "float32" };
  },
  gradient: (node, upstream) => {
    const [x, outGrad] = node.inputs;
    return [convInputGradient(outGrad, upstream, x.shape, node.attrs), conv(x, upstream, node.attrs)];
  },
  onnx: (emit, node, [x, outGrad]) => {
    const sizes = convSizes("convFilterGradient", node.attrs, node.inputs[0], node.attrs.weightShape);
    if (isDepthwise(node.attrs, node.attrs.weightShape) && node.attrs.strides.every((stride) => stride === 1)) {
      return depthwise(emit, node, [x, outGrad], sizes);
    }
    const padded = onnxPad(emit, x, node.attrs);
    const shaped = reshapeTo(emit, outGrad, matrixShape(sizes, sizes.k));
    const products = taps(sizes.r, sizes.s).map(([row, column]) => {
      const window = onnxTap(emit, padded, node.attrs, row, column, sizes);
      return product(emit, shaped, reshapeTo(emit, window, matrixShape(sizes, sizes.c)), sizes);
    });
    if (products.length === 1) return reshapeTo(emit, at(products, 0), node.attrs.weightShape);
    // Tap by tap is [R·S, K, C / groups]; one transpose at the end makes it [K, C / groups, R·S].
    const flat = [sizes.k * (sizes.c / sizes.groups)];
    const stacked = emit.node(
      "Concat",
      products.map((name) => reshapeTo(emit, name, [1, ...flat])),
      { axis: 0 },
    );
    return reshapeTo(emit, emit.node("Transpose", [stacked], { perm: [1, 0] }), node.attrs.weightShape);
  },
  tfjs: (tf, node, [x, outGrad]) =>
    tf.tidy(() => {
      const sizes = convSizes("convFilterGradient", node.attrs, node.inputs[0], node.attrs.weightShape);
      const [top, left, bottom, right] = node.attrs.pads;
      const padded = tf.pad(x, [
        [0, 0],
        [0, 0],
        [top, bottom],
        [left, right],
      ]);
      const gradient = tf.reshape(outGrad, matrixShape(sizes, sizes.k));
      const products = taps(sizes.r, sizes.s).map(([row, column]) => {
        const { starts, ends, steps } = tapWindow(node.attrs, row, column, sizes.outH, sizes.outW);
        const window = tf.stridedSlice(padded, [0, 0, ...starts], [sizes.n, sizes.c, ...ends], [1, 1, ...steps]);
        return tf.sum(tf.matMul(gradient, tf.reshape(window, matrixShape(sizes, sizes.c)), false, true), 0);
      });
      return tf.reshape(tf.stack(products, 3), [...node.attrs.weightShape]);
    }),
};

/**
 * Gradient of `conv(x, weight, attrs)` with respect to weight.
 *
 * @param x            float32 [N, C, H, W]
 * @param outGrad      float32 [N, K, H', W'], gradient of the result
 * @param weightShape  [K, C / groups, R, S]
 * @returns            float32 [K, C / groups, R, S]
 */
export function convFilterGradient(x: Node, outGrad: Node, weightShape: Shape, attrs: ConvAttrs): Node {
  const { strides, pads, dilations, groups } = attrs;
  return apply(convFilterGradientOp, { strides, pads, dilations, groups, weightShape }, [x, outGrad]);
}

/**
 * Of a depthwise convolution of stride 1: the image convolved by the gradient, each channel of each image by itself. What was the
 * dilation is the stride between the taps, which are this convolution's results.
 */
function depthwise(
  emit: OnnxEmitter,
  { attrs }: Node<FilterGradientAttrs, ["x", "outGrad"]>,
  [x, outGrad]: readonly [string, string],
  { n, c, h, w, r, s, outH, outW }: Sizes,
): string {
  const channels = n * c;
  const perImage = emit.node(
    "Conv",
    [reshapeTo(emit, x, [1, channels, h, w]), reshapeTo(emit, outGrad, [channels, 1, outH, outW])],
    onnxConvAttributes({ strides: attrs.dilations, pads: attrs.pads, dilations: [1, 1], groups: channels }, [
      outH,
      outW,
    ]),
  );
  if (n === 1) return reshapeTo(emit, perImage, attrs.weightShape);
  const stacked = reshapeTo(emit, perImage, [n, c, 1, r, s]);
  const sum = emit.node("ReduceSum", [stacked, emit.constant(BigInt64Array.of(0n), [1])], { keepdims: 0 });
  return reshapeTo(emit, sum, attrs.weightShape);
}

/** [N, groups, channels / groups, pixels]: one matrix for each image and group. */
function matrixShape({ n, groups, outH, outW }: Sizes, channels: number): [number, number, number, number] {
  return [n, groups, channels / groups, outH * outW];
}

/** Sum over images of gradient · windowᵀ. For one image and one group a single Gemm, which needs no transposed copy. */
function product(emit: OnnxEmitter, gradient: string, window: string, { n, groups, k, c, outH, outW }: Sizes): string {
  if (n === 1 && groups === 1) {
    const pixels = outH * outW;
    return emit.node("Gemm", [reshapeTo(emit, gradient, [k, pixels]), reshapeTo(emit, window, [c, pixels])], {
      transB: 1,
    });
  }
  const perImage = emit.node("MatMul", [gradient, emit.node("Transpose", [window], { perm: [0, 1, 3, 2] })]);
  return emit.node("ReduceSum", [perImage, emit.constant(BigInt64Array.of(0n), [1])], { keepdims: 0 });
}

function reshapeTo(emit: OnnxEmitter, name: string, shape: Shape): string {
  return emit.node("Reshape", [name, emit.constant(BigInt64Array.from(shape, BigInt), [shape.length])]);
}

function onnxPad(emit: OnnxEmitter, name: string, { pads }: ConvAttrs): string {
  if (pads.every((count) => count === 0)) return name;
  const [top, left, bottom, right] = pads;
  return emit.node("Pad", [
    name,
    emit.constant(BigInt64Array.from([0, 0, top, left, 0, 0, bottom, right], BigInt), [8]),
  ]);
}

function onnxTap(
  emit: OnnxEmitter,
  padded: string,
  attrs: ConvAttrs,
  row: number,
  column: number,
  sizes: Sizes,
): string {
  const { outH, outW, h, w, r, s } = sizes;
  const [top, left, bottom, right] = attrs.pads;
  if (r === 1 && s === 1 && outH === h + top + bottom && outW === w + left + right) return padded;
  const { starts, ends, steps } = tapWindow(attrs, row, column, outH, outW);
  const pair = (values: readonly number[]) => emit.constant(BigInt64Array.from(values, BigInt), [2]);
  return emit.node("Slice", [padded, pair(starts), pair(ends), pair([2, 3]), pair(steps)]);
}
