// Gradient of a convolution with respect to its input: the transposed convolution.
import type { Tensor } from "@tensorflow/tfjs";
import { apply, at, elementCount, mismatch, sameShape } from "../node.ts";
import type { Node, OnnxEmitter, Op, PerInput, Shape, Tfjs } from "../types.ts";
import { conv } from "./conv.ts";
import { convFilterGradient } from "./conv-filter-gradient.ts";
import {
  type ConvAttrs,
  convSizes,
  isDepthwise,
  onnxConvAttributes,
  tfjsConvGroup,
  tfjsGroups,
} from "./conv-geometry.ts";

type InputGradientAttrs = ConvAttrs & { readonly inputShape: Shape };

export const convInputGradientOp: Op<InputGradientAttrs, ["outGrad", "weight"]> = {
  name: "convInputGradient",
  infer: (attrs, [outGrad, weight]) => {
    const { n, k, outH, outW } = convSizes(
      "convInputGradient",
      attrs,
      { shape: attrs.inputShape, dtype: "float32" },
      weight.shape,
    );
    if (!sameShape(outGrad.shape, [n, k, outH, outW])) {
      throw mismatch(
        "convInputGradient",
        `gradient [${outGrad.shape}] is not of the result's shape [${[n, k, outH, outW]}]`,
      );
    }
    return { shape: attrs.inputShape, dtype: "float32" };
  },
  gradient: (node, upstream) => {
    const [outGrad, weight] = node.inputs;
    return [conv(upstream, weight, node.attrs), convFilterGradient(upstream, outGrad, weight.shape, node.attrs)];
  },
  onnx: (emit, node, inputs) => {
    if (isPointwise(node)) return pointwise(emit, node, inputs);
    if (isConvOfFlippedKernel(node)) return convOfFlippedKernel(emit, node, inputs);
    return transposedConv(emit, node, inputs);
  },
  tfjs: (tf, node, [outGrad, weight]) =>
    tf.tidy(() => {
      const gradients = tfjsGroups(tf, outGrad, node.attrs.groups, 1);
      const filters = tfjsGroups(tf, weight, node.attrs.groups, 0);
      return tf.concat(
        gradients.map((gradient, group) => tfjsGroup(tf, gradient, at(filters, group), node.attrs)),
        1,
      );
    }),
};

/**
 * Gradient of `conv(x, weight, attrs)` with respect to x.
 *
 * @param outGrad     float32 [N, K, H', W'], gradient of the result
 * @param weight      float32 [K, C / groups, R, S]
 * @param inputShape  [N, C, H, W], the shape of x
 * @returns           float32 [N, C, H, W]
 */
export function convInputGradient(outGrad: Node, weight: Node, inputShape: Shape, attrs: ConvAttrs): Node {
  const { strides, pads, dilations, groups } = attrs;
  return apply(convInputGradientOp, { strides, pads, dilations, groups, inputShape }, [outGrad, weight]);
}

type InputGradientNode = Node<InputGradientAttrs, ["outGrad", "weight"]>;
type InputGradientValues = PerInput<string, ["outGrad", "weight"]>;

function isPointwise({ attrs, inputs }: InputGradientNode): boolean {
  const [, , r, s] = inputs[1].shape;
  const { strides, pads, groups, inputShape } = attrs;
  return (
    r === 1 &&
    s === 1 &&
    groups === 1 &&
    inputShape[0] === 1 &&
    strides.every((k) => k === 1) &&
    pads.every((p) => p === 0)
  );
}

/** A 1x1 convolution of one image is a matrix product, and so is its gradient: Wᵀ [C, K] · outGrad [K, H·W]. */
function pointwise(emit: OnnxEmitter, node: InputGradientNode, [outGrad, weight]: InputGradientValues): string {
  const [k, c] = node.inputs[1].shape as [number, number];
  const shaped = (name: string, shape: Shape) =>
    emit.node("Reshape", [name, emit.constant(BigInt64Array.from(shape, BigInt), [shape.length])]);
  const pixels = elementCount(node.shape) / c;
  const product = emit.node("Gemm", [shaped(weight, [k, c]), shaped(outGrad, [k, pixels])], { transA: 1 });
  return shaped(product, node.shape);
}

function isConvOfFlippedKernel({ attrs, inputs }: InputGradientNode): boolean {
  return (
    attrs.strides.every((k) => k === 1) &&
    (attrs.groups === 1 || isDepthwise(attrs, inputs[1].shape)) &&
    flippedPads(attrs, inputs[1].shape).every((p) => p >= 0)
  );
}

/**
 * At stride 1 the gradient is itself a convolution, with the kernel turned by 180° and its channel axes swapped; a depthwise one
 * has a single pair of channels each.
 */
function convOfFlippedKernel(
  emit: OnnxEmitter,
  node: InputGradientNode,
  [outGrad, weight]: InputGradientValues,
): string {
  const [, , r, s] = node.inputs[1].shape as [number, number, number, number];
  const swapped = node.attrs.groups > 1 ? weight : emit.node("Transpose", [weight], { perm: [1, 0, 2, 3] });
  const attributes = onnxConvAttributes({ ...node.attrs, pads: flippedPads(node.attrs, [0, 0, r, s]) }, [r, s]);
  return emit.node("Conv", [outGrad, r === 1 && s === 1 ? swapped : flipped(emit, swapped)], attributes);
}

/** Turns the kernel by 180°: both spatial axes back to front. */
function flipped(emit: OnnxEmitter, name: string): string {
  const pair = (value: bigint) => emit.constant(BigInt64Array.of(value, value), [2]);
  const axes = emit.constant(BigInt64Array.of(2n, 3n), [2]);
  return emit.node("Slice", [name, pair(-1n), pair(-(2n ** 62n)), axes, pair(-1n)]);
}

function flippedPads({ pads, dilations }: ConvAttrs, weightShape: Shape): [number, number, number, number] {
  const [, , r = 1, s = 1] = weightShape;
  const [reachH, reachW] = [dilations[0] * (r - 1), dilations[1] * (s - 1)];
  const [top, left, bottom, right] = pads;
  return [reachH - top, reachW - left, reachH - bottom, reachW - right];
}

function transposedConv(emit: OnnxEmitter, node: InputGradientNode, inputs: InputGradientValues): string {
  const [, , r, s] = node.inputs[1].shape as [number, number, number, number];
  const [restH, restW] = uncoveredPixels(node.attrs, [r, s]);
  return emit.node("ConvTranspose", inputs, {
    ...onnxConvAttributes(node.attrs, [r, s]),
    output_padding: [restH, restW],
  });
}

/** Input pixels at the bottom and right that no window reached, because the stride did not divide the size. */
function uncoveredPixels(attrs: InputGradientAttrs, kernel: readonly [number, number]): [number, number] {
  const [, , h = 1, w = 1] = attrs.inputShape;
  const [top, left, bottom, right] = attrs.pads;
  const rest = (size: number, reach: number, stride: number) => (size - reach - 1) % stride;
  return [
    rest(h + top + bottom, attrs.dilations[0] * (kernel[0] - 1), attrs.strides[0]),
    rest(w + left + right, attrs.dilations[1] * (kernel[1] - 1), attrs.strides[1]),
  ];
}

/** One group in TensorFlow.js: zeros between the gradient's pixels undo the stride, then a convolution of the flipped kernel. */
function tfjsGroup(tf: Tfjs, outGrad: Tensor, weight: Tensor, attrs: InputGradientAttrs): Tensor {
  const [, , r, s] = weight.shape as [number, number, number, number];
  const [reachH, reachW] = [attrs.dilations[0] * (r - 1), attrs.dilations[1] * (s - 1)];
  const [restH, restW] = uncoveredPixels(attrs, [r, s]);
  const [top, left] = attrs.pads;
  const [, , h, w] = attrs.inputShape as [number, number, number, number];
  const spread = spreadAxis(tf, spreadAxis(tf, outGrad, 2, attrs.strides[0]), 3, attrs.strides[1]);
  const padded = tf.pad(spread, [
    [0, 0],
    [0, 0],
    [reachH, reachH + restH],
    [reachW, reachW + restW],
  ]);
  const kernel = tf.reverse(tf.transpose(weight, [1, 0, 2, 3]), [2, 3]);
  const full = tfjsConvGroup(tf, padded, kernel, {
    strides: [1, 1],
    pads: [0, 0, 0, 0],
    dilations: attrs.dilations,
    groups: 1,
  });
  return tf.slice(full, [0, 0, top, left], [full.shape[0] ?? 1, full.shape[1] ?? 1, h, w]);
}

/** Puts stride − 1 zeros between neighbours along an axis. */
function spreadAxis(tf: Tfjs, x: Tensor, axis: number, stride: number): Tensor {
  if (stride === 1) return x;
  const size = at(x.shape, axis);
  const column = tf.expandDims(x, axis + 1);
  const counts = column.shape.map((_, k): [number, number] => (k === axis + 1 ? [0, stride - 1] : [0, 0]));
  const spread = tf.reshape(tf.pad(column, counts), x.shape.with(axis, size * stride));
  return tf.slice(
    spread,
    x.shape.map(() => 0),
    spread.shape.with(axis, (size - 1) * stride + 1),
  );
}
