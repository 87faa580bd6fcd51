// The weights after an iteration as a checkpoint of their own.
import { safetensorsPieces } from "../../checkpoints/safetensors/write-safetensors.ts";
import type { StateDict, StateTensor } from "../../checkpoints/state-dict.ts";

/**
 * A complete .safetensors checkpoint under the original's keys: weights and running statistics as float32, counts of
 * batches as far as the iterations have counted on.
 */
export function adaptedCheckpoint(
  stateDict: StateDict,
  weights: ReadonlyMap<string, Float32Array>,
  iterations: number,
  metadata: Readonly<Record<string, string>>,
): Generator<Uint8Array> {
  const tensors = [...stateDict].map(([key, tensor]): [string, StateTensor] => {
    if (tensor.data instanceof BigInt64Array) {
      return [key, { ...tensor, data: tensor.data.map((count) => count + BigInt(iterations)) }];
    }
    const data = weights.get(key);
    return [key, data === undefined ? tensor : { dtype: "float32", shape: tensor.shape, data }];
  });
  return safetensorsPieces(new Map(tensors), metadata);
}
