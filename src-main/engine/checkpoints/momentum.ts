// The optimizer's momentum beside the weights, in checkpoints that another step of training goes on from.
import type { StateDict, StateTensor } from "./state-dict.ts";

/** What the buffers are called, here and in the states of trainings. */
export const VELOCITY = "velocity";
/** Before the key of a parameter: its velocity. */
export const VELOCITY_PREFIX = `${VELOCITY}.`;

export interface WithMomentum {
  readonly stateDict: StateDict;
  /** By the key of its parameter; empty where the file has none. */
  readonly momentum: StateDict;
}

export function splitMomentum(tensors: StateDict): WithMomentum {
  const [stateDict, momentum] = [new Map<string, StateTensor>(), new Map<string, StateTensor>()];
  for (const [key, tensor] of tensors) {
    if (key.startsWith(VELOCITY_PREFIX)) momentum.set(key.slice(VELOCITY_PREFIX.length), tensor);
    else stateDict.set(key, tensor);
  }
  return { stateDict, momentum };
}

export function joinMomentum({ stateDict, momentum }: WithMomentum): StateDict {
  return new Map([
    ...stateDict,
    ...[...momentum].map(([key, tensor]) => [`${VELOCITY_PREFIX}${key}`, tensor] as const),
  ]);
}
