// Operators of layers: convolutions, matrix products, poolings and normalisations.
import { at, elementCount } from "../../../graph/node.ts";
import { add } from "../../../graph/ops/add.ts";
import { channelAffine } from "../../../graph/ops/channel-affine.ts";
import { constant, scalar } from "../../../graph/ops/constant.ts";
import { conv } from "../../../graph/ops/conv.ts";
import { convInputGradient } from "../../../graph/ops/conv-input-gradient.ts";
import { div } from "../../../graph/ops/div.ts";
import { layerNorm } from "../../../graph/ops/layer-norm.ts";
import { matMul } from "../../../graph/ops/mat-mul.ts";
import { maxPool } from "../../../graph/ops/max-pool.ts";
import { mul } from "../../../graph/ops/mul.ts";
import { reduceMax } from "../../../graph/ops/reduce-max.ts";
import { reduceMean } from "../../../graph/ops/reduce-mean.ts";
import { reshape } from "../../../graph/ops/reshape.ts";
import { sqrt } from "../../../graph/ops/sqrt.ts";
import { sub } from "../../../graph/ops/sub.ts";
import { transpose } from "../../../graph/ops/transpose.ts";
import type { Node } from "../../../graph/types.ts";
import { normLayerOf } from "../norm-layer.ts";
import type { Operator, OperatorCall } from "../operator-call.ts";
import { live } from "../value.ts";
import { windowCount, windowsOf } from "../windows.ts";

/** One number a channel, against [N, C, …]. */
function perChannel(x: Node, rank: number): Node {
  return reshape(x, [1, elementCount(x.shape), ...Array.from({ length: rank - 2 }, () => 1)]);
}

function withBias(call: OperatorCall, x: Node): Node {
  return call.has(2) ? add(x, perChannel(call.live(2), x.shape.length)) : x;
}

const convOf: Operator = (call) => {
  const [, , ...kernel] = call.shape(1);
  const { strides, pads, dilations } = windowsOf(call, kernel);
  const groups = call.number("group", 1);
  return [live(withBias(call, conv(call.live(0), call.live(1), { strides, pads, dilations, groups })))];
};

/** What the gradient of a convolution with respect to its input is. */
const convTranspose: Operator = (call) => {
  const [n = 1, , h = 1, w = 1] = call.shape(0);
  const [, outputs = 1, ...kernel] = call.shape(1);
  const windows = windowsOf(call, kernel);
  const { strides, dilations, pads } = windows;
  const groups = call.number("group", 1);
  if (call.text("auto_pad", "NOTSET").startsWith("SAME") || call.list("output_shape", undefined) !== undefined) {
    throw call.refusal("asks for its own padding of a transposed convolution");
  }
  const [moreH = 0, moreW = 0] = call.list("output_padding", [0, 0]);
  const height = strides[0] * (h - 1) + moreH + dilations[0] * (windows.kernel[0] - 1) + 1 - pads[0] - pads[2];
  const width = strides[1] * (w - 1) + moreW + dilations[1] * (windows.kernel[1] - 1) + 1 - pads[1] - pads[3];
  const shape = [n, outputs * groups, height, width];
  const x = convInputGradient(call.live(0), call.live(1), shape, { strides, pads, dilations, groups });
  return [live(withBias(call, x))];
};

const matMulOf: Operator = (call) => {
  const [a, b] = [call.live(0), call.live(1)];
  if (a.shape.length < 2 || b.shape.length < 2) throw call.refusal("multiplies by a single row");
  return [live(matMul(a, b))];
};

const gemm: Operator = (call) => {
  const [alpha, beta] = [call.number("alpha", 1), call.number("beta", 1)];
  const product = matMul(call.live(0), call.live(1), call.number("transA", 0) === 1, call.number("transB", 0) === 1);
  const scaled = alpha === 1 ? product : mul(product, scalar(alpha));
  if (!call.has(2)) return [live(scaled)];
  return [live(add(scaled, beta === 1 ? call.live(2) : mul(call.live(2), scalar(beta))))];
};

const maxPoolOf: Operator = (call) => {
  const { kernel, strides, pads, dilations } = windowsOf(call);
  if (dilations.some((step) => step !== 1)) throw call.refusal("pools with dilation");
  if ((call.node.outputs[1] ?? "") !== "") throw call.refusal("asks where the largest values are");
  return [live(maxPool(call.live(0), { kernel, strides, pads, ceilMode: call.number("ceil_mode", 0) === 1 }))];
};

/** Along one axis at a time, which a mean allows: as the matrix of its windows. */
const averagePool: Operator = (call) => {
  const windows = windowsOf(call);
  const [, , h = 1, w = 1] = call.shape(0);
  const x = call.live(0);
  if (windows.kernel[0] === h && windows.kernel[1] === w && windows.pads.every((pad) => pad === 0)) {
    return [live(reduceMean(x, [2, 3], true))];
  }
  const countsPads = call.number("count_include_pad", 0) === 1;
  const ceilMode = call.number("ceil_mode", 0) === 1;
  const line = (size: number, axis: 0 | 1): Node => {
    const outputs = windowCount(size, axis, windows, ceilMode);
    const [stride, dilation, kernel] = [windows.strides[axis], windows.dilations[axis], windows.kernel[axis]];
    const [before, after] = [windows.pads[axis], windows.pads[axis === 0 ? 2 : 3]];
    const matrix = new Float32Array(outputs * size);
    for (let row = 0; row < outputs; row += 1) {
      const places = Array.from({ length: kernel }, (_, tap) => row * stride - before + tap * dilation);
      const inside = places.filter((place) => place >= 0 && place < size);
      // A last window of ceil mode may reach behind the padding, which never counts.
      const counted = countsPads ? places.filter((place) => place < size + after) : inside;
      for (const place of inside) matrix[row * size + place] = 1 / counted.length;
    }
    return constant(matrix, [outputs, size]);
  };
  return [live(matMul(line(h, 0), matMul(x, line(w, 1), false, true)))];
};

/** Over all axes of pixels. */
const pixelAxes = (call: OperatorCall): number[] => [...call.shape(0).keys()].slice(2);

/** (x − mean) / sqrt(variance + epsilon) over these axes. */
function normalized(x: Node, axes: readonly number[], epsilon: number): Node {
  const centred = sub(x, reduceMean(x, axes, true));
  return div(centred, sqrt(add(reduceMean(mul(centred, centred), axes, true), scalar(epsilon))));
}

/**
 * With its running statistics as in inference. Where weights and statistics stand in the file it is a layer of the network, whose
 * statistics can be mixed with the image's own.
 */
const batchNormalization: Operator = (call) => {
  const layer = normLayerOf(call);
  const x = call.live(0);
  if (layer !== null && x.shape.length === 4) return [live(call.scope.normalize(x, layer.name))];
  const scale = div(call.live(1), sqrt(add(call.live(4), scalar(call.number("epsilon", 1e-5)))));
  const shift = sub(call.live(2), mul(call.live(3), scale));
  const maps =
    x.shape.length === 4 ? x : reshape(x, [at(x.shape, 0), at(x.shape, 1), elementCount(x.shape.slice(2)), 1]);
  return [live(reshape(channelAffine(maps, scale, shift), x.shape))];
};

const instanceNormalization: Operator = (call) => {
  const x = normalized(call.live(0), pixelAxes(call), call.number("epsilon", 1e-5));
  const rank = x.shape.length;
  return [live(add(mul(x, perChannel(call.live(1), rank)), perChannel(call.live(2), rank)))];
};

/** Weights are one a group in operator set 18, and one a channel from 21 on. */
const groupNormalization: Operator = (call) => {
  const x = call.live(0);
  const [n, c] = [at(x.shape, 0), at(x.shape, 1)];
  const groups = call.number("num_groups", 1);
  const grouped = reshape(x, [n, groups, elementCount(x.shape) / n / groups]);
  const whole = reshape(normalized(grouped, [2], call.number("epsilon", 1e-5)), x.shape);
  const each = (k: number): Node => {
    const given = call.live(k);
    if (elementCount(given.shape) === c) return perChannel(given, x.shape.length);
    const repeated = matMul(
      reshape(given, [groups, 1]),
      constant(new Float32Array(c / groups).fill(1), [1, c / groups]),
    );
    return perChannel(repeated, x.shape.length);
  };
  return [live(add(mul(whole, each(1)), each(2)))];
};

const layerNormalization: Operator = (call) => {
  const x = call.live(0);
  const axis = call.axis(call.number("axis", -1), x.shape.length);
  const epsilon = call.number("epsilon", 1e-5);
  if (axis === x.shape.length - 1 && call.has(2)) return [live(layerNorm(x, call.live(1), call.live(2), epsilon))];
  const axes = [...x.shape.keys()].slice(axis);
  const scaled = mul(normalized(x, axes, epsilon), call.live(1));
  return [live(call.has(2) ? add(scaled, call.live(2)) : scaled)];
};

/** Products over named axes: as many as there are of each kind, put in order and multiplied as matrices. */
const einsum: Operator = (call) => {
  const [from = "", to] = call.text("equation", "").replaceAll(" ", "").split("->");
  const [left, right, ...more] = from.split(",");
  if (left === undefined || right === undefined || to === undefined || more.length > 0 || /\./.test(from)) {
    throw call.refusal(`computes "${call.text("equation", "")}"`);
  }
  const shared = [...left].filter((letter) => right.includes(letter) && to.includes(letter));
  const summed = [...left].filter((letter) => right.includes(letter) && !to.includes(letter));
  const rows = [...left].filter((letter) => !right.includes(letter));
  const columns = [...right].filter((letter) => !left.includes(letter));
  const [a, b] = [call.live(0), call.live(1)];
  const sizes = new Map([
    ...[...left].map((l, k) => [l, at(a.shape, k)] as const),
    ...[...right].map((l, k) => [l, at(b.shape, k)] as const),
  ]);
  const count = (letters: readonly string[]): number => elementCount(letters.map((letter) => sizes.get(letter) ?? 1));
  if (rows.some((l) => !to.includes(l)) || columns.some((l) => !to.includes(l)))
    throw call.refusal("sums a factor alone");
  const ordered = (x: Node, letters: string, order: readonly string[]): Node =>
    transpose(
      x,
      order.map((l) => letters.indexOf(l)),
    );
  const first = reshape(ordered(a, left, [...shared, ...rows, ...summed]), [count(shared), count(rows), count(summed)]);
  const second = reshape(ordered(b, right, [...shared, ...summed, ...columns]), [
    count(shared),
    count(summed),
    count(columns),
  ]);
  const letters = [...shared, ...rows, ...columns];
  const product = reshape(
    matMul(first, second),
    letters.map((letter) => sizes.get(letter) ?? 1),
  );
  return [
    live(
      transpose(
        product,
        [...to].map((letter) => letters.indexOf(letter)),
      ),
    ),
  ];
};

export const LAYERS: Readonly<Record<string, Operator>> = {
  Conv: convOf,
  ConvTranspose: convTranspose,
  MatMul: matMulOf,
  Gemm: gemm,
  Einsum: einsum,
  MaxPool: maxPoolOf,
  AveragePool: averagePool,
  GlobalAveragePool: (call) => [live(reduceMean(call.live(0), pixelAxes(call), true))],
  GlobalMaxPool: (call) => [live(reduceMax(call.live(0), pixelAxes(call), true))],
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
  LayerNormalization: layerNormalization,
};
