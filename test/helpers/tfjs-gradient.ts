// The outside oracle for gradient rules: TensorFlow.js differentiates the lowering of a graph by itself.
import type { Tensor } from "@tensorflow/tfjs";
import { topologicalOrder } from "../../src-main/engine/graph/graph.ts";
import type { Node, TensorData, Tfjs } from "../../src-main/engine/graph/types.ts";
import type { GradientCase } from "./check-gradient.ts";
import { inputsFor, loadedTfjs } from "./runtimes-under-test.ts";
import type { TestTensor } from "./seeded-tensors.ts";

/** Gradients of Σ weights · build(inputs), by position of the input, without any gradient rule of ours. */
export function tfjsGradients(testCase: GradientCase, weights: TestTensor): ReadonlyMap<number, TensorData> {
  const { tf } = loadedTfjs;
  const nodes = inputsFor(testCase.inputs);
  const result = testCase.build(...nodes);
  const by = testCase.by ?? nodes.map((_, position) => position);
  let gradients: ReadonlyMap<number, TensorData> = new Map();
  tf.tidy(() => {
    const fixed = testCase.inputs.map((tensor) => uploaded(tf, tensor));
    const loss = (...variables: Tensor[]) => {
      const given = new Map(nodes.map((node, k) => [node, variables[by.indexOf(k)] ?? (fixed[k] as Tensor)]));
      return tf.sum(tf.mul(interpreted(tf, result, given), uploaded(tf, weights)));
    };
    const found = tf.grads(loss as (...args: Tensor[]) => Tensor)(by.map((position) => fixed[position] as Tensor));
    gradients = new Map(by.map((position, k) => [position, found[k]?.dataSync() as TensorData]));
  });
  return gradients;
}

function interpreted(tf: Tfjs, result: Node, given: ReadonlyMap<Node, Tensor>): Tensor {
  const values = new Map(given);
  for (const node of topologicalOrder([result])) {
    if (values.has(node)) continue;
    values.set(
      node,
      node.op.tfjs(
        tf,
        node,
        node.inputs.map((input) => values.get(input) as Tensor),
      ),
    );
  }
  return values.get(result) as Tensor;
}

function uploaded(tf: Tfjs, { data, shape }: TestTensor): Tensor {
  return tf.tensor(data, [...shape]);
}
