// Reverse-mode differentiation: chains, shared values, what cannot be reached, and rules that are wrong.
import { describe, expect, test } from "vitest";
import { gradient, gradients } from "../../../../src-main/engine/graph/gradients.ts";
import { graphOf } from "../../../../src-main/engine/graph/graph.ts";
import { apply } from "../../../../src-main/engine/graph/node.ts";
import { add } from "../../../../src-main/engine/graph/ops/add.ts";
import { argMax } from "../../../../src-main/engine/graph/ops/arg-max.ts";
import { cast } from "../../../../src-main/engine/graph/ops/cast.ts";
import { exp } from "../../../../src-main/engine/graph/ops/exp.ts";
import { input } from "../../../../src-main/engine/graph/ops/input.ts";
import { mul } from "../../../../src-main/engine/graph/ops/mul.ts";
import { neg, negOp } from "../../../../src-main/engine/graph/ops/neg.ts";
import { reduceSum } from "../../../../src-main/engine/graph/ops/reduce-sum.ts";
import { printGraph } from "../../../../src-main/engine/graph/print.ts";
import type { Node } from "../../../../src-main/engine/graph/types.ts";
import { evaluate, tfjsRuntime } from "../../../helpers/runtimes-under-test.ts";
import { tensor } from "../../../helpers/seeded-tensors.ts";
import "../../../helpers/to-be-all-close.ts";

/** Values of gradients at a place; the loss is a function of x0, x1, … */
async function gradientsAt(places: readonly number[][], loss: (...nodes: Node[]) => Node): Promise<number[][]> {
  const tensors = places.map((values) => tensor([values.length], values));
  const results = await evaluate(tfjsRuntime, tensors, (...nodes) =>
    Object.fromEntries(gradients(loss(...nodes), nodes).map((node, k) => [String(k), node])),
  );
  return places.map((_, k) => [...(results[String(k)] ?? [])]);
}

const sum = (x: Node) => reduceSum(x, [0]);

describe("gradients", () => {
  test("follow a chain", async () => {
    const [found] = await gradientsAt([[0, 1]], (x) => sum(exp(neg(exp(x as Node)))));
    expect(found).toBeAllClose([0, 1].map((x) => -Math.exp(x - Math.exp(x))));
  });

  test("add up where a value is used several times", async () => {
    // x² + 3x with x used three times, and y² under one node used twice
    const [byX, byY] = await gradientsAt([[2], [5]], (a, b) => {
      const [x, y] = [a as Node, b as Node];
      const square = mul(x, x);
      return sum(add(add(square, add(x, add(x, x))), mul(y, y)));
    });
    expect(byX).toEqual([7]);
    expect(byY).toEqual([10]);
  });

  test("of a node in the middle and of the loss itself", async () => {
    const results = await evaluate(tfjsRuntime, [tensor([1], [3])], (x) => {
      const middle = mul(x as Node, x as Node);
      const loss = sum(mul(middle, middle));
      const [byMiddle, byLoss, byX] = gradients(loss, [middle, loss, x as Node]);
      return { byMiddle: byMiddle as Node, byLoss: byLoss as Node, byX: byX as Node };
    });
    expect([...results.byMiddle, ...results.byLoss, ...results.byX]).toEqual([18, 1, 108]);
  });

  test("are zeros of the right shape for what the loss does not depend on", async () => {
    const found = await gradientsAt(
      [
        [1, 2],
        [3, 4, 5],
      ],
      (x) => sum(x as Node),
    );
    expect(found).toEqual([
      [1, 1],
      [0, 0, 0],
    ]);
  });

  test("are zeros behind an op that has none", async () => {
    const found = await gradientsAt([[1, 2]], (x) => cast(argMax(x as Node, 0), "float32"));
    expect(found).toEqual([[0, 0]]);
  });

  test("build nothing for inputs nobody asks about", () => {
    const [x, weight] = [input("x", [2]), input("weight", [2])];
    const printed = printGraph(graphOf({ g: gradient(sum(mul(x, weight)), weight) }));
    expect(printed).toContain("input() {name=x");
    expect(printed).not.toContain("name=weight");
  });

  test("refuse a loss of more than one number", () => {
    const x = input("x", [2]);
    expect(() => gradients(x, [x])).toThrow("the loss has 2 elements, not one");
  });

  test("name the op whose rule returns another shape", () => {
    const broken = { ...negOp, gradient: (_: Node, outGrad: Node) => [sum(outGrad)] };
    const x = input("x", [2]);
    expect(() => gradients(sum(apply(broken, {}, [x])), [x])).toThrow(
      /gradient of neg for input 0: shape {2}instead of 2/,
    );
  });
});
