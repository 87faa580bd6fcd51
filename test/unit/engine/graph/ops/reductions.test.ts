// Sums, means, maxima, softmax and the index of the largest.
import { describe, expect, test } from "vitest";
import { gradient } from "../../../../../src-main/engine/graph/gradients.ts";
import { at } from "../../../../../src-main/engine/graph/node.ts";
import { argMax } from "../../../../../src-main/engine/graph/ops/arg-max.ts";
import { exp } from "../../../../../src-main/engine/graph/ops/exp.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { logSoftmax } from "../../../../../src-main/engine/graph/ops/log-softmax.ts";
import { reduceMax } from "../../../../../src-main/engine/graph/ops/reduce-max.ts";
import { reduceMean } from "../../../../../src-main/engine/graph/ops/reduce-mean.ts";
import { reduceSum } from "../../../../../src-main/engine/graph/ops/reduce-sum.ts";
import { softmax } from "../../../../../src-main/engine/graph/ops/softmax.ts";
import type { Node, TensorData } from "../../../../../src-main/engine/graph/types.ts";
import { messageOf, testValues } from "../../../../helpers/expect-op.ts";
import { evaluate, onnxRuntime, RUNTIMES } from "../../../../helpers/runtimes-under-test.ts";
import { tensor, uniform } from "../../../../helpers/seeded-tensors.ts";
import "../../../../helpers/to-be-all-close.ts";

describe("reductions", () => {
  testValues("a matrix [[1, 2, 3], [6, 5, 4]]", [tensor([2, 3], [1, 2, 3, 6, 5, 4])], (x) => {
    const a = x as Node;
    return {
      "sum of columns": [reduceSum(a, [0]), [7, 7, 7]],
      "sum of rows, kept": [reduceSum(a, [1], true), [6, 15]],
      "sum of all": [reduceSum(a, [0, 1]), [21]],
      "mean of rows": [reduceMean(a, [1]), [2, 5]],
      "mean of all": [reduceMean(a, [0, 1]), [3.5]],
      "largest of columns": [reduceMax(a, [0]), [6, 5, 4]],
      "largest of all": [reduceMax(a, [0, 1]), [6]],
      "index of the largest of rows": [argMax(a, 1), [2, 0]],
      "index of the largest of columns": [argMax(a, 0), [1, 1, 1]],
    };
  });

  testValues("ties", [tensor([4], [3, 7, 7, 1])], (x) => {
    const a = x as Node;
    return {
      "the first of equal maxima is the largest": [argMax(a, 0), [1]],
      "equal maxima share the gradient": [gradient(reduceMax(a, [0]), a), [0, 0.5, 0.5, 0]],
    };
  });

  testValues("softmax", [tensor([2, 2], [0, Math.log(3), 1000, 1000])], (x) => {
    const a = x as Node;
    return {
      "over the last axis, for large values too": [softmax(a, 1), [0.25, 0.75, 0.5, 0.5]],
      "over the first": [softmax(a, 0), [0, 0, 1, 1]],
      "its logarithm": [logSoftmax(a, 1), [Math.log(0.25), Math.log(0.75), Math.log(0.5), Math.log(0.5)]],
      "its logarithm does not underflow": [logSoftmax(a, 0), [-1000, Math.log(3) - 1000, 0, 0]],
      "both agree": [exp(logSoftmax(a, 1)), [0.25, 0.75, 0.5, 0.5]],
    };
  });

  test.each([[[0, 1, 2, 3, 4]], [[1, 2, 4]], [[0, 1, 4]], [[2, 3]]])("sums many numbers over axes %s", async (axes) => {
    const shape = [3, 64, 17, 29, 5];
    const x = uniform(shape, 7);
    const { sum, mean } = await evaluate(onnxRuntime, [x], (node) => ({
      sum: reduceSum(node as Node, axes),
      mean: reduceMean(node as Node, axes, true),
    }));
    const expected = sumOver(x.data, shape, axes);
    const count = x.data.length / expected.length;
    expect(sum).toBeAllClose(Float32Array.from(expected), { relative: 1e-5, absolute: 1e-2 });
    expect(mean).toBeAllClose(
      Float32Array.from(expected, (one) => one / count),
      { relative: 1e-5, absolute: 1e-6 },
    );
  });

  // One after another, 0.1 added 2^21 times in float32 is 0.2 % too much; summed by axes it is right to 1e-5.
  test.each(RUNTIMES)("many equal values keep their mean on %s", async (_, runtime) => {
    const [height, width] = [1024, 2048];
    const value = Math.fround(0.1);
    const { mean, sum, column } = await evaluate(runtime, [uniform([1, 1, height, width], 1, [value, value])], (x) => ({
      mean: reduceMean(x, [0, 1, 2, 3]),
      sum: reduceSum(x, [0, 1, 2, 3], true),
      column: reduceSum(x, [0, 2, 3]),
    }));
    expect(at([...mean], 0) / value).toBeCloseTo(1, 4);
    expect(at([...sum], 0) / (value * height * width)).toBeCloseTo(1, 4);
    expect(at([...column], 0) / (value * height * width)).toBeCloseTo(1, 4);
  });

  test("messages name the op and what was found", () => {
    const [x, labels] = [input("x", [2, 3]), input("labels", [2, 3], "int32")];
    expect(messageOf(() => reduceSum(x, [2]))).toBe("reduceSum: [2] are no axes of [2,3].");
    expect(messageOf(() => reduceMean(x, []))).toBe("reduceMean: [] are no axes of [2,3].");
    expect(messageOf(() => reduceMax(labels, [0]))).toBe("reduceMax: wants one float32 tensor.");
    expect(messageOf(() => argMax(x, 2))).toBe("argMax: [2,3] has no axis 2.");
    expect(messageOf(() => softmax(x, -1))).toBe("softmax: [2,3] has no axis -1.");
    expect(messageOf(() => logSoftmax(x, 2))).toBe("logSoftmax: [2,3] has no axis 2.");
  });
});

/** In double precision, in the order of the kept axes. */
function sumOver(data: TensorData, shape: readonly number[], axes: readonly number[]): number[] {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const sums = new Array<number>(kept.reduce((product, size) => product * size, 1)).fill(0);
  for (const [flat, value] of data.entries()) {
    let [rest, place, stride] = [flat, 0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const size = shape[axis] ?? 1;
      if (!axes.includes(axis)) {
        place += (rest % size) * stride;
        stride *= size;
      }
      rest = Math.floor(rest / size);
    }
    sums[place] = (sums[place] ?? 0) + value;
  }
  return sums;
}
