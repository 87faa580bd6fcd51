// Winograd's algorithm in place of convolutions: where it pays, forward and backward. Its numbers: winograd-convolution.test.ts.
import { describe, expect, test } from "vitest";
import { gradients } from "../../../../../src-main/engine/graph/gradients.ts";
import { graphOf, topologicalOrder } from "../../../../../src-main/engine/graph/graph.ts";
import { conv } from "../../../../../src-main/engine/graph/ops/conv.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { reduceSum } from "../../../../../src-main/engine/graph/ops/reduce-sum.ts";
import { useWinograd } from "../../../../../src-main/engine/graph/rewrites/use-winograd.ts";
import type { Node } from "../../../../../src-main/engine/graph/types.ts";
import { verifyGraph } from "../../../../../src-main/engine/graph/verify.ts";

interface Layer {
  readonly channels: number;
  readonly size: readonly [number, number];
  readonly dilation: number;
  readonly stride?: number;
}

/** A 3x3 convolution that keeps the size, with its gradients for x0 and x1 when all of the result's are 1. */
function layerGraph({ channels, size, dilation, stride = 1 }: Layer): Record<string, Node> {
  const [x, weight] = [input("x0", [1, channels, ...size]), input("x1", [channels, channels, 3, 3])];
  const attrs = {
    strides: [stride, stride],
    pads: [dilation, dilation, dilation, dilation],
    dilations: [dilation, dilation],
  } as const;
  const y = conv(x, weight, attrs);
  const [byX, byWeight] = gradients(reduceSum(y, [0, 1, 2, 3]), [x, weight]);
  return { y, byX: byX as Node, byWeight: byWeight as Node };
}

const convolutionsIn = (outputs: Record<string, Node>) =>
  topologicalOrder([...useWinograd(graphOf(outputs)).outputs.values()]).filter(({ op }) => op.name.startsWith("conv"))
    .length;

describe("useWinograd", () => {
  const layers: readonly Layer[] = [
    { channels: 256, size: [32, 64], dilation: 1 },
    { channels: 256, size: [31, 61], dilation: 2 },
    { channels: 512, size: [16, 33], dilation: 4 },
  ];

  test.each(layers)("keeps types of $channels channels at $size, dilation $dilation", (layer) => {
    const outputs = layerGraph(layer);
    const rewritten = useWinograd(graphOf(outputs));
    verifyGraph(rewritten);
    for (const [name, node] of Object.entries(outputs)) expect(rewritten.outputs.get(name)?.shape).toEqual(node.shape);
    expect(convolutionsIn(outputs)).toBeLessThan(3);
  });

  test("leaves strided convolutions alone", () => {
    expect(convolutionsIn(layerGraph({ channels: 256, size: [32, 64], dilation: 1, stride: 2 }))).toBe(3);
  });
});
