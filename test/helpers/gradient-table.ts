// For every op that has a gradient: a generator of places to check it at, away from kinks and ties.
import fc from "fast-check";
import { channelMoments } from "../../src-main/engine/graph/functions/channel-moments.ts";
import type { OpName } from "../../src-main/engine/graph/op-name.ts";
import { abs } from "../../src-main/engine/graph/ops/abs.ts";
import { add } from "../../src-main/engine/graph/ops/add.ts";
import { batchNorm } from "../../src-main/engine/graph/ops/batch-norm.ts";
import { channelAffine } from "../../src-main/engine/graph/ops/channel-affine.ts";
import { concat } from "../../src-main/engine/graph/ops/concat.ts";
import { constant } from "../../src-main/engine/graph/ops/constant.ts";
import { conv } from "../../src-main/engine/graph/ops/conv.ts";
import { convFilterGradient } from "../../src-main/engine/graph/ops/conv-filter-gradient.ts";
import { type ConvAttrs, convOutputSize } from "../../src-main/engine/graph/ops/conv-geometry.ts";
import { convInputGradient } from "../../src-main/engine/graph/ops/conv-input-gradient.ts";
import { div } from "../../src-main/engine/graph/ops/div.ts";
import { erf } from "../../src-main/engine/graph/ops/erf.ts";
import { exp } from "../../src-main/engine/graph/ops/exp.ts";
import { expand } from "../../src-main/engine/graph/ops/expand.ts";
import { gelu } from "../../src-main/engine/graph/ops/gelu.ts";
import { greater } from "../../src-main/engine/graph/ops/greater.ts";
import { layerNorm } from "../../src-main/engine/graph/ops/layer-norm.ts";
import { log } from "../../src-main/engine/graph/ops/log.ts";
import { logSoftmax } from "../../src-main/engine/graph/ops/log-softmax.ts";
import { matMul } from "../../src-main/engine/graph/ops/mat-mul.ts";
import { maxPool } from "../../src-main/engine/graph/ops/max-pool.ts";
import { maximum } from "../../src-main/engine/graph/ops/maximum.ts";
import { minimum } from "../../src-main/engine/graph/ops/minimum.ts";
import { mul } from "../../src-main/engine/graph/ops/mul.ts";
import { neg } from "../../src-main/engine/graph/ops/neg.ts";
import { pad } from "../../src-main/engine/graph/ops/pad.ts";
import { reduceMax } from "../../src-main/engine/graph/ops/reduce-max.ts";
import { reduceMean } from "../../src-main/engine/graph/ops/reduce-mean.ts";
import { reduceSum } from "../../src-main/engine/graph/ops/reduce-sum.ts";
import { relu } from "../../src-main/engine/graph/ops/relu.ts";
import { reshape } from "../../src-main/engine/graph/ops/reshape.ts";
import { resizeBilinear } from "../../src-main/engine/graph/ops/resize-bilinear.ts";
import { reverse } from "../../src-main/engine/graph/ops/reverse.ts";
import { sigmoid } from "../../src-main/engine/graph/ops/sigmoid.ts";
import { slice } from "../../src-main/engine/graph/ops/slice.ts";
import { softmax } from "../../src-main/engine/graph/ops/softmax.ts";
import { sqrt } from "../../src-main/engine/graph/ops/sqrt.ts";
import { sub } from "../../src-main/engine/graph/ops/sub.ts";
import { tanh } from "../../src-main/engine/graph/ops/tanh.ts";
import { transpose } from "../../src-main/engine/graph/ops/transpose.ts";
import { where } from "../../src-main/engine/graph/ops/where.ts";
import type { Node, Shape } from "../../src-main/engine/graph/types.ts";
import type { GradientCase } from "./check-gradient.ts";
import { awayFromZero, distinct, uniform } from "./seeded-tensors.ts";

export interface GradientRow {
  /** Its key in `OPS`. */
  readonly op: OpName;
  /** Tells rows of the same op apart. */
  readonly variant?: string;
  readonly cases: fc.Arbitrary<LabelledCase>;
  /** Why TensorFlow.js cannot differentiate the lowering; it is compared where this is not given. */
  readonly withoutAutodiff?: string;
  /** The runtimes' values agree to the error of polynomials only. */
  readonly isPolynomial?: boolean;
}

/** A case that prints as what it is when a property fails. */
export interface LabelledCase extends GradientCase {
  readonly label: string;
  readonly seed: number;
}

/** Ops whose gradient no difference can check, each with the reason. */
export const WITHOUT_GRADIENT_CHECK: Readonly<Partial<Record<OpName, string>>> = {
  argMax: "an index does not change smoothly",
  cast: "only float32 carries gradients, and float32 is not cast to itself",
  constant: "has no inputs",
  equal: "a truth value does not change smoothly",
  greater: "a truth value does not change smoothly",
  input: "has no inputs",
  maxPoolGradient: "itself a gradient that nothing differentiates; its values are checked as maxPool's gradient",
  step: "flat everywhere but at zero",
};

const NO_STRIDED_SLICE = "TensorFlow.js has no gradient of stridedSlice";

// Generators -----------------------------------------------------------------------------------------------------------

const seeds = fc.integer({ min: 0, max: 0xffffffff });
const size = (max: number) => fc.integer({ min: 1, max });
const shapes = (minLength: number, maxLength = 4) => fc.array(size(4), { minLength, maxLength });

/** A shape with a choice of its axes, at least one. */
const shapeWithAxes = shapes(1).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    axes: fc.subarray(
      shape.map((_, axis) => axis),
      { minLength: 1 },
    ),
    keepDims: fc.boolean(),
  }),
);
const shapeWithAxis = shapes(1).chain((shape) =>
  fc.record({ shape: fc.constant(shape), axis: fc.integer({ min: 0, max: shape.length - 1 }) }),
);

/** Two shapes that broadcast: axes of the second, or of the first, become 1 or fall away at the front. */
const broadcastShapes = broadcasting(shapes(0));

function broadcasting(all: fc.Arbitrary<number[]>): fc.Arbitrary<[Shape, Shape]> {
  return all.chain((shape) =>
    fc
      .record({
        ones: fc.array(fc.constantFrom("a", "b", "none"), { minLength: shape.length, maxLength: shape.length }),
        drop: fc.integer({ min: 0, max: shape.length }),
        isSwapped: fc.boolean(),
      })
      .map(({ ones, drop, isSwapped }): [Shape, Shape] => {
        const a = shape.map((length, axis) => (ones[axis] === "a" ? 1 : length));
        const b = shape.map((length, axis) => (ones[axis] === "b" ? 1 : length)).slice(drop);
        return isSwapped ? [b, a] : [a, b];
      }),
  );
}

/** Any geometry of a convolution whose kernel fits the padded input. */
const anyConvolutions = fc
  .record({
    n: size(2),
    groups: size(3),
    channelsPerGroup: size(2),
    outPerGroup: size(2),
    input: fc.tuple(size(7), size(7)),
    kernel: fc.tuple(size(3), size(3)),
    strides: fc.tuple(size(3), size(3)),
    dilations: fc.tuple(size(3), size(3)),
    pads: fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 3 }))),
  })
  .map(({ n, groups, channelsPerGroup, outPerGroup, input, kernel, ...rest }) => {
    const attrs: ConvAttrs = { ...rest, pads: rest.pads as unknown as ConvAttrs["pads"], groups };
    return {
      attrs,
      xShape: [n, groups * channelsPerGroup, ...input] as const,
      weightShape: [groups * outPerGroup, channelsPerGroup, ...kernel] as const,
    };
  })
  .filter(({ attrs, xShape, weightShape }) => fits(attrs, xShape, weightShape));

/** What networks are made of, one image and one group, for which some lowerings have ways of their own. */
const usualConvolutions = fc
  .record({
    c: size(3),
    k: size(3),
    input: fc.tuple(size(7), size(7)),
    kernel: fc.constantFrom(1, 3),
    stride: size(2),
    dilation: fc.constantFrom(1, 2, 4),
  })
  .map(({ c, k, input, kernel, stride, dilation }): Convolution => {
    const spread = kernel === 1 ? 1 : dilation;
    const reach = (spread * (kernel - 1)) / 2;
    return {
      attrs: {
        strides: [stride, stride],
        pads: [reach, reach, reach, reach],
        dilations: [spread, spread],
        groups: 1,
      },
      xShape: [1, c, ...input],
      weightShape: [k, c, kernel, kernel],
    };
  });

/** Each channel by itself, which has lowerings of its own, too. */
const depthwiseConvolutions = fc
  .record({ n: size(2), c: fc.integer({ min: 2, max: 4 }), input: fc.tuple(size(7), size(7)), dilation: size(3) })
  .map(({ n, c, input, dilation }): Convolution => {
    const pads = [dilation, dilation, dilation, dilation] as const;
    return {
      attrs: { strides: [1, 1], pads, dilations: [dilation, dilation], groups: c },
      xShape: [n, c, ...input],
      weightShape: [c, 1, 3, 3],
    };
  });

const convolutions: fc.Arbitrary<Convolution> = fc.oneof(anyConvolutions, usualConvolutions);

interface Convolution {
  readonly attrs: ConvAttrs;
  readonly xShape: FourSizes;
  readonly weightShape: FourSizes;
}

function fits({ pads, dilations }: ConvAttrs, [, , h, w]: FourSizes, [, , r, s]: FourSizes): boolean {
  return h + pads[0] + pads[2] > dilations[0] * (r - 1) && w + pads[1] + pads[3] > dilations[1] * (s - 1);
}

type FourSizes = readonly [number, number, number, number];

function resultShape({ attrs, xShape, weightShape }: Convolution): Shape {
  const [n, , h, w] = xShape;
  const [k, , r, s] = weightShape;
  return [n, k, ...convOutputSize("test", [h, w], [r, s], attrs)];
}

const isDilated = ({ attrs }: Convolution) => attrs.dilations.some((dilation) => dilation > 1);
const plainConvolutions = convolutions.filter((geometry) => !isDilated(geometry));

function labelled<T>(
  settings: fc.Arbitrary<T>,
  build: (settings: T, seed: number) => GradientCase,
): fc.Arbitrary<LabelledCase> {
  return fc
    .tuple(settings, seeds)
    .map(([setting, seed]) => ({ ...build(setting, seed), seed, label: JSON.stringify(setting) }));
}

// Rows ---------------------------------------------------------------------------------------------------------------

type Inputs = (shape: Shape, seed: number) => ReturnType<typeof uniform>;
const anywhere: Inputs = (shape, seed) => uniform(shape, seed);
const positive: Inputs = (shape, seed) => uniform(shape, seed, [0.5, 2]);
const nonZero: Inputs = (shape, seed) => awayFromZero(shape, seed);

function unaryRow(op: OpName, apply: (x: Node) => Node, inputs: Inputs = anywhere): GradientRow {
  return {
    op,
    cases: labelled(shapes(0), (shape, seed) => ({ inputs: [inputs(shape, seed)], build: (x) => apply(x as Node) })),
  };
}

function binaryRow(
  op: OpName,
  apply: (a: Node, b: Node) => Node,
  a: Inputs,
  b: Inputs,
  shapesOfBoth = broadcastShapes,
): GradientRow {
  return {
    op,
    cases: labelled(shapesOfBoth, ([shapeA, shapeB], seed) => ({
      inputs: [a(shapeA, seed), b(shapeB, seed + 1)],
      build: (x, y) => apply(x as Node, y as Node),
    })),
  };
}

/** An op whose gradient TensorFlow.js knows only for operands of one shape. */
function choiceRows(op: OpName, apply: (a: Node, b: Node) => Node): GradientRow[] {
  const equalShapes = shapes(0).map((shape): [Shape, Shape] => [shape, shape]);
  return [
    binaryRow(op, apply, everyTenth, betweenTenths, equalShapes),
    {
      ...binaryRow(op, apply, everyTenth, betweenTenths),
      variant: "broadcast",
      withoutAutodiff: `TensorFlow.js does not undo broadcasting in its gradient of ${op}`,
    },
  ];
}

const everyTenth: Inputs = (shape, seed) => distinct(shape, seed);
const betweenTenths: Inputs = (shape, seed) => distinct(shape, seed, 0.1, 0.05);

function reductionRow(
  op: OpName,
  apply: (x: Node, axes: readonly number[], keepDims: boolean) => Node,
  inputs: Inputs = anywhere,
): GradientRow {
  return {
    op,
    cases: labelled(shapeWithAxes, ({ shape, axes, keepDims }, seed) => ({
      inputs: [inputs(shape, seed)],
      build: (x) => apply(x as Node, axes, keepDims),
    })),
  };
}

function axisRow(op: OpName, apply: (x: Node, axis: number) => Node): GradientRow {
  return {
    op,
    cases: labelled(shapeWithAxis, ({ shape, axis }, seed) => ({
      inputs: [uniform(shape, seed, [-2, 2])],
      build: (x) => apply(x as Node, axis),
    })),
  };
}

function convCase(geometry: Convolution, seed: number): GradientCase {
  const { attrs, xShape, weightShape } = geometry;
  return {
    inputs: [uniform(xShape, seed), uniform(weightShape, seed + 1)],
    build: (x, weight) => conv(x as Node, weight as Node, attrs),
  };
}

function convInputGradientCase(geometry: Convolution, seed: number): GradientCase {
  const { attrs, xShape, weightShape } = geometry;
  return {
    inputs: [uniform(resultShape(geometry), seed), uniform(weightShape, seed + 1)],
    build: (outGrad, weight) => convInputGradient(outGrad as Node, weight as Node, xShape, attrs),
  };
}

function convFilterGradientCase(geometry: Convolution, seed: number): GradientCase {
  const { attrs, xShape, weightShape } = geometry;
  return {
    inputs: [uniform(xShape, seed), uniform(resultShape(geometry), seed + 1)],
    build: (x, outGrad) => convFilterGradient(x as Node, outGrad as Node, weightShape, attrs),
  };
}

const NO_DILATION = "TensorFlow.js refuses gradients of dilated convolutions";

export const GRADIENT_TABLE: readonly GradientRow[] = [
  unaryRow("abs", abs, nonZero),
  binaryRow("add", add, anywhere, anywhere),
  {
    op: "batchNorm",
    cases: labelled(fc.tuple(size(2), size(3), fc.integer({ min: 2, max: 4 }), size(4)), ([n, c, h, w], seed) => ({
      inputs: [uniform([n, c, h, w], seed, [-2, 2]), uniform([c], seed + 1), uniform([c], seed + 2)],
      build: (x, weight, bias) => {
        const { mean, variance } = channelMoments(x as Node);
        // A large epsilon: two samples normalise to ±1 whatever they are, and a gradient near zero is all rounding.
        return batchNorm(x as Node, weight as Node, bias as Node, mean, variance, 0.1);
      },
    })),
  },
  {
    op: "channelAffine",
    cases: labelled(fc.tuple(size(2), size(3), size(4), size(4)), (shape, seed) => ({
      inputs: [uniform(shape, seed), uniform([shape[1]], seed + 1), uniform([shape[1]], seed + 2)],
      build: (x, scale, shift) => channelAffine(x as Node, scale as Node, shift as Node),
    })),
  },
  {
    op: "concat",
    cases: labelled(
      fc.tuple(shapeWithAxis, fc.array(size(3), { minLength: 2, maxLength: 4 })),
      ([{ shape, axis }, lengths], seed) => ({
        inputs: lengths.map((length, k) => uniform(shape.with(axis, length), seed + k)),
        build: (...parts) => concat(parts, axis),
      }),
    ),
  },
  { op: "conv", cases: labelled(plainConvolutions, convCase) },
  {
    op: "conv",
    variant: "dilated",
    cases: labelled(convolutions.filter(isDilated), convCase),
    withoutAutodiff: NO_DILATION,
  },
  { op: "conv", variant: "depthwise", cases: labelled(depthwiseConvolutions, convCase), withoutAutodiff: NO_DILATION },
  { op: "convInputGradient", cases: labelled(plainConvolutions, convInputGradientCase) },
  {
    op: "convInputGradient",
    variant: "dilated",
    cases: labelled(convolutions.filter(isDilated), convInputGradientCase),
    withoutAutodiff: NO_DILATION,
  },
  {
    op: "convFilterGradient",
    cases: labelled(convolutions, convFilterGradientCase),
    withoutAutodiff: NO_STRIDED_SLICE,
  },
  binaryRow("div", div, anywhere, (shape, seed) => awayFromZero(shape, seed, [0.5, 2])),
  { ...unaryRow("erf", erf), isPolynomial: true },
  unaryRow("exp", exp),
  {
    op: "expand",
    cases: labelled(broadcastShapes.map(wideAndNarrow), ({ wide, narrow }, seed) => ({
      inputs: [uniform(narrow, seed)],
      build: (x) => expand(x as Node, wide),
    })),
  },
  { ...unaryRow("gelu", gelu), isPolynomial: true },
  {
    op: "layerNorm",
    cases: labelled(
      shapes(0, 3).chain((batch) => fc.tuple(fc.constant(batch), fc.integer({ min: 2, max: 6 }))),
      ([batch, channels], seed) => ({
        inputs: [
          uniform([...batch, channels], seed, [-2, 2]),
          uniform([channels], seed + 1),
          uniform([channels], seed + 2),
        ],
        // A large epsilon, as for batchNorm.
        build: (x, weight, bias) => layerNorm(x as Node, weight as Node, bias as Node, 0.1),
      }),
    ),
  },
  unaryRow("log", log, positive),
  axisRow("logSoftmax", logSoftmax),
  {
    op: "matMul",
    cases: labelled(
      fc.record({
        batch: broadcasting(shapes(0, 2)),
        m: size(4),
        k: size(4),
        n: size(4),
        a: fc.boolean(),
        b: fc.boolean(),
      }),
      ({ batch: [batchA, batchB], m, k, n, a, b }, seed) => ({
        inputs: [
          uniform([...batchA, ...(a ? [k, m] : [m, k])], seed),
          uniform([...batchB, ...(b ? [n, k] : [k, n])], seed + 1),
        ],
        build: (x, y) => matMul(x as Node, y as Node, a, b),
      }),
    ),
  },
  {
    op: "maxPool",
    cases: labelled(
      fc
        .record({
          shape: fc.tuple(size(2), size(3), size(6), size(6)),
          kernel: fc.tuple(size(3), size(3)),
          strides: fc.tuple(size(3), size(3)),
          padded: fc.boolean(),
          ceilMode: fc.boolean(),
        })
        .filter(({ shape, kernel, padded }) => padded || (shape[2] >= kernel[0] && shape[3] >= kernel[1])),
      ({ shape, kernel, strides, padded, ceilMode }, seed) => {
        // ONNX wants padding smaller than the kernel; so does sense: no window should see padding alone.
        const [halfH, halfW] = padded ? kernel.map((length) => length >> 1) : [0, 0];
        const [moreH, moreW] = padded ? kernel.map((length) => length - 1) : [0, 0];
        const pads = [halfH ?? 0, halfW ?? 0, moreH ?? 0, moreW ?? 0] as const;
        const options = { kernel, strides, pads, ceilMode };
        return { inputs: [distinct(shape, seed)], build: (x) => maxPool(x as Node, options) };
      },
    ),
  },
  ...choiceRows("maximum", maximum),
  ...choiceRows("minimum", minimum),
  binaryRow("mul", mul, anywhere, anywhere),
  unaryRow("neg", neg),
  {
    op: "pad",
    cases: labelled(
      shapes(1).chain((shape) => fc.tuple(fc.constant(shape), counts(shape.length), counts(shape.length))),
      ([shape, before, after], seed) => ({
        inputs: [uniform(shape, seed)],
        build: (x) => pad(x as Node, before, after),
      }),
    ),
  },
  reductionRow("reduceMax", reduceMax, everyTenth),
  reductionRow("reduceMean", reduceMean),
  reductionRow("reduceSum", reduceSum),
  unaryRow("relu", relu, nonZero),
  {
    op: "reshape",
    cases: labelled(shapes(1), (shape, seed) => ({
      inputs: [uniform(shape, seed)],
      build: (x) => reshape(x as Node, [...shape].reverse()),
    })),
  },
  {
    op: "resizeBilinear",
    cases: labelled(
      fc.record({
        shape: fc.tuple(size(2), size(2), size(5), size(5)),
        // Up to 21 rows and columns: small enlargements and large ones have lowerings of their own.
        size: fc.tuple(size(21), size(21)),
        alignCorners: fc.boolean(),
      }),
      ({ shape, size: outSize, alignCorners }, seed) => ({
        inputs: [uniform(shape, seed)],
        build: (x) => resizeBilinear(x as Node, outSize, alignCorners),
      }),
    ),
  },
  axisRow("reverse", reverse),
  unaryRow("sigmoid", sigmoid),
  {
    op: "slice",
    cases: labelled(
      fc.array(
        fc.tuple(size(7), fc.nat(6), fc.nat(6), size(4)).map(([length, start, cut, step]) => ({
          length,
          start: start % length,
          end: length - (cut % (length - (start % length))),
          step,
        })),
        { minLength: 1, maxLength: 4 },
      ),
      (axes, seed) => ({
        inputs: [
          uniform(
            axes.map(({ length }) => length),
            seed,
          ),
        ],
        build: (x) =>
          slice(
            x as Node,
            axes.map(({ start }) => start),
            axes.map(({ end }) => end),
            axes.map(({ step }) => step),
          ),
      }),
    ),
    withoutAutodiff: NO_STRIDED_SLICE,
  },
  axisRow("softmax", softmax),
  unaryRow("sqrt", sqrt, positive),
  binaryRow("sub", sub, anywhere, anywhere),
  unaryRow("tanh", tanh),
  {
    op: "transpose",
    cases: labelled(
      shapes(1).chain((shape) => {
        const axes = shape.map((_, axis) => axis);
        return fc.tuple(fc.constant(shape), fc.shuffledSubarray(axes, { minLength: axes.length }));
      }),
      ([shape, perm], seed) => ({ inputs: [uniform(shape, seed)], build: (x) => transpose(x as Node, perm) }),
    ),
  },
  {
    op: "where",
    cases: labelled(shapes(1), (shape, seed) => ({
      inputs: [uniform(shape, seed), uniform(shape, seed + 1)],
      build: (a, b) => {
        const condition = uniform(shape, seed + 2);
        const zeros = constant(new Float32Array(condition.data.length), shape);
        return where(greater(constant(condition.data, shape), zeros), a as Node, b as Node);
      },
    })),
  },
];

function counts(length: number): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(3), { minLength: length, maxLength: length });
}

function wideAndNarrow([a, b]: [Shape, Shape]): { wide: Shape; narrow: Shape } {
  const rank = Math.max(a.length, b.length);
  const wide = Array.from({ length: rank }, (_, k) =>
    Math.max(a[k - rank + a.length] ?? 1, b[k - rank + b.length] ?? 1),
  );
  return { wide, narrow: b };
}
