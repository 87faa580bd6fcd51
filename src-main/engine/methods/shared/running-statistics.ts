// The running statistics of normalisation layers after one training pass, as graph.
import { add } from "../../graph/ops/add.ts";
import { scalar } from "../../graph/ops/constant.ts";
import { input } from "../../graph/ops/input.ts";
import { mul } from "../../graph/ops/mul.ts";
import type { Node } from "../../graph/types.ts";
import type { GraphScope } from "../../models/model-scope.ts";
import { BATCH_NORM_MOMENTUM, normKeys } from "../../models/normalization.ts";

/**
 * running ← 0.9·running + 0.1·(what the layer saw), for every layer of the scope, by the keys of the state dict; the
 * running statistics before are inputs of the same keys, float32 [C]. Source: spec "2. SaN layer".
 */
export function runningStatistics(scope: Pick<GraphScope, "flavour" | "statistics">): Record<string, Node> {
  const updated: Record<string, Node> = {};
  for (const [layer, { mean, unbiasedVariance }] of scope.statistics) {
    const keys = normKeys(layer, scope.flavour);
    updated[keys.mean] = drifted(input(keys.mean, mean.shape), mean);
    updated[keys.variance] = drifted(input(keys.variance, unbiasedVariance.shape), unbiasedVariance);
  }
  return updated;
}

function drifted(running: Node, seen: Node): Node {
  return add(mul(running, scalar(1 - BATCH_NORM_MOMENTUM)), mul(seen, scalar(BATCH_NORM_MOMENTUM)));
}
