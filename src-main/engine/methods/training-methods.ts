// The methods that train, by name, and the program that their reading threads run.
import type { TrainingConfig } from "../../../src-shared/contract/training/training-config.ts";
import type { TrainingMethod } from "../training/training-method.ts";
import { crots, crotsBaseline } from "./crots/method.ts";
import { daSac, daSacBaseline } from "./da-sac/method.ts";
import { daformer, entropyBalancing } from "./entropy-balancing/method.ts";
import { sourceTraining } from "./source-training/method.ts";

type OfName<N> = Extract<TrainingConfig, { method: N }>;

/** A method of the contract that is missing here does not compile. */
const TRAINING_METHODS: { readonly [N in TrainingConfig["method"]]: TrainingMethod<OfName<N>> } = {
  "source-training": sourceTraining,
  "da-sac-baseline": daSacBaseline,
  "da-sac": daSac,
  daformer,
  "entropy-balancing": entropyBalancing,
  "crots-baseline": crotsBaseline,
  crots,
};

export function trainingMethodOf({ method }: TrainingConfig): TrainingMethod {
  // The table pairs each name with its own type; TypeScript does not follow a pair through a union.
  return TRAINING_METHODS[method] as TrainingMethod;
}

/** The program beside this file; in the built program both are bundled, into one folder. */
export const SAMPLE_PROGRAM = new URL(
  import.meta.url.endsWith(".ts") ? "sample-worker.ts" : "sample-worker.js",
  import.meta.url,
);
