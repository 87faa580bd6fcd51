// Operators that move elements and compute with none: on numbers that are known, and in our graph.
import { AppError } from "../../../../../src-shared/contract/errors.ts";
import { nodeText } from "../../../checkpoints/onnx/onnx-model.ts";
import { at, broadcastShape, elementCount } from "../../../graph/node.ts";
import { add } from "../../../graph/ops/add.ts";
import { concat } from "../../../graph/ops/concat.ts";
import { scalar } from "../../../graph/ops/constant.ts";
import { expand } from "../../../graph/ops/expand.ts";
import { pad } from "../../../graph/ops/pad.ts";
import { reshape } from "../../../graph/ops/reshape.ts";
import { slice } from "../../../graph/ops/slice.ts";
import { sub } from "../../../graph/ops/sub.ts";
import { transpose } from "../../../graph/ops/transpose.ts";
import type { Node, Shape } from "../../../graph/types.ts";
import type { Operator, OperatorCall } from "../operator-call.ts";
import { selectAlong } from "../select.ts";
import { type Known, known, knownTensor, live, type Value } from "../value.ts";
import { broadcastIndex } from "./arithmetic.ts";

/** Data types of the standard that are floats, by number. */
const FLOAT_TYPES: readonly number[] = [1, 10, 11, 16];

/** A value under another shape of as many elements. */
function reshaped(call: OperatorCall, value: Value, shape: Shape): Value {
  if (elementCount(shape) !== elementCount(call.shape(0))) {
    throw new AppError(
      "image.size",
      `The node ${nodeText(call.node)} makes [${shape.join(", ")}] of [${call.shape(0).join(", ")}], so the network does not take images ` +
        "of this size; give it the size that it was exported for, or export it with open sizes.",
    );
  }
  return value.kind === "known" ? { ...value, shape } : live(reshape(call.nodeOf(value), shape));
}

const reshapeTo: Operator = (call) => {
  const from = call.shape(0);
  const copies = call.number("allowzero", 0) === 0;
  const sizes = (call.numbersAt(1, "shape") ?? []).map((size, axis) =>
    size === 0 && copies ? (from[axis] ?? 0) : size,
  );
  const given = elementCount(sizes.filter((size) => size !== -1));
  const rest = given === 0 ? 0 : elementCount(from) / given;
  const images = from[0] ?? 1;
  // Exported for one image, and given several.
  const isForOne = sizes[0] === 1 && images > 1 && !sizes.includes(-1) && given * images === elementCount(from);
  if (isForOne) return [reshaped(call, call.value(0), sizes.with(0, images))];
  return [
    reshaped(
      call,
      call.value(0),
      sizes.map((size) => (size === -1 ? rest : size)),
    ),
  ];
};

const flatten: Operator = (call) => {
  const from = call.shape(0);
  const axis = call.number("axis", 1);
  const front = axis < 0 ? axis + from.length : axis;
  return [reshaped(call, call.value(0), [elementCount(from.slice(0, front)), elementCount(from.slice(front))])];
};

const squeeze: Operator = (call) => {
  const from = call.shape(0);
  const axes = call.numbersAt(1, "axes")?.map((axis) => call.axis(axis, from.length));
  const shape = from.filter((size, axis) => (axes === undefined ? size !== 1 : !axes.includes(axis)));
  return [reshaped(call, call.value(0), shape)];
};

const unsqueeze: Operator = (call) => {
  const from = call.shape(0);
  const given = call.numbersAt(1, "axes") ?? [];
  const axes = given.map((axis) => call.axis(axis, from.length + given.length)).toSorted((a, b) => a - b);
  const shape = axes.reduce<readonly number[]>((sizes, axis) => sizes.toSpliced(axis, 0, 1), from);
  return [reshaped(call, call.value(0), shape)];
};

/** Known numbers in another order: where the k-th of the result is in the source. */
function picked(value: Known, shape: Shape, source: (k: number) => number): Known {
  const data = Float64Array.from({ length: elementCount(shape) }, (_, k) => value.data[source(k)] ?? 0);
  return { ...value, shape, data };
}

/** The elements of one axis in the order of `indices`. */
function selected(call: OperatorCall, value: Value, axis: number, indices: readonly number[]): Value {
  if (value.kind !== "known") return live(selectAlong(call.nodeOf(value), axis, indices));
  const size = at(value.shape, axis);
  const inner = elementCount(value.shape.slice(axis + 1));
  return picked(value, value.shape.with(axis, indices.length), (k) => {
    const [outer, rest] = [Math.floor(k / (indices.length * inner)), k % (indices.length * inner)];
    return (outer * size + (indices[Math.floor(rest / inner)] ?? 0)) * inner + (rest % inner);
  });
}

const gather: Operator = (call) => {
  const from = call.shape(0);
  const axis = call.axis(call.number("axis", 0), from.length);
  const size = at(from, axis);
  const wanted = call.known(1);
  const indices = [...wanted.data].map((index) => (index < 0 ? index + size : index));
  if (indices.some((index) => index < 0 || index >= size)) throw call.refusal(`picks outside an axis of ${size}`);
  const flat = selected(call, call.value(0), axis, indices);
  const shape = [...from.slice(0, axis), ...wanted.shape, ...from.slice(axis + 1)];
  return [flat.kind === "known" ? { ...flat, shape } : live(reshape(call.nodeOf(flat), shape))];
};

/** Places of several axes at once: as places of one, of all elements that those axes have together. */
const gatherNd: Operator = (call) => {
  if (call.number("batch_dims", 0) !== 0) throw call.refusal("picks image by image");
  const from = call.shape(0);
  const places = call.known(1);
  const count = at(places.shape, -1);
  const [sizes, kept] = [from.slice(0, count), from.slice(count)];
  const indices = Array.from({ length: places.data.length / count }, (_, row) =>
    sizes.reduce((index, size, axis) => {
      const place = places.data[row * count + axis] ?? 0;
      if (place < -size || place >= size) throw call.refusal(`picks outside an axis of ${size}`);
      return index * size + (place < 0 ? place + size : place);
    }, 0),
  );
  const flat = reshaped(call, call.value(0), [elementCount(sizes), ...kept]);
  const chosen = selected(call, flat, 0, indices);
  const shape = [...places.shape.slice(0, -1), ...kept];
  return [chosen.kind === "known" ? { ...chosen, shape } : live(reshape(call.nodeOf(chosen), shape))];
};

const sliceOf: Operator = (call) => {
  const from = call.shape(0);
  const starts = call.numbersAt(1, "starts") ?? [];
  const ends = call.numbersAt(2, "ends") ?? [];
  const axes = call.numbersAt(3, "axes") ?? starts.map((_, k) => k);
  const steps = call.has(4) ? call.numbers(4) : starts.map(() => 1);
  return [
    axes.reduce<Value>((value, one, k) => {
      const axis = call.axis(one, from.length);
      const indices = sliceIndices(at(from, axis), starts[k] ?? 0, ends[k] ?? 0, steps[k] ?? 1);
      if (indices.length === 0) throw call.refusal("leaves nothing of an image of this size");
      return indices.length === at(from, axis) && indices[0] === 0 ? value : selected(call, value, axis, indices);
    }, call.value(0)),
  ];
};

/** As NumPy slices: negative places count from the end, and what lies outside is cut. */
function sliceIndices(size: number, start: number, end: number, step: number): number[] {
  const counted = (place: number): number => (place < 0 ? place + size : place);
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (place: number): number => Math.min(Math.max(place, low), high);
  const [first, last] = [clamp(counted(start)), clamp(counted(end))];
  const indices: number[] = [];
  for (let index = first; step > 0 ? index < last : index > last; index += step) indices.push(index);
  return indices;
}

const concatOf: Operator = (call) => {
  const values = call.inputs.map((_, k) => call.value(k));
  const axis = call.axis(call.number("axis", 0), call.shape(0).length);
  if (!values.every((value) => value.kind === "known"))
    return [
      live(
        concat(
          values.map((value) => call.nodeOf(value)),
          axis,
        ),
      ),
    ];
  const sizes = values.map((value) => at(value.shape, axis));
  const shape = call.shape(0).with(
    axis,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  const inner = elementCount(shape.slice(axis + 1));
  const outer = elementCount(shape.slice(0, axis));
  const data = Array.from({ length: outer }, (_, row) =>
    values.flatMap((value, k) => {
      const width = (sizes[k] ?? 0) * inner;
      return [...value.data.subarray(row * width, (row + 1) * width)];
    }),
  ).flat();
  return [
    known(
      data,
      shape,
      values.some(({ isFloat }) => isFloat),
    ),
  ];
};

const split: Operator = (call) => {
  const from = call.shape(0);
  const axis = call.axis(call.number("axis", 0), from.length);
  const size = at(from, axis);
  const count = call.number("num_outputs", call.node.outputs.length);
  const width = Math.ceil(size / count);
  const sizes =
    call.numbersAt(1, "split") ?? Array.from({ length: count }, (_, k) => Math.min(width, size - k * width));
  let start = 0;
  return sizes.map((length) => {
    const indices = Array.from({ length }, (_, k) => start + k);
    start += length;
    return selected(call, call.value(0), axis, indices);
  });
};

const transposeOf: Operator = (call) => {
  const from = call.shape(0);
  const perm = call.list("perm", undefined) ?? from.map((_, axis) => from.length - 1 - axis);
  const value = call.value(0);
  if (value.kind !== "known") return [live(transpose(call.live(0), perm))];
  const strides = from.map((_, axis) => elementCount(from.slice(axis + 1)));
  const shape = perm.map((axis) => at(from, axis));
  return [
    picked(value, shape, (k) => {
      let [rest, index] = [k, 0];
      for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
        index += (rest % at(shape, axis)) * at(strides, at(perm, axis));
        rest = Math.floor(rest / at(shape, axis));
      }
      return index;
    }),
  ];
};

function expanded(call: OperatorCall, value: Value, shape: Shape): Value {
  if (value.kind !== "known") return live(expand(call.nodeOf(value), shape));
  return picked(value, shape, broadcastIndex(value.shape, shape));
}

const expandTo: Operator = (call) => [
  expanded(call, call.value(0), broadcastShape("Expand", call.shape(0), call.numbers(1))),
];

const tile: Operator = (call) => {
  const repeats = call.numbers(1);
  return [
    call.shape(0).reduce<Value>((value, size, axis) => {
      const times = repeats[axis] ?? 1;
      const indices = Array.from({ length: size * times }, (_, k) => k % size);
      return times === 1 ? value : selected(call, value, axis, indices);
    }, call.value(0)),
  ];
};

const padOf: Operator = (call) => {
  const from = call.shape(0);
  const mode = call.text("mode", "constant");
  const given = call.numbersAt(1, "pads") ?? [];
  const axes = (call.has(3) ? call.numbers(3) : [...from.keys()]).map((axis) => call.axis(axis, from.length));
  const before = from.map((_, axis) => (axes.includes(axis) ? (given[axes.indexOf(axis)] ?? 0) : 0));
  const after = from.map((_, axis) => (axes.includes(axis) ? (given[axes.length + axes.indexOf(axis)] ?? 0) : 0));
  if ([...before, ...after].every((count) => count === 0)) return [call.value(0)];
  if (mode !== "constant") return [padByElements(call, mode, before, after)];
  const fill = call.has(2) ? (call.numbers(2)[0] ?? 0) : call.number("value", 0);
  return [live(padByNumber(cropped(call.live(0), before, after), fill, before, after))];
};

/** Negative pads take away. */
function cropped(x: Node, before: readonly number[], after: readonly number[]): Node {
  if ([...before, ...after].every((count) => count >= 0)) return x;
  const starts = before.map((count) => Math.max(0, -count));
  return slice(
    x,
    starts,
    x.shape.map((size, axis) => size + Math.min(0, after[axis] ?? 0)),
  );
}

function padByNumber(x: Node, fill: number, before: readonly number[], after: readonly number[]): Node {
  const positive = (counts: readonly number[]): number[] => counts.map((count) => Math.max(0, count));
  const zeros = (from: Node): Node => pad(from, positive(before), positive(after));
  return fill === 0 ? zeros(x) : add(zeros(sub(x, scalar(fill))), scalar(fill));
}

function padByElements(call: OperatorCall, mode: string, before: readonly number[], after: readonly number[]): Value {
  return call.shape(0).reduce<Value>((value, size, axis) => {
    const [low, high] = [before[axis] ?? 0, after[axis] ?? 0];
    if (low === 0 && high === 0) return value;
    const indices = Array.from({ length: size + low + high }, (_, k) => paddedIndex(call, mode, k - low, size));
    return selected(call, value, axis, indices);
  }, call.value(0));
}

function paddedIndex(call: OperatorCall, mode: string, place: number, size: number): number {
  if (mode === "edge") return Math.min(Math.max(place, 0), size - 1);
  if (mode === "wrap") return ((place % size) + size) % size;
  if (mode !== "reflect") throw call.refusal(`pads by "${mode}"`);
  const turned = Math.abs(place) % Math.max(1, 2 * (size - 1));
  return turned < size ? turned : 2 * (size - 1) - turned;
}

const shapeOf: Operator = (call) => {
  const sizes = call.shape(0).slice(call.number("start", undefined), call.number("end", undefined));
  return [known(sizes, [sizes.length])];
};

const constantOf: Operator = (call) => {
  const tensor = call.tensor("value");
  if (tensor !== undefined) return [knownTensor(tensor)];
  const float = call.number("value_float", undefined);
  if (float !== undefined) return [known([float], [], true)];
  const int = call.number("value_int", undefined);
  if (int !== undefined) return [known([int], [])];
  const floats = call.list("value_floats", undefined);
  if (floats !== undefined) return [known(floats, [floats.length], true)];
  const ints = call.list("value_ints", undefined);
  if (ints !== undefined) return [known(ints, [ints.length])];
  throw call.refusal("is a constant that is no number");
};

const constantOfShape: Operator = (call) => {
  const shape = call.numbers(0);
  const tensor = call.tensor("value");
  const one = tensor === undefined ? known([0], [1], true) : knownTensor(tensor);
  return [{ ...one, shape, data: new Float64Array(elementCount(shape)).fill(one.data[0] ?? 0) }];
};

const range: Operator = (call) => {
  const [start = 0, limit = 0, delta = 1] = [0, 1, 2].map((k) => call.numbers(k)[0] ?? 0);
  const length = Math.max(0, Math.ceil((limit - start) / delta));
  return [
    known(
      Array.from({ length }, (_, k) => start + k * delta),
      [length],
      call.known(0).isFloat,
    ),
  ];
};

/** Whole numbers for what is known; what depends on pixels stays float32, and becomes nothing else. */
const cast: Operator = (call) => {
  const value = call.value(0);
  const isFloat = FLOAT_TYPES.includes(call.number("to", 1));
  if (value.kind === "known") return [{ ...value, isFloat, data: isFloat ? value.data : value.data.map(Math.trunc) }];
  if (!isFloat) throw call.refusal("makes whole numbers of what depends on the pixels of the image");
  return [value];
};

/** Channels become blocks of pixels. */
const depthToSpace: Operator = (call) => {
  const block = call.number("blocksize", 1);
  const [n = 1, c = 1, h = 1, w = 1] = call.shape(0);
  const channels = c / block ** 2;
  const x = call.live(0);
  const apart =
    call.text("mode", "DCR") === "DCR"
      ? transpose(reshape(x, [n, block, block, channels, h, w]), [0, 3, 4, 1, 5, 2])
      : transpose(reshape(x, [n, channels, block, block, h, w]), [0, 1, 4, 2, 5, 3]);
  return [live(reshape(apart, [n, channels, h * block, w * block]))];
};

const spaceToDepth: Operator = (call) => {
  const block = call.number("blocksize", 1);
  const [n = 1, c = 1, h = 1, w = 1] = call.shape(0);
  const apart = reshape(call.live(0), [n, c, h / block, block, w / block, block]);
  return [live(reshape(transpose(apart, [0, 3, 5, 1, 2, 4]), [n, c * block ** 2, h / block, w / block]))];
};

const nonZero: Operator = (call) => {
  const { data, shape } = call.known(0);
  const found = [...data.keys()].filter((k) => data[k] !== 0);
  const places = shape.map((size, axis) => {
    const inner = elementCount(shape.slice(axis + 1));
    return found.map((k) => Math.floor(k / inner) % size);
  });
  return [known(places.flat(), [shape.length, found.length])];
};

const branch: Operator = (call) => call.runGraph(call.graph(call.numbers(0)[0] === 0 ? "else_branch" : "then_branch"));

const same: Operator = (call) => [call.value(0)];

export const SHAPES: Readonly<Record<string, Operator>> = {
  Reshape: reshapeTo,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Gather: gather,
  GatherND: gatherNd,
  Slice: sliceOf,
  Concat: concatOf,
  Split: split,
  Transpose: transposeOf,
  Expand: expandTo,
  Tile: tile,
  Pad: padOf,
  Shape: shapeOf,
  Size: (call) => [known([elementCount(call.shape(0))], [])],
  Constant: constantOf,
  ConstantOfShape: constantOfShape,
  Range: range,
  Cast: cast,
  CastLike: same,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  NonZero: nonZero,
  If: branch,
  Dropout: same,
};
