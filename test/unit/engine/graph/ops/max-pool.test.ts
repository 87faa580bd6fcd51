// Max pooling: values, ties, and that padding never wins.
import { describe, expect, test } from "vitest";
import { gradient } from "../../../../../src-main/engine/graph/gradients.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { maxPool } from "../../../../../src-main/engine/graph/ops/max-pool.ts";
import { maxPoolGradient } from "../../../../../src-main/engine/graph/ops/max-pool-gradient.ts";
import { reduceSum } from "../../../../../src-main/engine/graph/ops/reduce-sum.ts";
import type { Node } from "../../../../../src-main/engine/graph/types.ts";
import { messageOf, testValues } from "../../../../helpers/expect-op.ts";
import { tensor } from "../../../../helpers/seeded-tensors.ts";

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
