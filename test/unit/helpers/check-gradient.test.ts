// The gradient checker itself: it lets right rules pass and catches wrong ones.
import { describe, expect, test } from "vitest";
import { apply } from "../../../src-main/engine/graph/node.ts";
import { filled } from "../../../src-main/engine/graph/ops/constant.ts";
import { convOp } from "../../../src-main/engine/graph/ops/conv.ts";
import { exp, expOp } from "../../../src-main/engine/graph/ops/exp.ts";
import { mul, mulOp } from "../../../src-main/engine/graph/ops/mul.ts";
import { neg } from "../../../src-main/engine/graph/ops/neg.ts";
import { reverse } from "../../../src-main/engine/graph/ops/reverse.ts";
import type { Node, NodeOf, PerInput } from "../../../src-main/engine/graph/types.ts";
import { checkGradient } from "../../helpers/check-gradient.ts";
import { onnxRuntime } from "../../helpers/runtimes-under-test.ts";
import { uniform } from "../../helpers/seeded-tensors.ts";

const place = [uniform([3, 4], 7), uniform([3, 4], 8)];

describe("checkGradient", () => {
  test("passes a right rule", async () => {
    const product = {
      inputs: place,
      build: (a: Node | undefined, b: Node | undefined) => mul(exp(a as Node), b as Node),
    };
    await expect(checkGradient(onnxRuntime, product, 1)).resolves.toBeDefined();
  });

  test("catches a rule of the wrong sign, and names the input", async () => {
    const wrong = {
      ...mulOp,
      gradient: (node: Node, g: Node) => [mul(g, node.inputs[1] as Node), neg(mul(g, node.inputs[0] as Node))],
    };
    const build = (...inputs: Node[]) => apply(wrong, {}, inputs);
    await expect(checkGradient(onnxRuntime, { inputs: place, build }, 1)).rejects.toThrow("gradient for input 1 [3,4]");
  });

  test("catches a rule that is off by one percent", async () => {
    const wrong = { ...expOp, gradient: (node: Node, g: Node) => [mul(mul(g, node), filled(node.shape, 1.01))] };
    const build = (x: Node | undefined) => apply(wrong, {}, [x as Node]);
    await expect(checkGradient(onnxRuntime, { inputs: place.slice(0, 1), build }, 1)).rejects.toThrow(
      "gradient for input 0",
    );
  });

  test("catches a filter gradient whose taps are in the wrong order", async () => {
    const wrong = {
      ...convOp,
      gradient: (node: NodeOf<typeof convOp>, g: Node): PerInput<Node, ["x", "weight"]> => {
        const [byX, byWeight] = convOp.gradient(node, g);
        return [byX as Node, reverse(byWeight as Node, 3)];
      },
    };
    const attrs = { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], groups: 1 } as const;
    const inputs = [uniform([1, 2, 4, 4], 1), uniform([2, 2, 3, 3], 2)];
    const build = (x: Node | undefined, weight: Node | undefined) => apply(wrong, attrs, [x as Node, weight as Node]);
    await expect(checkGradient(onnxRuntime, { inputs, build }, 1)).rejects.toThrow("gradient for input 1 [2,2,3,3]");
  });
});
