// A rewrite for training: cheap activations are computed again in the backward pass instead of being kept from the forward one.
import type { Graph } from "../graph.ts";
import { at } from "../node.ts";
import { add } from "../ops/add.ts";
import { batchNorm, batchNormOp } from "../ops/batch-norm.ts";
import { channelAffine, channelAffineOp } from "../ops/channel-affine.ts";
import { filled, scalar } from "../ops/constant.ts";
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
 * Where the backward pass uses relu(batchNorm(x)), or relu(channelAffine(x)) as normalisation by running statistics is, the same
 * graph with that computed anew from x, which both keep anyway. One pass over memory for each use; a network of bottlenecks keeps a sixth less.
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

/** The normalisation whose rectified result this is. */
function normalizedInput(node: Node): Node | undefined {
  const [source] = node.inputs;
  return node.op.name === reluOp.name && source !== undefined && NORMALIZATIONS.has(source.op.name)
    ? source
    : undefined;
}

const NORMALIZATIONS = new Set([batchNormOp.name, channelAffineOp.name]);

/** The same normalisation in other words, so that merging common expressions does not undo the rewrite. */
function recomputed(node: Node): Node {
  return node.op.name === batchNormOp.name ? recomputedBatchNorm(node) : recomputedAffine(node);
}

/** (x − 0) / sqrt(4) · 2·scale + shift: powers of two change no bit. */
function recomputedAffine(node: Node): Node {
  const [x, scale, shift] = node.inputs as [Node, Node, Node];
  return batchNorm(x, mul(scale, scalar(2)), shift, filled(scale.shape, 0), filled(scale.shape, 4), 0);
}

function recomputedBatchNorm(node: Node): Node {
  const [x, weight, bias, mean, variance] = node.inputs as [Node, Node, Node, Node, Node];
  const scale = div(weight, sqrt(add(variance, scalar(Number(node.attrs.epsilon)))));
  return channelAffine(x, scale, sub(bias, mul(mean, scale)));
}
