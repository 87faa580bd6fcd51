// Rectified normalisations are computed again where the backward pass uses them; the numbers stay, the memory shrinks.
import { describe, expect, test } from "vitest";
import { gradients } from "../../../../../src-main/engine/graph/gradients.ts";
import { type Graph, graphOf, topologicalOrder } from "../../../../../src-main/engine/graph/graph.ts";
import { at } from "../../../../../src-main/engine/graph/node.ts";
import { batchNorm } from "../../../../../src-main/engine/graph/ops/batch-norm.ts";
import { conv } from "../../../../../src-main/engine/graph/ops/conv.ts";
import { reduceSum } from "../../../../../src-main/engine/graph/ops/reduce-sum.ts";
import { relu } from "../../../../../src-main/engine/graph/ops/relu.ts";
import { tanh } from "../../../../../src-main/engine/graph/ops/tanh.ts";
import { rematerialize } from "../../../../../src-main/engine/graph/rewrites/rematerialize.ts";
import type { Node } from "../../../../../src-main/engine/graph/types.ts";
import { verifyGraph } from "../../../../../src-main/engine/graph/verify.ts";
import { evaluateNamed, inputsFor, numbered, RUNTIMES } from "../../../../helpers/runtimes-under-test.ts";
import { tensor, uniform } from "../../../../helpers/seeded-tensors.ts";

const KEPT = { strides: [1, 1], pads: [1, 1, 1, 1] } as const;

/** x, the kernels before and after, then weight, bias, mean and variance of the normalisation between. */
const GIVEN = [
  uniform([2, 3, 5, 6], 1),
  uniform([4, 3, 3, 3], 2),
  uniform([3, 4, 3, 3], 3),
  uniform([4], 4),
  uniform([4], 5),
  uniform([4], 6),
  tensor([4], [0.5, 1, 1.5, 2]),
];

/** Convolution, normalisation, activation, convolution: the result, and gradients by all but the statistics. */
function block(inputs: readonly Node[], activate: (x: Node) => Node = relu): Record<string, Node> {
  const [x, before, after, weight, bias, mean, variance] = inputs as [Node, Node, Node, Node, Node, Node, Node];
  const normalized = batchNorm(conv(x, before, KEPT), weight, bias, mean, variance, 1e-5);
  const y = conv(activate(normalized), after, KEPT);
  const found = gradients(reduceSum(tanh(y), [0, 1, 2, 3]), inputs.slice(0, 5));
  return { y, ...Object.fromEntries(found.map((gradient, k) => [`gradient${k}`, gradient])) };
}

/** How many nodes read what the forward pass rectifies. */
function readersOfTheActivation(graph: Graph): number {
  const nodes = topologicalOrder([...graph.outputs.values()]);
  const activation = nodes.find(({ op, inputs }) => op.name === "relu" && inputs[0]?.op.name === "batchNorm");
  return nodes.filter(({ inputs }) => activation !== undefined && inputs.includes(activation)).length;
}

describe("rematerialize", () => {
  test("leaves the rectified normalisation to the next layer alone", () => {
    const graph = graphOf(block(inputsFor(GIVEN)));
    const rewritten = rematerialize(graph);
    verifyGraph(rewritten);
    expect(readersOfTheActivation(graph)).toBeGreaterThan(1);
    expect(readersOfTheActivation(rewritten)).toBe(1);
    for (const [name, { shape }] of graph.outputs) expect(rewritten.outputs.get(name)?.shape).toEqual(shape);
  });

  test.each(RUNTIMES)("gives the same results and gradients on %s", async (_, runtime) => {
    const outputs = block(inputsFor(GIVEN));
    const rewritten = Object.fromEntries(rematerialize(graphOf(outputs)).outputs);
    const expected = await evaluateNamed(runtime, numbered(GIVEN), outputs);
    const found = await evaluateNamed(runtime, numbered(GIVEN), rewritten);
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [name, values] of Object.entries(expected)) {
      for (const [k, value] of values.entries()) expect(at([...(found[name] ?? [])], k), name).toBeCloseTo(value, 4);
    }
  });

  test("changes nothing where another activation follows", () => {
    const graph = graphOf(block(inputsFor(GIVEN), tanh));
    const names = ({ outputs }: Graph) => topologicalOrder([...outputs.values()]).map(({ op }) => op.name);
    expect(names(rematerialize(graph))).toEqual(names(graph));
  });
});
