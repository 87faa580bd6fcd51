// Convolution and its two gradients on numbers worked by hand; what belongs together obeys one identity.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conv } from "../../../../../src-main/engine/graph/ops/conv.ts";
import { convFilterGradient } from "../../../../../src-main/engine/graph/ops/conv-filter-gradient.ts";
import { convInputGradient } from "../../../../../src-main/engine/graph/ops/conv-input-gradient.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import type { Node, TensorData } from "../../../../../src-main/engine/graph/types.ts";
import { messageOf, testValues } from "../../../../helpers/expect-op.ts";
import { evaluate, onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { tensor, uniform } from "../../../../helpers/seeded-tensors.ts";

const GEOMETRY = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], groups: 1 } as const;
const image = tensor([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
const kernel = tensor([1, 1, 2, 2], [1, 2, 3, 4]);

describe("convolution", () => {
  testValues("x=[1,1,3,3] 1..9, k=2 weights 1..4", [image, kernel], (a, b) => {
    const [x, weight] = [a as Node, b as Node];
    return {
      // 1·1 + 2·2 + 3·4 + 4·5 = 37: the kernel is not turned
      "slides without turning the kernel": [conv(x, weight), [37, 47, 67, 77]],
      "stride 2 keeps one place": [conv(x, weight, { strides: [2, 2] }), [37]],
      "dilation 2 reads the corners": [conv(x, weight, { dilations: [2, 2] }), [1 + 6 + 21 + 36]],
      "pads are top, left, bottom, right": [conv(x, weight, { pads: [1, 0, 0, 0] }), [11, 18, 37, 47, 67, 77]],
      "pad on the right": [conv(x, weight, { pads: [0, 0, 0, 1] }), [37, 47, 3 + 18, 67, 77, 6 + 27]],
    };
  });

  testValues(
    "groups see their own channels",
    [tensor([1, 2, 1, 2], [1, 2, 3, 4]), tensor([2, 1, 1, 1], [10, 100])],
    (x, w) => ({
      conv: [conv(x as Node, w as Node, { groups: 2 }), [10, 20, 300, 400]],
    }),
  );

  testValues(
    "gradients of x=[1,1,3,3], k=2, one in the first place",
    [image, kernel, tensor([1, 1, 2, 2], [1, 0, 0, 0])],
    (a, b, c) => {
      const [x, weight, outGrad] = [a as Node, b as Node, c as Node];
      return {
        "the input's is the kernel in its place": [
          convInputGradient(outGrad, weight, x.shape, GEOMETRY),
          [1, 2, 0, 3, 4, 0, 0, 0, 0],
        ],
        "the filter's is what the kernel saw": [convFilterGradient(x, outGrad, weight.shape, GEOMETRY), [1, 2, 4, 5]],
      };
    },
  );

  testValues(
    "a pointwise filter gradient with padding and stride",
    [tensor([1, 1, 1, 1], [3]), tensor([1, 1, 1, 1], [5])],
    (a, b) => {
      const attrs = { ...GEOMETRY, strides: [1, 2], pads: [0, 0, 0, 1] } as const;
      return { "does not see the padding": [convFilterGradient(a as Node, b as Node, [1, 1, 1, 1], attrs), [15]] };
    },
  );

  test("⟨conv(x, w), g⟩ = ⟨x, inputGradient(g, w)⟩ = ⟨w, filterGradient(x, g)⟩", async () => {
    // Of a grouped layer, of a head of few classes on many channels, of a stem.
    const layers = [
      { c: 4, k: 6, groups: 2 },
      { c: 20, k: 2, groups: 1 },
      { c: 1, k: 5, groups: 1 },
    ];
    const cases = fc.record({
      seed: fc.nat(),
      layer: fc.constantFrom(...layers),
      stride: fc.integer({ min: 1, max: 2 }),
      dilation: fc.integer({ min: 1, max: 3 }),
      pad: fc.nat(4),
    });
    const property = fc.asyncProperty(cases, async ({ seed, layer: { c, k, groups }, stride, dilation, pad }) => {
      const attrs = {
        strides: [stride, stride],
        pads: [pad, pad, pad, pad],
        dilations: [dilation, dilation],
        groups,
      } as const;
      const [xs, weights] = [uniform([2, c, 8, 9], seed), uniform([k, c / groups, 3, 3], seed + 1)];
      const outputShape = conv(input("x", xs.shape), input("w", weights.shape), attrs).shape;
      const gs = uniform(outputShape, seed + 2);
      const found = await evaluate(onnxRuntime, [xs, weights, gs], (x, w, g) => ({
        y: conv(x as Node, w as Node, attrs),
        byX: convInputGradient(g as Node, w as Node, xs.shape, attrs),
        byWeight: convFilterGradient(x as Node, g as Node, weights.shape, attrs),
      }));
      const product = dot(found.y, gs.data);
      expect(dot(found.byX, xs.data)).toBeCloseTo(product, 3);
      expect(dot(found.byWeight, weights.data)).toBeCloseTo(product, 3);
    });
    await fc.assert(property, { seed: 11, numRuns: 45 });
  });

  test("messages name the op and what was found", () => {
    const x = input("x", [1, 3, 5, 5]);
    const weight = input("weight", [8, 4, 3, 3]);
    expect(messageOf(() => conv(x, weight))).toBe("conv: input has 3 channels, weight expects 4 (groups 1).");
    expect(messageOf(() => conv(x, input("w", [8, 3, 7, 7])))).toBe(
      "conv: an input of 5x5 pixels is smaller than the kernel.",
    );
    expect(messageOf(() => conv(x, input("w", [8, 1, 1, 1]), { groups: 3 }))).toBe(
      "conv: 8 output channels do not divide into 3 groups.",
    );
    expect(messageOf(() => conv(input("x", [3, 5, 5]), weight))).toBe(
      "conv: wants a tensor [N, C, H, W], found [3, 5, 5].",
    );
    const [outGrad, right] = [input("g", [1, 8, 5, 5]), input("w", [8, 3, 3, 3])];
    expect(messageOf(() => convInputGradient(outGrad, right, x.shape, GEOMETRY))).toContain(
      "is not of the result's shape [1,8,3,3]",
    );
    expect(messageOf(() => convFilterGradient(x, outGrad, right.shape, GEOMETRY))).toContain(
      "is not of the result's shape [1,8,3,3]",
    );
  });
});

function dot(a: TensorData, b: TensorData): number {
  return Float64Array.from(a).reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
