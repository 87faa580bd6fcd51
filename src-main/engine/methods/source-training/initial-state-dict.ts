// The weights that training starts with where no file gives them.
import { elementCount, type StateDict, type StateTensor } from "../../checkpoints/state-dict.ts";
import { at } from "../../graph/node.ts";
import type { Shape } from "../../graph/types.ts";
import type { Architecture } from "../../models/architecture.ts";
import { createRandom, mixSeeds, type Random } from "../../random.ts";

/** Standard deviation of DeepLabv1's head. Source: spec "1.2 DeepLabv1", initialisation. */
const HEAD_DEVIATION = 0.01;
/** DeepLabv3+'s head. */
const DECODER = "model.classifier.";
/** The one bias that does not start as 0, but uniform in ±1/sqrt(fan-in). Source: spec "1.3 DeepLabv3+", initialisation. */
const DECODER_BIAS = `${DECODER}classifier.3.bias`;
const DECODER_WEIGHT = `${DECODER}classifier.3.weight`;

/**
 * Convolutions normal with variance 2 / (output channels · kernel area) (He et al. 2015, equation 14, which keeps the size
 * of the gradients), in DeepLabv3+'s head 2 / (input channels · kernel area); DeepLabv1's head N(0, 0.01²); normalisation
 * the identity; biases and the unused classifier 0. Source: spec "1.2" and "1.3", initialisation.
 *
 * @param alpha  of every normalisation layer
 * @returns      in the order of the architecture's keys
 */
export function initialStateDict({ keys }: Pick<Architecture, "keys">, alpha: number, seed: number): StateDict {
  const decoderInputs = keys.get(DECODER_WEIGHT)?.[1] ?? 0;
  return new Map(
    [...keys].map(([key, shape], index): [string, StateTensor] => {
      if (key.endsWith(".num_batches_tracked")) return [key, { dtype: "int64", shape, data: new BigInt64Array(1) }];
      const data = new Float32Array(elementCount(shape));
      const random = createRandom(mixSeeds(seed, index));
      if (key === DECODER_BIAS) fillUniform(data, 1 / Math.sqrt(decoderInputs), random);
      else fill(data, key, shape, alpha, random);
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
  return Math.sqrt(2 / (at(shape, key.startsWith(DECODER) ? 1 : 0) * at(shape, 2) * at(shape, 3)));
}

function fillNormal(data: Float32Array, deviation: number, random: Random): void {
  for (let i = 0; i < data.length; i++) data[i] = deviation * random.normal();
}

function fillUniform(data: Float32Array, limit: number, random: Random): void {
  for (let i = 0; i < data.length; i++) data[i] = random.uniform(-limit, limit);
}
