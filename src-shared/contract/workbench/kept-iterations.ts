// Which predictions of a run are kept: the stops of the scrubber, known before it starts.
import type { ImageRunConfig } from "./runs.ts";

/** Iteration 0, every `keepEvery`-th and the last, in order. Test-time augmentation counts its fused prediction as 1. */
export function keptIterations(config: ImageRunConfig): number[] {
  if (config.method === "predict") return [0];
  if (config.method === "tta") return [0, 1];
  const { numEpochs, keepEvery } = config;
  const onTheWay = Array.from({ length: Math.floor(numEpochs / keepEvery) + 1 }, (_, k) => k * keepEvery);
  return onTheWay.at(-1) === numEpochs ? onTheWay : [...onTheWay, numEpochs];
}
