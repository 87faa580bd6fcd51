// Bilinear interpolation: both ways to place pixels, small and large enlargements, the matrices behind it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { interpolationMatrix } from "../../../../../src-main/engine/graph/ops/interpolation-matrix.ts";
import { resizeBilinear } from "../../../../../src-main/engine/graph/ops/resize-bilinear.ts";
import type { Node } from "../../../../../src-main/engine/graph/types.ts";
import { messageOf, testValues } from "../../../../helpers/expect-op.ts";
import { tensor } from "../../../../helpers/seeded-tensors.ts";
import "../../../../helpers/to-be-all-close.ts";

describe("resizeBilinear", () => {
  testValues("a line 0, 12", [tensor([1, 1, 1, 2], [0, 12])], (x) => {
    const line = x as Node;
    return {
      "aligned corners keep the ends": [resizeBilinear(line, [1, 4], true), [0, 4, 8, 12]],
      "half-pixel centres clamp at the ends": [resizeBilinear(line, [1, 4], false), [0, 3, 9, 12]],
      "one pixel is the first with aligned corners": [resizeBilinear(line, [1, 1], true), [0]],
      "one pixel is the middle with half-pixel centres": [resizeBilinear(line, [1, 1], false), [6]],
      "large enlargements do the same": [
        resizeBilinear(line, [4, 9], true),
        Array.from({ length: 36 }, (_, k) => 1.5 * (k % 9)),
      ],
    };
  });

  testValues("a square 0, 1, 2, 3 with its centre", [tensor([1, 1, 2, 2], [0, 1, 2, 3])], (x) => ({
    "aligned corners": [resizeBilinear(x as Node, [3, 3], true), [0, 0.5, 1, 1, 1.5, 2, 2, 2.5, 3]],
    "half-pixel centres": [resizeBilinear(x as Node, [3, 3], false), [0, 0.5, 1, 1, 1.5, 2, 2, 2.5, 3]],
  }));

  testValues(
    "shrinking skips pixels instead of averaging them",
    [tensor([1, 1, 1, 8], [0, 1, 2, 3, 4, 5, 6, 7])],
    (x) => ({
      "aligned corners": [resizeBilinear(x as Node, [1, 2], true), [0, 7]],
      "half-pixel centres": [resizeBilinear(x as Node, [1, 2], false), [1.5, 5.5]],
    }),
  );

  test("nothing is built where the size stays", () => {
    const x = input("x", [1, 2, 3, 4]);
    expect(resizeBilinear(x, [3, 4], true)).toBe(x);
  });

  test("every row of the matrix sums to one", () => {
    const sizes = fc.integer({ min: 1, max: 40 });
    const property = fc.property(sizes, sizes, fc.boolean(), (inSize, outSize, alignCorners) => {
      const matrix = interpolationMatrix(inSize, outSize, alignCorners);
      const sums = Array.from({ length: outSize }, (_, row) =>
        matrix.slice(row * inSize, (row + 1) * inSize).reduce((sum, value) => sum + value, 0),
      );
      expect(sums).toBeAllClose(sums.map(() => 1));
    });
    fc.assert(property, { seed: 3 });
  });

  test("messages name the op and what was found", () => {
    expect(messageOf(() => resizeBilinear(input("x", [1, 1, 2, 2]), [0, 4], true))).toBe(
      "resizeBilinear: there is no size [0,4].",
    );
    expect(messageOf(() => resizeBilinear(input("x", [2, 2]), [4, 4], true))).toBe(
      "resizeBilinear: wants a tensor [N, C, H, W], found [2, 2].",
    );
  });
});
