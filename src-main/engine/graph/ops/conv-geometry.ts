// What the convolution ops share: attributes, output sizes, and the taps of a kernel as slices of the padded input.
import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { mismatch, nchw } from "../node.ts";
import type { Shape, TensorType, Tfjs } from "../types.ts";

/** Pads are zeros, in pixels: [top, left, bottom, right]. Strides and dilations are [vertical, horizontal]. */
export type ConvAttrs = {
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  readonly dilations: readonly [number, number];
  readonly groups: number;
};

/** Output height and width: floor((size + pads − dilation·(kernel − 1) − 1) / stride) + 1. */
export function convOutputSize(
  op: string,
  input: [number, number],
  kernel: [number, number],
  attrs: ConvAttrs,
): [number, number] {
  const [top, left, bottom, right] = attrs.pads;
  const height = windowCount(input[0] + top + bottom, kernel[0], attrs.strides[0], attrs.dilations[0]);
  const width = windowCount(input[1] + left + right, kernel[1], attrs.strides[1], attrs.dilations[1]);
  if (height < 1 || width < 1)
    throw mismatch(op, `an input of ${input[1]}x${input[0]} pixels is smaller than the kernel`);
  return [height, width];
}

function windowCount(size: number, kernel: number, stride: number, dilation: number): number {
  return Math.floor((size - dilation * (kernel - 1) - 1) / stride) + 1;
}

/** Sizes of a convolution, checked against each other. */
export function convSizes(op: string, attrs: ConvAttrs, x: TensorType, weightShape: Shape) {
  const [n, c, h, w] = nchw(op, x);
  const [k, channelsPerGroup, r, s] = nchw(op, { shape: weightShape, dtype: "float32" });
  if (c !== attrs.groups * channelsPerGroup) {
    throw mismatch(op, `input has ${c} channels, weight expects ${channelsPerGroup} (groups ${attrs.groups})`);
  }
  if (k % attrs.groups !== 0) throw mismatch(op, `${k} output channels do not divide into ${attrs.groups} groups`);
  const [outH, outW] = convOutputSize(op, [h, w], [r, s], attrs);
  return { n, c, h, w, k, r, s, outH, outW, groups: attrs.groups };
}

/** What a tap reads of a padded map: start, end and step for height and width. */
export interface TapWindow {
  readonly starts: readonly [number, number];
  readonly ends: readonly [number, number];
  readonly steps: readonly [number, number];
}

/** Where tap (row, column) of a kernel reads in the padded input. */
export function tapWindow(attrs: ConvAttrs, row: number, column: number, outH: number, outW: number): TapWindow {
  const [top, left] = [row * attrs.dilations[0], column * attrs.dilations[1]];
  return {
    starts: [top, left],
    ends: [top + (outH - 1) * attrs.strides[0] + 1, left + (outW - 1) * attrs.strides[1] + 1],
    steps: attrs.strides,
  };
}

/** Each tap's row and column, row by row. */
export function taps(r: number, s: number): [row: number, column: number][] {
  return Array.from({ length: r * s }, (_, k) => [Math.floor(k / s), k % s]);
}

/** Whether each channel is convolved by itself, into one. @param weight  [K, C / groups, R, S] */
export function isDepthwise({ groups }: ConvAttrs, weight: Shape): boolean {
  return groups > 1 && weight[0] === groups && weight[1] === 1;
}

export function onnxConvAttributes(attrs: ConvAttrs, kernel: readonly [number, number]) {
  return {
    strides: attrs.strides,
    pads: attrs.pads,
    dilations: attrs.dilations,
    group: attrs.groups,
    kernel_shape: kernel,
  };
}

/** The groups of a tensor along an axis; a lone group is the tensor itself, which saves a copy. */
export function tfjsGroups(tf: Tfjs, x: Tensor, groups: number, axis: number): Tensor[] {
  return groups === 1 ? [x] : tf.split(x, groups, axis);
}

/** Convolution of one group in TensorFlow.js, which wants NHWC and refuses stride with dilation: it strides afterwards. */
export function tfjsConvGroup(tf: Tfjs, x: Tensor, weight: Tensor, attrs: ConvAttrs): Tensor {
  const [top, left, bottom, right] = attrs.pads;
  const image = tf.pad(tf.transpose(x, [0, 2, 3, 1]) as Tensor4D, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const filter = tf.transpose(weight, [2, 3, 1, 0]) as Tensor4D;
  const isDilated = attrs.dilations.some((dilation) => dilation > 1);
  const strides = isDilated ? ([1, 1] as [number, number]) : ([...attrs.strides] as [number, number]);
  const dense = tf.conv2d(image, filter, strides, "valid", "NHWC", [...attrs.dilations] as [number, number]);
  const strided = isDilated ? tf.stridedSlice(dense, [0, 0, 0, 0], dense.shape, [1, ...attrs.strides, 1]) : dense;
  return tf.transpose(strided, [0, 3, 1, 2]);
}
