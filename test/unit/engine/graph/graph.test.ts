// Graphs as data: order of computation, inputs, printing, verification.
import { describe, expect, test } from "vitest";
import { type Graph, graphOf, topologicalOrder } from "../../../../src-main/engine/graph/graph.ts";
import { add } from "../../../../src-main/engine/graph/ops/add.ts";
import { constant, scalar } from "../../../../src-main/engine/graph/ops/constant.ts";
import { conv } from "../../../../src-main/engine/graph/ops/conv.ts";
import { input } from "../../../../src-main/engine/graph/ops/input.ts";
import { neg } from "../../../../src-main/engine/graph/ops/neg.ts";
import { relu } from "../../../../src-main/engine/graph/ops/relu.ts";
import { printGraph } from "../../../../src-main/engine/graph/print.ts";
import type { Node } from "../../../../src-main/engine/graph/types.ts";
import { verifyGraph } from "../../../../src-main/engine/graph/verify.ts";

function smallGraph(): Graph {
  const x = input("x", [1, 3, 8, 8]);
  const y = conv(x, input("weight", [4, 3, 3, 3]), { pads: [2, 2, 2, 2], dilations: [2, 2] });
  return graphOf({ y: relu(y), shifted: add(y, scalar(0.5)) });
}

describe("topologicalOrder", () => {
  test("puts every node once, after all its inputs", () => {
    const x = input("x", [2]);
    const [left, right] = [neg(x), relu(x)];
    const both = add(left, right);
    const order = topologicalOrder([both, left]);
    expect(order).toHaveLength(4);
    for (const node of order) {
      for (const used of node.inputs) expect(order.indexOf(used)).toBeLessThan(order.indexOf(node));
    }
  });

  test("does not overflow the stack on a chain of 10,000 nodes", () => {
    let node: Node = input("x", []);
    for (let k = 0; k < 10_000; k += 1) node = add(node, node);
    expect(topologicalOrder([node])).toHaveLength(10_001);
  });
});

describe("graphOf", () => {
  test("lists the inputs that outputs reach, by name", () => {
    expect([...smallGraph().inputs.keys()]).toEqual(["x", "weight"]);
  });

  test("takes two inputs of one name and type for one", () => {
    expect(graphOf({ sum: add(input("x", [1]), input("x", [1])) }).inputs.size).toBe(1);
  });

  test("refuses two inputs of one name and different types", () => {
    const sum = add(input("x", [1]), input("x", [2]));
    expect(() => graphOf({ sum })).toThrow('two graph inputs of different types are named "x"');
  });
});

describe("printGraph", () => {
  test("gives one line a node and one an output", () => {
    expect(printGraph(smallGraph())).toMatchInlineSnapshot(`
      "%0 = input() {name=x shape=[1,3,8,8] dtype=float32} : float32[1, 3, 8, 8]
      %1 = input() {name=weight shape=[4,3,3,3] dtype=float32} : float32[4, 3, 3, 3]
      %2 = conv(%0, %1) {strides=[1,1] pads=[2,2,2,2] dilations=[2,2] groups=1} : float32[1, 4, 8, 8]
      %3 = relu(%2) : float32[1, 4, 8, 8]
      %4 = constant() {data=[0.5] shape=[]} : float32[]
      %5 = add(%2, %4) : float32[1, 4, 8, 8]
      y <- %3
      shifted <- %5"
    `);
  });

  test("counts the numbers of large constants instead of listing them", () => {
    expect(printGraph(graphOf({ y: constant(new Float32Array(100), [10, 10]) }))).toContain("data=<100 numbers>");
  });
});

describe("verifyGraph", () => {
  test("passes a graph that was built by ops", () => {
    expect(() => verifyGraph(smallGraph())).not.toThrow();
  });

  test("names a node whose recorded type is wrong", () => {
    const wrong: Node = { ...neg(input("x", [2, 3])), shape: [3, 2] };
    expect(() => verifyGraph(graphOf({ y: relu(wrong) }))).toThrow("neg is recorded as float32[3,2], its inputs give");
  });
});
