// Rectified normalisations are computed again where the backward pass uses them; the numbers stay, the memory shrinks.
import { describe, expect, test } from "vitest";
import { gradients } from "../../../../../src-main/engine/graph/gradients.ts";
import { type Graph, graphOf, topologicalOrder } from "../../../../../src-main/engine/graph/graph.ts";
import { at } from "../../../../../src-main/engine/graph/node.ts";
import { batchNorm } from "../../../../../src-main/engine/graph/ops/batch-norm.ts";
import { channelAffine } from "../../../../../src-main/engine/graph/ops/channel-affine.ts";
import { conv } from "../../../../../src-main/engine/graph/ops/conv.ts";
import { reduceSum } from "../../../../../src-main/engine/graph/ops/reduce-sum.ts";
import { relu } from "../../../../../src-main/engine/graph/ops/relu.ts";
import { tanh } from "../../../../../src-main/engine/graph/ops/tanh.ts";
import { eliminateCommonSubexpressions } from "../../../../../src-main/engine/graph/rewrites/eliminate-common-subexpressions.ts";
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
function block(
  inputs: readonly Node[],
  activate: (x: Node) => Node = relu,
  statistics: "batch" | "running" = "batch",
): Record<string, Node> {
  const [x, before, after, weight, bias, mean, variance] = inputs as [Node, Node, Node, Node, Node, Node, Node];
  const convolved = conv(x, before, KEPT);
  const normalized =
    statistics === "batch"
      ? batchNorm(convolved, weight, bias, mean, variance, 1e-5)
      : channelAffine(convolved, weight, bias);
  const y = conv(activate(normalized), after, KEPT);
  const found = gradients(reduceSum(tanh(y), [0, 1, 2, 3]), inputs.slice(0, 5));
  return { y, ...Object.fromEntries(found.map((gradient, k) => [`gradient${k}`, gradient])) };
}

/** How many nodes read what the forward pass rectifies. */
function readersOfTheActivation(graph: Graph): number {
  const nodes = topologicalOrder([...graph.outputs.values()]);
  const activation = nodes.find(({ op, inputs }) => op.name === "relu" && inputs[0]?.inputs[0]?.op.name === "conv");
  return nodes.filter(({ inputs }) => activation !== undefined && inputs.includes(activation)).length;
}

describe("rematerialize", () => {
  test.each(["batch", "running"] as const)(
    "leaves what is normalised by %s statistics and rectified to the next layer alone",
    (statistics) => {
      const graph = graphOf(block(inputsFor(GIVEN), relu, statistics));
      const rewritten = rematerialize(graph);
      verifyGraph(rewritten);
      expect(readersOfTheActivation(graph)).toBeGreaterThan(1);
      expect(readersOfTheActivation(rewritten)).toBe(1);
      expect(readersOfTheActivation(eliminateCommonSubexpressions(rewritten))).toBe(1);
      for (const [name, { shape }] of graph.outputs) expect(rewritten.outputs.get(name)?.shape).toEqual(shape);
    },
  );

  test.each(RUNTIMES)("gives the same numbers, to the bit, by running statistics on %s", async (_, runtime) => {
    const outputs = block(inputsFor(GIVEN), relu, "running");
    const rewritten = Object.fromEntries(rematerialize(graphOf(outputs)).outputs);
    const expected = await evaluateNamed(runtime, numbered(GIVEN), outputs);
    expect(await evaluateNamed(runtime, numbered(GIVEN), rewritten)).toEqual(expected);
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
