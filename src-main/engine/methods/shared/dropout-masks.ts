// Dropout masks: which elements stay, from a seed, so that a run can be repeated.
import { elementCount } from "../../graph/node.ts";
import type { Shape } from "../../graph/types.ts";
import { DROPOUT_RATE } from "../../models/model-scope.ts";
import { createRandom, mixSeeds } from "../../random.ts";
import type { DeviceTensor, NamedTensors, Runtime } from "../../runtimes/runtime.ts";

/** The mask of the k-th dropout of a run, from 0: for each element 0, or 1 / (1 − rate) where it is kept. */
export type DropoutMasks = (k: number, shape: Shape) => Float32Array;

/** What a kept element is multiplied by, so that sums stay the same on average. */
export const KEPT = 1 / (1 - DROPOUT_RATE);

/** Random masks that the seed determines. */
export function seededMasks(seed: number): DropoutMasks {
  return (k, shape) => {
    const random = createRandom(mixSeeds(seed, k));
    const mask = new Float32Array(elementCount(shape));
    for (let i = 0; i < mask.length; i += 1) mask[i] = random.next() < DROPOUT_RATE ? 0 : KEPT;
    return mask;
  };
}

/**
 * The masks of one pass, by the names of graph inputs. The caller disposes of them.
 *
 * @param shapes  in the order of computation
 * @param first   how many dropouts of the run came before
 */
export function uploadMasks(
  runtime: Runtime,
  shapes: ReadonlyMap<string, Shape>,
  masks: DropoutMasks,
  first: number,
): NamedTensors {
  return new Map(
    [...shapes].map(([name, shape], k): [string, DeviceTensor] => [
      name,
      runtime.upload(masks(first + k, shape), shape),
    ]),
  );
}
