// A rewrite for training: cheap activations are computed again in the backward pass instead of being kept from the forward one.
import type { Graph } from "../graph.ts";
import { at } from "../node.ts";
import { add } from "../ops/add.ts";
import { batchNormOp } from "../ops/batch-norm.ts";
import { channelAffine } from "../ops/channel-affine.ts";
import { scalar } from "../ops/constant.ts";
import { convFilterGradientOp } from "../ops/conv-filter-gradient.ts";
import { div } from "../ops/div.ts";
import { mul } from "../ops/mul.ts";
import { relu, reluOp } from "../ops/relu.ts";
import { sqrt } from "../ops/sqrt.ts";
import { step, stepOp } from "../ops/step.ts";
import { sub } from "../ops/sub.ts";
import type { Node } from "../types.ts";
import { rewriteNodes } from "./rewrite-nodes.ts";

/**
 * Where the backward pass uses relu(batchNorm(x)), the same graph with that computed anew from x, which batch
 * normalisation keeps anyway. One pass over memory for each use; a network of bottlenecks keeps a sixth less.
 */
export function rematerialize(graph: Graph): Graph {
  return rewriteNodes(graph, withRecomputedInput);
}

/** Only these two uses of an activation are in backward passes alone. */
function withRecomputedInput(node: Node): Node {
  const [activation] = node.inputs;
  const normalized = activation === undefined ? undefined : normalizedInput(activation);
  if (normalized !== undefined && node.op.name === stepOp.name) return step(recomputed(normalized));
  if (normalized !== undefined && node.op.name === convFilterGradientOp.name) {
    return { ...node, inputs: [relu(recomputed(normalized)), at(node.inputs, 1)] };
  }
  return node;
}

/** The batch normalisation whose rectified result this is. */
function normalizedInput(node: Node): Node | undefined {
  const [source] = node.inputs;
  return node.op.name === reluOp.name && source?.op.name === batchNormOp.name ? source : undefined;
}

/** The same normalisation in other words, so that merging common expressions does not undo the rewrite. */
function recomputed(node: Node): Node {
  const [x, weight, bias, mean, variance] = node.inputs as [Node, Node, Node, Node, Node];
  const scale = div(weight, sqrt(add(variance, scalar(Number(node.attrs.epsilon)))));
  return channelAffine(x, scale, sub(bias, mul(mean, scale)));
}
