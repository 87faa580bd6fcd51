// The momentum network: a copy of the student at first, then its moving average.
import { type Graph, graphOf } from "../../graph/graph.ts";
import { add } from "../../graph/ops/add.ts";
import { scalar } from "../../graph/ops/constant.ts";
import { input } from "../../graph/ops/input.ts";
import { mul } from "../../graph/ops/mul.ts";
import { reduceSum } from "../../graph/ops/reduce-sum.ts";
import { sqrt } from "../../graph/ops/sqrt.ts";
import { sub } from "../../graph/ops/sub.ts";
import type { Node } from "../../graph/types.ts";
import type { Architecture } from "../../models/architecture.ts";
import { scaled } from "../../training/optimizers/scaled.ts";

/** Before the key of the teacher's tensor, beside the student's of that key. */
export const TEACHER_PREFIX = "slow_net.";

/** What averages: weights, biases and running statistics. Counts stay as they are. */
export function averagedKeys({ keys }: Pick<Architecture, "keys">): string[] {
  return [...keys.keys()].filter((key) => !key.endsWith(".num_batches_tracked"));
}

/**
 * θ_T ← m·θ_T + (1 − m)·θ_S for every averaged key, and Σ ‖θ_T − θ_S‖₂ after it. Source: spec "7.6 Teacher".
 *
 * Inputs: the student's tensors by key, the teacher's as `slow_net.KEY`. Outputs: `slow_net.KEY`; `distance` float32 [].
 */
export function teacherUpdateGraph(architecture: Architecture, momentum: number): Graph {
  const outputs: Record<string, Node> = {};
  let distance: Node = scalar(0);
  for (const key of averagedKeys(architecture)) {
    const shape = architecture.keys.get(key) ?? [];
    const [student, teacher] = [input(key, shape), input(`${TEACHER_PREFIX}${key}`, shape)];
    // Two products and a sum, as the original rounds.
    const average = add(scaled(scalar(momentum), teacher), scaled(scalar(1 - momentum), student));
    outputs[`${TEACHER_PREFIX}${key}`] = average;
    distance = add(distance, norm(sub(average, student)));
  }
  return graphOf({ ...outputs, distance });
}

function norm(x: Node): Node {
  return sqrt(
    reduceSum(
      mul(x, x),
      x.shape.map((_, axis) => axis),
    ),
  );
}
