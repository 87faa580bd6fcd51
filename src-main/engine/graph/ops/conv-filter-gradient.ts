import { apply, at, mismatch, sameShape } from "../node.ts";
import type { Node, OnnxEmitter, Op, Shape } from "../types.ts";
import { conv } from "./conv.ts";
import {
  type ConvAttrs,
  convSizes,
  isDepthwise,
  onnxConvAttributes,
  type TapWindow,
  taps,
  tapWindow,
} from "./conv-geometry.ts";
import { convInputGradient } from "./conv-input-gradient.ts";
import { onnxMatMul } from "./mat-mul.ts";

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
    if (canShiftGradient(node.attrs, sizes)) return fromShiftedGradient(emit, node.attrs, sizes, x, outGrad);
    return fromWindows(emit, node.attrs, sizes, x, outGrad);
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

/** Tap by tap: the gradient times what the tap read, which is one window of the padded input. */
function fromWindows(emit: OnnxEmitter, attrs: FilterGradientAttrs, sizes: Sizes, x: string, outGrad: string): string {
  const { c, k, r, s, groups } = sizes;
  const padded = onnxPad(emit, x, attrs.pads);
  const windows = taps(r, s).map(([row, column]) => onnxTap(emit, padded, attrs, row, column, sizes));
  const gradient = matrices(emit, outGrad, matrixShape(sizes, k));
  if (windows.length > 1 && groups === 1 && r * s * c <= STACKED_PER_GRADIENT * k) {
    const stacked = emit.node("Concat", windows, { axis: 1 });
    const product = sumOfProducts(emit, gradient, matrices(emit, stacked, matrixShape(sizes, r * s * c)));
    const byTap = reshapeTo(emit, product, [k, r * s, c]);
    return reshapeTo(emit, emit.node("Transpose", [byTap], { perm: [0, 2, 1] }), attrs.weightShape);
  }
  const products = windows.map((window) => {
    return sumOfProducts(emit, gradient, matrices(emit, window, matrixShape(sizes, c)));
  });
  if (products.length === 1) return reshapeTo(emit, at(products, 0), attrs.weightShape);
  const flat = products.map((product) => reshapeTo(emit, product, [1, k * (c / groups)]));
  return tapsLast(emit, emit.node("Concat", flat, { axis: 0 }), attrs.weightShape);
}

/** Windows of all taps together are one product, if they take at most this many times the room of the gradient: a stem. */
const STACKED_PER_GRADIENT = 4;

/** Whether the gradients that all taps meet take no more room than the input: a head of few classes on many channels. */
function canShiftGradient({ strides }: ConvAttrs, { r, s, k, c, groups }: Sizes): boolean {
  return groups === 1 && r * s > 1 && r * s * k <= c && strides.every((stride) => stride === 1);
}

/**
 * At stride 1 a tap may as well read the input where it is and meet the gradient shifted the other way. All taps' gradients
 * are then one matrix, and the many channels of the input are read once instead of once for each tap.
 */
function fromShiftedGradient(
  emit: OnnxEmitter,
  { dilations, pads: [top, left, bottom, right], weightShape }: FilterGradientAttrs,
  { n, c, h, w, k, r, s }: Sizes,
  x: string,
  outGrad: string,
): string {
  const [reachH, reachW] = [dilations[0] * (r - 1), dilations[1] * (s - 1)];
  const padded = onnxPad(emit, outGrad, [reachH - top, reachW - left, reachH - bottom, reachW - right]);
  const shifted = taps(r, s).map(([row, column]) => {
    const starts: [number, number] = [reachH - row * dilations[0], reachW - column * dilations[1]];
    return onnxSlice(emit, padded, { starts, ends: [starts[0] + h, starts[1] + w], steps: [1, 1] });
  });
  const gradients = matrices(emit, emit.node("Concat", shifted, { axis: 1 }), [n, r * s * k, h * w]);
  const product = sumOfProducts(emit, gradients, matrices(emit, x, [n, c, h * w]));
  return tapsLast(emit, reshapeTo(emit, product, [r * s, k * c]), weightShape);
}

/** From [R·S, K·C / groups], as taps come, to the weight's [K, C / groups, R, S]. */
function tapsLast(emit: OnnxEmitter, name: string, weightShape: Shape): string {
  return reshapeTo(emit, emit.node("Transpose", [name], { perm: [1, 0] }), weightShape);
}

/** A value seen as matrices: its last two axes. */
interface Matrices {
  readonly name: string;
  readonly shape: Shape;
}

function matrices(emit: OnnxEmitter, name: string, shape: Shape): Matrices {
  return { name: reshapeTo(emit, name, shape), shape };
}

/** Sum over the first axis, the images, of gradient · windowᵀ. */
function sumOfProducts(emit: OnnxEmitter, gradient: Matrices, window: Matrices): string {
  if (gradient.shape.slice(0, -2).every((size) => size === 1)) {
    const operands = [gradient, window].map(({ name, shape }) => reshapeTo(emit, name, shape.slice(-2)));
    return emit.node("Gemm", operands, { transB: 1 });
  }
  const factor = ({ name, shape }: Matrices) => ({ name, rank: shape.length });
  const perImage = onnxMatMul(emit, factor(gradient), { ...factor(window), isTransposed: true });
  return emit.node("ReduceSum", [perImage, emit.constant(BigInt64Array.of(0n), [1])], { keepdims: 0 });
}

function reshapeTo(emit: OnnxEmitter, name: string, shape: Shape): string {
  return emit.node("Reshape", [name, emit.constant(BigInt64Array.from(shape, BigInt), [shape.length])]);
}

/** Zeros around; a negative count crops. */
function onnxPad(emit: OnnxEmitter, name: string, pads: ConvAttrs["pads"]): string {
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
  return onnxSlice(emit, padded, tapWindow(attrs, row, column, outH, outW));
}

function onnxSlice(emit: OnnxEmitter, name: string, { starts, ends, steps }: TapWindow): string {
  const pair = (values: readonly number[]) => emit.constant(BigInt64Array.from(values, BigInt), [2]);
  return emit.node("Slice", [name, pair(starts), pair(ends), pair([2, 3]), pair(steps)]);
}
