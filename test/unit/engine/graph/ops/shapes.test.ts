// Ops that move numbers without computing any: reshape, transpose, reverse, slice, pad, concat, expand.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat } from "../../../../../src-main/engine/graph/ops/concat.ts";
import { expand } from "../../../../../src-main/engine/graph/ops/expand.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { pad } from "../../../../../src-main/engine/graph/ops/pad.ts";
import { reshape } from "../../../../../src-main/engine/graph/ops/reshape.ts";
import { reverse } from "../../../../../src-main/engine/graph/ops/reverse.ts";
import { slice } from "../../../../../src-main/engine/graph/ops/slice.ts";
import { transpose } from "../../../../../src-main/engine/graph/ops/transpose.ts";
import type { Node } from "../../../../../src-main/engine/graph/types.ts";
import { messageOf, testValues } from "../../../../helpers/expect-op.ts";
import { evaluate, onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { intTensor, tensor, uniform } from "../../../../helpers/seeded-tensors.ts";

describe("ops on shapes", () => {
  testValues("a matrix [[1, 2, 3], [4, 5, 6]]", [tensor([2, 3], [1, 2, 3, 4, 5, 6])], (x) => {
    const a = x as Node;
    return {
      "reshape keeps the order": [reshape(a, [3, 2]), [1, 2, 3, 4, 5, 6]],
      "transpose swaps rows and columns": [transpose(a, [1, 0]), [1, 4, 2, 5, 3, 6]],
      "reverse mirrors columns": [reverse(a, 1), [3, 2, 1, 6, 5, 4]],
      "reverse mirrors rows": [reverse(a, 0), [4, 5, 6, 1, 2, 3]],
      "slice takes a block": [slice(a, [0, 1], [1, 3]), [2, 3]],
      "slice takes every second column": [slice(a, [0, 0], [2, 3], [1, 2]), [1, 3, 4, 6]],
      "pad puts zeros around": [pad(a, [1, 0], [0, 1]), [0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0]],
      "concat joins rows": [concat([a, slice(a, [1, 0], [2, 3])], 0), [1, 2, 3, 4, 5, 6, 4, 5, 6]],
      "concat joins columns": [concat([a, slice(a, [0, 0], [2, 1])], 1), [1, 2, 3, 1, 4, 5, 6, 4]],
      "expand repeats": [expand(reshape(a, [2, 1, 3]), [2, 2, 3]), [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]],
    };
  });

  testValues("labels", [intTensor([1, 2, 2], [0, 255, 18, -1])], (x) => {
    const a = x as Node;
    return {
      reshape: [reshape(a, [4]), [0, 255, 18, -1]],
      reverse: [reverse(a, 2), [255, 0, -1, 18]],
      slice: [slice(a, [0, 0, 1], [1, 2, 2]), [255, -1]],
      concat: [concat([a, a], 0), [0, 255, 18, -1, 0, 255, 18, -1]],
      expand: [expand(a, [2, 2, 2]), [0, 255, 18, -1, 0, 255, 18, -1]],
    };
  });

  test("nothing is built where nothing changes", () => {
    const x = input("x", [2, 3]);
    const same = [
      reshape(x, [2, 3]),
      slice(x, [0, 0], [2, 3]),
      pad(x, [0, 0], [0, 0]),
      concat([x], 0),
      expand(x, [2, 3]),
    ];
    for (const node of same) expect(node).toBe(x);
  });

  test("transpose, reverse and pad are undone by their counterparts", async () => {
    const cases = fc.record({
      seed: fc.nat(),
      perm: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
      axis: fc.nat(2),
      counts: fc.array(fc.nat(3), { minLength: 6, maxLength: 6 }),
    });
    const property = fc.asyncProperty(cases, async ({ seed, perm, axis, counts }) => {
      const x = uniform([2, 3, 4], seed);
      const [before, after] = [counts.slice(0, 3), counts.slice(3)];
      const found = await evaluate(onnxRuntime, [x], (node) => {
        const a = node as Node;
        const inverse = perm.map((_, k) => perm.indexOf(k));
        const ends = a.shape.map((size, k) => size + (before[k] ?? 0));
        return {
          transposed: transpose(transpose(a, perm), inverse),
          reversed: reverse(reverse(a, axis), axis),
          padded: slice(pad(a, before, after), before, ends),
        };
      });
      for (const data of Object.values(found)) expect(data).toEqual(x.data);
    });
    await fc.assert(property, { seed: 5, numRuns: 20 });
  });

  test("messages name the op and what was found", () => {
    const x = input("x", [2, 3]);
    expect(messageOf(() => reshape(x, [4]))).toBe("reshape: [2,3] does not have the 4 elements of [4].");
    expect(messageOf(() => transpose(x, [0, 0]))).toBe("transpose: [0,0] is no order of the axes of [2,3].");
    expect(messageOf(() => reverse(x, 2))).toBe("reverse: [2,3] has no axis 2.");
    expect(messageOf(() => slice(x, [0, 0], [2, 4]))).toBe("slice: 0:4:1 is not inside axis 1 of [2,3].");
    expect(messageOf(() => slice(x, [0], [1]))).toBe("slice: wants a start, an end and a step for each axis of [2,3].");
    expect(messageOf(() => pad(x, [-1, 0], [0, 0]))).toBe("pad: counts [-1,0] and [0,0] are not all positive.");
    expect(messageOf(() => pad(x, [1], [1]))).toBe("pad: wants two counts for each axis of [2,3].");
    expect(messageOf(() => concat([x, input("y", [3, 3])], 1))).toBe("concat: [3,3] does not join [2,3] along axis 1.");
    expect(messageOf(() => expand(x, [2, 4]))).toBe("expand: [2, 3] and [2, 4] do not broadcast.");
    expect(messageOf(() => expand(x, [1, 3]))).toBe("expand: [2,3] does not broadcast to [1,3].");
  });
});
