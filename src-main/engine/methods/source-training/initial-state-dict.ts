// The weights that training from scratch starts with.
import { elementCount, type StateDict, type StateTensor } from "../../checkpoints/state-dict.ts";
import { at } from "../../graph/node.ts";
import type { Shape } from "../../graph/types.ts";
import type { Architecture } from "../../models/architecture.ts";
import { createRandom, mixSeeds, type Random } from "../../random.ts";

/** Standard deviation of the head's weights. Source: spec "1.2 DeepLabv1", initialisation. */
const HEAD_DEVIATION = 0.01;

/**
 * Convolutions normal with variance 2 / (output channels · kernel area) (He et al. 2015, equation 14, which keeps the size
 * of the gradients), the head N(0, 0.01²), normalisation the identity, biases and the unused classifier 0.
 *
 * @param alpha  of every normalisation layer
 * @returns      in the order of the architecture's keys
 */
export function initialStateDict(architecture: Architecture, alpha: number, seed: number): StateDict {
  return new Map(
    [...architecture.keys].map(([key, shape], index): [string, StateTensor] => {
      if (key.endsWith(".num_batches_tracked")) return [key, { dtype: "int64", shape, data: new BigInt64Array(1) }];
      const data = new Float32Array(elementCount(shape));
      fill(data, key, shape, alpha, createRandom(mixSeeds(seed, index)));
      return [key, { dtype: "float32", shape, data }];
    }),
  );
}

function fill(data: Float32Array, key: string, shape: Shape, alpha: number, random: Random): void {
  if (key.endsWith(".alpha")) data.fill(alpha);
  else if (key.endsWith(".batch_norm.weight") || key.endsWith(".running_var")) data.fill(1);
  else if (shape.length === 4) fillNormal(data, deviationOf(key, shape), random);
}

function deviationOf(key: string, shape: Shape): number {
  if (key === "cls_head.weight") return HEAD_DEVIATION;
  return Math.sqrt(2 / (at(shape, 0) * at(shape, 2) * at(shape, 3)));
}

function fillNormal(data: Float32Array, deviation: number, random: Random): void {
  for (let i = 0; i < data.length; i++) data[i] = deviation * random.normal();
}
