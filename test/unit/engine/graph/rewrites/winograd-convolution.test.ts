// Winograd's algorithms against the convolution ops they stand in for, at small sizes of every kind.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conv } from "../../../../../src-main/engine/graph/ops/conv.ts";
import { convFilterGradient } from "../../../../../src-main/engine/graph/ops/conv-filter-gradient.ts";
import { convOutputSize } from "../../../../../src-main/engine/graph/ops/conv-geometry.ts";
import { convInputGradient } from "../../../../../src-main/engine/graph/ops/conv-input-gradient.ts";
import { WINOGRAD_2, WINOGRAD_4 } from "../../../../../src-main/engine/graph/rewrites/winograd-algorithms.ts";
import { WinogradConvolution } from "../../../../../src-main/engine/graph/rewrites/winograd-convolution.ts";
import type { Node } from "../../../../../src-main/engine/graph/types.ts";
import { evaluate, onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { uniform } from "../../../../helpers/seeded-tensors.ts";
import "../../../../helpers/to-be-all-close.ts";
import { TOLERANCES } from "../../../../helpers/tolerances.ts";

const size = (max: number) => fc.integer({ min: 1, max });
const cases = fc
  .record({
    seed: fc.nat(),
    n: size(2),
    c: size(3),
    k: size(3),
    image: fc.tuple(size(11), size(11)),
    dilation: size(3),
    pad: fc.nat(4),
  })
  .filter(({ image, dilation, pad }) => Math.min(...image) + 2 * pad > 2 * dilation);

describe.each([
  ["F(2x2, 3x3)", WINOGRAD_2],
  ["F(4x4, 3x3)", WINOGRAD_4],
] as const)("%s", (_, algorithm) => {
  test("computes a convolution and both its gradients", async () => {
    const property = fc.asyncProperty(cases, async ({ seed, n, c, k, image, dilation, pad }) => {
      const attrs = {
        strides: [1, 1],
        pads: [pad, pad, pad, pad],
        dilations: [dilation, dilation],
        groups: 1,
      } as const;
      const [xShape, weightShape] = [
        [n, c, ...image],
        [k, c, 3, 3],
      ];
      const yShape = [n, k, ...convOutputSize("test", image, [3, 3], attrs)];
      const tensors = [uniform(xShape, seed), uniform(weightShape, seed + 1), uniform(yShape, seed + 2)];
      const winograd = new WinogradConvolution(algorithm, attrs);
      const found = await evaluate(onnxRuntime, tensors, (...nodes) => {
        const [x, weight, outGrad] = nodes as [Node, Node, Node];
        return {
          forward: winograd.forward(x, weight, yShape),
          byX: winograd.inputGradient(outGrad, weight, xShape),
          byWeight: winograd.filterGradient(x, outGrad, weightShape),
          plainForward: conv(x, weight, attrs),
          plainByX: convInputGradient(outGrad, weight, xShape, attrs),
          plainByWeight: convFilterGradient(x, outGrad, weightShape, attrs),
        };
      });
      expect(found.forward).toBeAllClose(found.plainForward, TOLERANCES.winograd);
      expect(found.byX).toBeAllClose(found.plainByX, TOLERANCES.winograd);
      expect(found.byWeight).toBeAllClose(found.plainByWeight, TOLERANCES.winograd);
    });
    await fc.assert(property, { seed: 17, numRuns: 40 });
  });
});
