// Operators of ONNX in our graph beside ONNX Runtime's own reading of the same file, in every form that operator sets give them.
import { describe, expect, it } from "vitest";
import "../../../../helpers/to-be-all-close.ts";
import { imported, importedLogits } from "../../../../helpers/imported-logits.ts";
import {
  type FileSpec,
  floats,
  ints,
  type NodeSpec,
  onnxBytes,
  onnxFile,
  runFile,
  type Tensor,
} from "../../../../helpers/onnx-file.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";

const IMAGE = floats([1, 3, 13, 10]);

type Attributes = NonNullable<NodeSpec["attributes"]>;

interface Case {
  readonly name: string;
  readonly opset: number;
  readonly nodes: readonly NodeSpec[];
  readonly tensors?: FileSpec["tensors"];
}

/** A node of the image and tensors of the file, whose result is the network's. */
function one(
  op: string,
  opset: number,
  attributes: Attributes = {},
  tensors: Readonly<Record<string, Tensor>> = {},
  name = "",
): Case {
  const inputs = ["image", ...Object.keys(tensors).map((key) => (key.startsWith("none") ? "" : key))];
  const kept = Object.fromEntries(Object.entries(tensors).filter(([key]) => !key.startsWith("none")));
  return {
    name: `${op}-${opset} ${name}`.trim(),
    opset,
    nodes: [{ op, inputs, outputs: ["logits"], attributes }],
    tensors: kept,
  };
}

/** The same before another one, as at the end of a network it would not be part of the scores. */
function between(op: string, opset: number, attributes: Attributes): Case {
  const first: NodeSpec = { op, inputs: ["image"], outputs: ["inner"], attributes };
  return { name: `${op}-${opset}`, opset, nodes: [first, { op: "Neg", inputs: ["inner"], outputs: ["logits"] }] };
}

const NONE: Tensor = ints();
const weight = floats([4, 3, 3, 3]);
const bias = floats([4]);
const channels = {
  scale: floats([3], (k) => 1 + k),
  shift: floats([3]),
  mean: floats([3]),
  variance: floats([3], (k) => 0.5 + k),
};
const resizeTo = (...sizes: number[]): Record<string, Tensor> => ({ none1: NONE, none2: NONE, sizes: ints(...sizes) });
const resizeBy = (scale: number): Record<string, Tensor> => ({
  none1: NONE,
  scales: floats([4], (k) => (k < 2 ? 1 : scale)),
});

const MODES: readonly [string, string][] = [
  ["linear", "half_pixel"],
  ["linear", "pytorch_half_pixel"],
  ["linear", "align_corners"],
  ["linear", "asymmetric"],
  ["nearest", "asymmetric"],
  ["nearest", "half_pixel"],
  ["nearest", "tf_half_pixel_for_nn"],
  ["cubic", "half_pixel"],
  ["cubic", "align_corners"],
];

const CASES: readonly Case[] = [
  ...[
    "Relu",
    "Sigmoid",
    "Tanh",
    "Erf",
    "Exp",
    "Abs",
    "Neg",
    "Softplus",
    "HardSwish",
    "Elu",
    "LeakyRelu",
    "HardSigmoid",
  ].map((op) => one(op, 17)),
  one("Mish", 18),
  one("Gelu", 20),
  one("Gelu", 20, { approximate: "tanh" }, {}, "by tanh"),
  one("LeakyRelu", 17, { alpha: { float: 0.3 } }, {}, "with a slope"),
  one("PRelu", 17, {}, { slope: floats([3, 1, 1]) }),
  one("Clip", 9, { min: { float: -0.3 }, max: { float: 0.6 } }),
  one("Clip", 13, {}, { low: floats([], () => -0.3), high: floats([], () => 0.6) }),
  one("Clip", 13, {}, { low: floats([], () => 0.6), high: floats([], () => -0.3) }, "with the lower bound above"),
  between("Softmax", 11, { axis: 1 }),
  between("Softmax", 13, { axis: 1 }),
  between("LogSoftmax", 13, { axis: -1 }),
  ...["Add", "Sub", "Mul", "Div", "Min", "Max", "Sum", "Mean"].map((op) =>
    one(op, 17, {}, { other: floats([3, 1, 1], (k) => k + 0.5) }),
  ),
  one("Pow", 15, {}, { power: floats([], () => 3) }),
  one("Conv", 11, { pads: [1, 0, 2, 1], strides: [2, 1] }, { weight, bias }),
  one("Conv", 11, { auto_pad: "SAME_UPPER", strides: [2, 2] }, { weight }, "SAME_UPPER"),
  one("Conv", 11, { auto_pad: "SAME_LOWER", strides: [2, 2] }, { weight }, "SAME_LOWER"),
  one(
    "Conv",
    11,
    { group: 3, dilations: [2, 2], pads: [2, 2, 2, 2] },
    { weight: floats([3, 1, 3, 3]) },
    "depthwise, dilated",
  ),
  one(
    "ConvTranspose",
    11,
    { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] },
    { weight: floats([3, 4, 3, 3]), bias },
  ),
  one("ConvTranspose", 11, { strides: [3, 2], group: 3 }, { weight: floats([3, 2, 2, 2]) }, "in groups"),
  one("MaxPool", 12, { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  one("MaxPool", 12, { kernel_shape: [2, 2], strides: [3, 3], ceil_mode: 1 }, {}, "ceil"),
  one("AveragePool", 11, { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1] }),
  one(
    "AveragePool",
    11,
    { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1 },
    {},
    "with pads counted",
  ),
  one("AveragePool", 19, { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }, {}, "ceil"),
  one("GlobalAveragePool", 11),
  one("GlobalMaxPool", 11),
  one("BatchNormalization", 9, { epsilon: { float: 0.01 } }, channels),
  one("BatchNormalization", 15, {}, channels),
  one("InstanceNormalization", 9, {}, { scale: channels.scale, shift: channels.shift }),
  one("GroupNormalization", 21, { num_groups: 3 }, { scale: channels.scale, shift: channels.shift }),
  one("LayerNormalization", 17, { axis: -1 }, { scale: floats([10]), shift: floats([10]) }),
  one("LayerNormalization", 17, { axis: 2 }, { scale: floats([13, 10]) }, "over two axes"),
  one("MatMul", 13, {}, { factor: floats([10, 6]) }),
  one("ReduceMean", 13, { axes: [2, 3] }),
  one("ReduceMean", 18, {}, { axes: ints(-1) }),
  one("ReduceMax", 13, { axes: [3] }),
  one("ReduceMin", 13, { axes: [3] }),
  one("ReduceL2", 13, { axes: [3] }),
  one("ReduceSum", 13, {}, { axes: ints(2) }),
  one("Transpose", 13, { perm: [0, 1, 3, 2] }),
  one("Reshape", 13, {}, { shape: ints(0, 0, -1, 5) }),
  one("Slice", 9, { starts: [1, 0], ends: [9, -1], axes: [2, 3] }),
  one(
    "Slice",
    13,
    {},
    { starts: ints(11, 0), ends: ints(-100, 100), axes: ints(2, 3), steps: ints(-2, 3) },
    "backwards",
  ),
  one("Gather", 13, { axis: 2 }, { indices: ints(3, 0, -1, 3, 5) }),
  one("Gather", 13, { axis: 3 }, { indices: ints(...Array.from({ length: 30 }, (_, k) => (k * 7) % 10)) }, "of many"),
  one("Concat", 13, { axis: 1 }, { more: floats([1, 2, 13, 10]) }),
  one("Expand", 13, {}, { shape: ints(1, 1, 13, 1) }),
  one("Tile", 13, {}, { repeats: ints(1, 2, 1, 3) }),
  one("Pad", 10, { pads: [0, 0, 1, 2, 0, 0, 3, 0], value: { float: 1.5 } }),
  one("Pad", 13, { mode: "reflect" }, { pads: ints(0, 0, 2, 3, 0, 0, 1, 4) }, "reflect"),
  one("Pad", 13, { mode: "edge" }, { pads: ints(0, 0, 2, 3, 0, 0, 1, 4) }, "edge"),
  one("Pad", 13, {}, { pads: ints(0, 0, -2, 1, 0, 0, 1, -3) }, "that takes away"),
  one("DepthToSpace", 13, { blocksize: 1 }),
  one("SpaceToDepth", 13, { blocksize: 1 }),
  one("Cast", 13, { to: 1 }),
  one("Upsample", 9, { mode: "nearest" }, { scales: floats([4], (k) => (k < 2 ? 1 : 2)) }),
  one("Upsample", 9, { mode: "linear" }, { scales: floats([4], (k) => (k < 2 ? 1 : 2)) }, "linear"),
  one("Resize", 10, { mode: "linear" }, { scales: floats([4], (k) => (k < 2 ? 1 : 1.7)) }),
  ...MODES.flatMap(([mode, coordinates]) =>
    [
      one(
        "Resize",
        13,
        { mode, coordinate_transformation_mode: coordinates },
        resizeTo(1, 3, 20, 31),
        `${mode} ${coordinates} larger`,
      ),
      one(
        "Resize",
        13,
        { mode, coordinate_transformation_mode: coordinates },
        resizeTo(1, 3, 5, 7),
        `${mode} ${coordinates} smaller`,
      ),
      one(
        "Resize",
        13,
        { mode, coordinate_transformation_mode: coordinates },
        resizeBy(1.7),
        `${mode} ${coordinates} by a factor`,
      ),
    ].filter(({ name }) => !(coordinates === "align_corners" && name.endsWith("factor"))),
  ),
  ...["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"].map((rule) =>
    one("Resize", 13, { mode: "nearest", nearest_mode: rule }, resizeTo(1, 3, 26, 15), rule),
  ),
  {
    name: "Split-13 and Concat",
    opset: 13,
    tensors: { sizes: ints(4, 9) },
    nodes: [
      { op: "Split", inputs: ["image", "sizes"], outputs: ["a", "b"], attributes: { axis: 2 } },
      { op: "Concat", inputs: ["b", "a"], outputs: ["logits"], attributes: { axis: 2 } },
    ],
  },
  {
    name: "Split-18 by a number, whose last part is smaller",
    opset: 18,
    nodes: [
      { op: "Split", inputs: ["image"], outputs: ["a", "b"], attributes: { axis: 2, num_outputs: 2 } },
      { op: "Concat", inputs: ["b", "a"], outputs: ["logits"], attributes: { axis: 2 } },
    ],
  },
  {
    name: "sizes that are computed from the image's",
    opset: 17,
    tensors: { two: ints(2), places: ints(2, 3), axes: ints(0), from: ints(0), to: ints(2) },
    nodes: [
      { op: "Shape", inputs: ["image"], outputs: ["shape"] },
      { op: "Gather", inputs: ["shape", "places"], outputs: ["pixels"], attributes: { axis: 0 } },
      { op: "Mul", inputs: ["pixels", "two"], outputs: ["doubled"] },
      { op: "Slice", inputs: ["shape", "from", "to", "axes"], outputs: ["front"] },
      { op: "Concat", inputs: ["front", "doubled"], outputs: ["sizes"], attributes: { axis: 0 } },
      { op: "Resize", inputs: ["image", "", "", "sizes"], outputs: ["logits"], attributes: { mode: "linear" } },
    ],
  },
  {
    name: "a condition that the image's size decides",
    opset: 17,
    tensors: { limit: ints(12), place: ints(2), more: floats([3, 1, 1]), less: floats([3, 1, 1], (k) => -k) },
    nodes: [
      { op: "Shape", inputs: ["image"], outputs: ["shape"] },
      { op: "Gather", inputs: ["shape", "place"], outputs: ["height"], attributes: { axis: 0 } },
      { op: "Greater", inputs: ["height", "limit"], outputs: ["isTall"] },
      { op: "Where", inputs: ["isTall", "more", "less"], outputs: ["term"] },
      { op: "Add", inputs: ["image", "term"], outputs: ["logits"] },
    ],
  },
  {
    name: "a mask of the image's own values",
    opset: 17,
    tensors: { limit: floats([], () => 0.2), zero: floats([], () => 0) },
    nodes: [
      { op: "Less", inputs: ["image", "limit"], outputs: ["isSmall"] },
      { op: "Where", inputs: ["isSmall", "zero", "image"], outputs: ["logits"] },
    ],
  },
  {
    name: "Einsum of images and weights",
    opset: 17,
    tensors: { factor: floats([3, 5]) },
    nodes: [
      { op: "Einsum", inputs: ["image", "factor"], outputs: ["logits"], attributes: { equation: "nchw,ck->nkhw" } },
    ],
  },
  {
    name: "Gemm with factors, transposed",
    opset: 13,
    tensors: { factor: floats([6, 390]), term: floats([6]), flat: ints(1, 390), back: ints(1, 6, 1, 1) },
    nodes: [
      { op: "Reshape", inputs: ["image", "flat"], outputs: ["rows"] },
      {
        op: "Gemm",
        inputs: ["rows", "factor", "term"],
        outputs: ["product"],
        attributes: { alpha: { float: 0.5 }, beta: { float: 2 }, transB: 1 },
      },
      { op: "Reshape", inputs: ["product", "back"], outputs: ["logits"] },
    ],
  },
];

describe("an operator of ONNX gives in our graph what ONNX Runtime makes of it", () => {
  it.each(CASES)("$name", async ({ opset, nodes, tensors = {} }) => {
    const bytes = onnxBytes({ opset, nodes, tensors, inputShape: [1, 3, 13, 10] });
    const expected = await runFile(bytes, IMAGE);
    const found = await importedLogits(onnxRuntime, await imported(onnxFile(bytes)), IMAGE);
    expect(found.shape).toEqual(expected.shape);
    expect(found.data).toBeAllClose(expected.data, { absolute: 2e-5, relative: 1e-5 });
  });
});
