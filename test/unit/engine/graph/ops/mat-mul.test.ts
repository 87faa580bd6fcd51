// Matrix products: transposition on either side, leading axes that broadcast.
import { describe, expect, test } from "vitest";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { matMul } from "../../../../../src-main/engine/graph/ops/mat-mul.ts";
import { reshape } from "../../../../../src-main/engine/graph/ops/reshape.ts";
import type { Node } from "../../../../../src-main/engine/graph/types.ts";
import { messageOf, testValues } from "../../../../helpers/expect-op.ts";
import { tensor } from "../../../../helpers/seeded-tensors.ts";

describe("matMul", () => {
  testValues(
    "[[1, 2], [3, 4]] and [[5, 6], [7, 8]]",
    [tensor([2, 2], [1, 2, 3, 4]), tensor([2, 2], [5, 6, 7, 8])],
    (x, y) => {
      const [a, b] = [x as Node, y as Node];
      const batched = (node: Node) => reshape(node, [1, 2, 2]);
      return {
        plain: [matMul(a, b), [19, 22, 43, 50]],
        "first transposed": [matMul(a, b, true), [26, 30, 38, 44]],
        "second transposed": [matMul(a, b, false, true), [17, 23, 39, 53]],
        "both transposed": [matMul(a, b, true, true), [23, 31, 34, 46]],
        "transposed in a batch": [matMul(batched(a), batched(b), true, true), [23, 31, 34, 46]],
      };
    },
  );

  testValues(
    "leading axes broadcast",
    [tensor([2, 1, 1, 1], [1, 10]), tensor([1, 3, 1, 1], [1, 2, 3]), tensor([1, 1], [7])],
    (x, y, z) => ({
      "both ways": [matMul(x as Node, y as Node), [1, 2, 3, 10, 20, 30]],
      "where one has none": [matMul(x as Node, z as Node), [7, 70]],
    }),
  );

  test("messages name the op and what was found", () => {
    const [a, b] = [input("a", [2, 3]), input("b", [2, 3])];
    expect(messageOf(() => matMul(a, b))).toBe("matMul: inner sizes 3 and 2 of [2, 3] and [2, 3] differ.");
    expect(messageOf(() => matMul(a, input("v", [3])))).toBe("matMul: wants two float32 tensors of two or more axes.");
    expect(messageOf(() => matMul(input("c", [2, 1, 1]), input("d", [3, 1, 1])))).toBe(
      "matMul: [2] and [3] do not broadcast.",
    );
  });
});
