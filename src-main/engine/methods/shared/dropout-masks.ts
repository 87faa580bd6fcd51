// Dropout masks: which elements, or channels, stay, from a seed, so that a run can be repeated.
import { elementCount } from "../../graph/node.ts";
import type { DropoutMask } from "../../models/model-scope.ts";
import { createRandom, mixSeeds } from "../../random.ts";
import type { DeviceTensor, NamedTensors, Runtime } from "../../runtimes/runtime.ts";

/** The mask of the k-th dropout of a run, from 0. */
export type DropoutMasks = (k: number, mask: DropoutMask) => Float32Array;

/** What a kept element is multiplied by, so that sums stay the same on average. */
export function keptFactor(rate: number): number {
  return 1 / (1 - rate);
}

/** Random masks that the seed determines. */
export function seededMasks(seed: number): DropoutMasks {
  return (k, { shape, rate }) => {
    const random = createRandom(mixSeeds(seed, k));
    const kept = keptFactor(rate);
    const mask = new Float32Array(elementCount(shape));
    for (let i = 0; i < mask.length; i += 1) mask[i] = random.next() < rate ? 0 : kept;
    return mask;
  };
}

/**
 * The masks of one pass, by the names of graph inputs. The caller disposes of them.
 *
 * @param wanted  in the order of computation
 * @param first   how many dropouts of the run came before
 */
export function uploadMasks(
  runtime: Runtime,
  wanted: ReadonlyMap<string, DropoutMask>,
  masks: DropoutMasks,
  first: number,
): NamedTensors {
  return new Map(
    [...wanted].map(([name, mask], k): [string, DeviceTensor] => [
      name,
      runtime.upload(masks(first + k, mask), mask.shape),
    ]),
  );
}
