// Equal computations become one, different ones stay apart, and the result is the same.
import { describe, expect, test } from "vitest";
import { type Graph, graphOf, topologicalOrder } from "../../../../../src-main/engine/graph/graph.ts";
import { add } from "../../../../../src-main/engine/graph/ops/add.ts";
import { constant, scalar } from "../../../../../src-main/engine/graph/ops/constant.ts";
import { exp } from "../../../../../src-main/engine/graph/ops/exp.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { mul } from "../../../../../src-main/engine/graph/ops/mul.ts";
import { reduceSum } from "../../../../../src-main/engine/graph/ops/reduce-sum.ts";
import { sub } from "../../../../../src-main/engine/graph/ops/sub.ts";
import { eliminateCommonSubexpressions } from "../../../../../src-main/engine/graph/rewrites/eliminate-common-subexpressions.ts";
import type { Node } from "../../../../../src-main/engine/graph/types.ts";
import { verifyGraph } from "../../../../../src-main/engine/graph/verify.ts";

const nodes = (graph: Graph) => topologicalOrder([...graph.outputs.values()]).map(({ op }) => op.name);

function lean(outputs: Readonly<Record<string, Node>>): Graph {
  const graph = eliminateCommonSubexpressions(graphOf(outputs));
  verifyGraph(graph);
  return graph;
}

describe("eliminateCommonSubexpressions", () => {
  test("merges equal expressions, however deep", () => {
    const x = input("x", [2]);
    const graph = lean({ y: add(exp(mul(x, scalar(2))), exp(mul(x, scalar(2)))) });
    expect(nodes(graph)).toEqual(["input", "constant", "mul", "exp", "add"]);
  });

  test("keeps apart what differs in order, attributes or constants", () => {
    const [x, y] = [input("x", [2, 2]), input("y", [2, 2])];
    const sums = [reduceSum(x, [0]), reduceSum(x, [1])];
    const graph = lean({
      a: sub(x, y),
      b: sub(y, x),
      c: sums[0] as Node,
      d: sums[1] as Node,
      e: mul(x, scalar(2)),
      f: mul(x, scalar(-2)),
    });
    expect(nodes(graph).filter((name) => !["input", "constant"].includes(name))).toHaveLength(6);
  });

  test("keeps apart constants of equal bytes but other types or shapes", () => {
    const bits = constant(Int32Array.of(1, 2), [2]);
    const floats = constant(new Float32Array(Int32Array.of(1, 2).buffer), [2]);
    const column = constant(Int32Array.of(1, 2), [2, 1]);
    expect(nodes(lean({ bits, floats, column }))).toHaveLength(3);
  });

  test("leaves names of outputs alone when they become one value", () => {
    const x = input("x", [2]);
    const graph = lean({ a: exp(x), b: exp(x) });
    expect([...graph.outputs.keys()]).toEqual(["a", "b"]);
    expect(graph.outputs.get("a")).toBe(graph.outputs.get("b"));
  });
});
