// Max pooling: values, ties, and that padding never wins.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gradient } from "../../../../../src-main/engine/graph/gradients.ts";
import type { OpName } from "../../../../../src-main/engine/graph/op-name.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { maxPool, type PoolAttrs } from "../../../../../src-main/engine/graph/ops/max-pool.ts";
import { maxPoolGradient } from "../../../../../src-main/engine/graph/ops/max-pool-gradient.ts";
import { mul } from "../../../../../src-main/engine/graph/ops/mul.ts";
import { reduceSum } from "../../../../../src-main/engine/graph/ops/reduce-sum.ts";
import type { AnyOp, Node } from "../../../../../src-main/engine/graph/types.ts";
import { messageOf, testValues } from "../../../../helpers/expect-op.ts";
import { evaluateNamed, onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { distinct, tensor } from "../../../../helpers/seeded-tensors.ts";

/** The same op lowered to ONNX's own rule of sizes. */
function byCeilMode(op: AnyOp, { kernel, strides, pads }: PoolAttrs): AnyOp {
  return {
    ...op,
    // A name of its own, as another op would have: nodes of one name, inputs and attributes are merged.
    name: "ceilModeMaxPool" as OpName,
    onnx: (emit, _, inputs) => emit.node("MaxPool", inputs, { kernel_shape: kernel, strides, pads, ceil_mode: 1 }),
  };
}

const PLAIN = { kernel: [2, 2], strides: [1, 1], pads: [0, 0, 0, 0] } as const;
const STEM = { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] } as const;

describe("maxPool", () => {
  testValues("x=[1,1,3,3]", [tensor([1, 1, 3, 3], [1, 9, 3, 4, 5, 6, -7, -8, -9])], (x) => ({
    "k=2 s=1": [maxPool(x as Node, PLAIN), [9, 9, 5, 6]],
    "k=3 s=2 p=1": [maxPool(x as Node, STEM), [9, 9, 5, 6]],
  }));

  testValues("padding never wins, however small the numbers", [tensor([1, 1, 2, 2], [-1e30, -2, -3, -4])], (x) => ({
    "k=3 s=2 p=1": [maxPool(x as Node, STEM), [-2]],
    "in a corner": [maxPool(x as Node, { kernel: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1] }), [-1e30, -2, -3, -4]],
  }));

  testValues("gradients", [tensor([1, 1, 3, 3], [1, 9, 3, 4, 5, 6, 0, 6, 0])], (x) => {
    const a = x as Node;
    const sum = (y: Node) => reduceSum(y, [0, 1, 2, 3]);
    return {
      // windows: 9, 9, 6 (right of the middle), and 6 twice: the first one counts
      "windows add up, the first of equal ones counts": [
        gradient(sum(maxPool(a, PLAIN)), a),
        [0, 2, 0, 0, 0, 1, 0, 1, 0],
      ],
      "windows that lie apart leave the rest zero": [
        gradient(sum(maxPool(a, { ...PLAIN, strides: [2, 2] })), a),
        [0, 1, 0, 0, 0, 0, 0, 0, 0],
      ],
    };
  });

  // 5 pixels: windows begin at 0, 2 and 4; the last one sees a single pixel.
  testValues("ceil mode counts a last window that is not full", [tensor([1, 1, 1, 5], [3, 1, 4, 1, 5])], (x) => {
    const options = { kernel: [1, 2], strides: [1, 2], pads: [0, 0, 0, 0] } as const;
    const y = maxPool(x as Node, { ...options, ceilMode: true });
    return {
      "k=2 s=2": [y, [3, 4, 5]],
      "by default not": [maxPool(x as Node, options), [3, 4]],
      gradient: [gradient(reduceSum(mul(y, y), [0, 1, 2, 3]), x as Node), [6, 0, 8, 0, 10]],
    };
  });

  const square = fc.integer({ min: 1, max: 12 });
  test("ceil mode is ONNX's ceil_mode for any size, kernel, stride and padding", async () => {
    const cases = fc
      .record({
        size: fc.tuple(square, square),
        kernel: fc.integer({ min: 1, max: 4 }),
        stride: fc.integer({ min: 1, max: 4 }),
        isPadded: fc.boolean(),
        seed: fc.integer(),
      })
      .filter(({ size, kernel }) => Math.min(...size) >= kernel);
    await fc.assert(
      fc.asyncProperty(cases, async ({ size, kernel, stride, isPadded, seed }) => {
        const pad = isPadded ? kernel >> 1 : 0;
        const options = { kernel: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad] } as const;
        const x = distinct([1, 2, ...size], seed);
        const pooled = maxPool(input("x", x.shape), { ...options, ceilMode: true });
        const theirs: Node = { ...pooled, op: byCeilMode(pooled.op, options) };
        const found = await evaluateNamed(onnxRuntime, new Map([["x", x]]), { ours: pooled, theirs });
        expect(found.ours).toEqual(found.theirs);
      }),
      { seed: 20240301, numRuns: 60 },
    );
  });

  // Source: spec of DA-SAC, "Appendix A. Operator semantics".
  test.each([
    ["the stem of DeepLabv2", 49, 3, 2, 1, 25],
    ["an even size", 64, 3, 2, 1, 33],
    ["an odd size in 2x2 windows", 65, 2, 2, 0, 33],
    ["a window that would begin in the padding behind", 4, 2, 3, 1, 2],
    ["a single pixel", 1, 2, 2, 0, 1],
  ])("the size of ceil mode for %s", (_, size, kernel, stride, pad, expected) => {
    const options = { kernel: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad] } as const;
    expect(maxPool(input("x", [1, 1, size, size]), { ...options, ceilMode: true }).shape).toEqual([
      1,
      1,
      expected,
      expected,
    ]);
  });

  test("messages name the op and what was found", () => {
    expect(messageOf(() => maxPool(input("x", [1, 1, 1, 1]), PLAIN))).toBe(
      "maxPool: an input of 1x1 pixels is smaller than the kernel.",
    );
    expect(messageOf(() => maxPool(input("x", [4]), PLAIN))).toBe("maxPool: wants a tensor [N, C, H, W], found [4].");
    const [x, outGrad] = [input("x", [1, 1, 3, 3]), input("g", [1, 1, 3, 3])];
    expect(messageOf(() => maxPoolGradient(x, outGrad, PLAIN))).toBe(
      "maxPoolGradient: gradient [1,1,3,3] is not [1,1,2,2].",
    );
  });
});
