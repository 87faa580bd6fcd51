// A rewrite for training: cheap activations are computed again in the backward pass instead of being kept from the forward one.
import type { Graph } from "../graph.ts";
import { isMadeBy } from "../node.ts";
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
import type { Node, NodeOf } from "../types.ts";
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
  if (isMadeBy(node, stepOp)) {
    const normalized = recomputedNormalization(node.inputs[0]);
    return normalized === undefined ? node : step(normalized);
  }
  if (isMadeBy(node, convFilterGradientOp)) {
    const [activation, outGrad] = node.inputs;
    const normalized = recomputedNormalization(activation);
    return normalized === undefined ? node : { ...node, inputs: [relu(normalized), outGrad] };
  }
  return node;
}

/**
 * The normalisation whose rectified result a node is, if it is one: in other words, so that merging common expressions does not
 * undo the rewrite.
 */
function recomputedNormalization(activation: Node): Node | undefined {
  if (!isMadeBy(activation, reluOp)) return undefined;
  const [source] = activation.inputs;
  if (isMadeBy(source, batchNormOp)) return recomputedBatchNorm(source);
  if (isMadeBy(source, channelAffineOp)) return recomputedAffine(source);
  return undefined;
}

/** (x − 0) / sqrt(4) · 2·scale + shift: powers of two change no bit. */
function recomputedAffine(node: NodeOf<typeof channelAffineOp>): Node {
  const [x, scale, shift] = node.inputs;
  return batchNorm(x, mul(scale, scalar(2)), shift, filled(scale.shape, 0), filled(scale.shape, 4), 0);
}

function recomputedBatchNorm(node: NodeOf<typeof batchNormOp>): Node {
  const [x, weight, bias, mean, variance] = node.inputs;
  const scale = div(weight, sqrt(add(variance, scalar(node.attrs.epsilon))));
  return channelAffine(x, scale, sub(bias, mul(mean, scale)));
}
