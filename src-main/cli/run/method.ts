// The method of a run over images, and what follows from it for its terminal and its files.
import type { EvaluationConfig } from "../../../src-shared/contract/evaluation.ts";
import type { RunConfig, RunResults } from "../../../src-shared/contract/results.ts";

/** Of the commands that write predictions. */
export type CommandConfig = Exclude<EvaluationConfig, { readonly method: "mc-dropout" }>;

export interface Method {
  readonly config: CommandConfig;
  /** Where its parameters come from; null for a method without a recipe. */
  readonly recipe: RunResults["recipe"];
}

interface Traits {
  /** Whether there is an earlier prediction to compare with: the checkpoint's own. */
  readonly hasBefore: boolean;
  /** What the scores are, for their name in a file. */
  readonly scoresName: "logits" | "probabilities";
}

export const TRAITS: Readonly<Record<CommandConfig["method"], Traits>> = {
  predict: { hasBefore: false, scoresName: "logits" },
  tta: { hasBefore: true, scoresName: "probabilities" },
  adapt: { hasBefore: true, scoresName: "logits" },
};

/** Steps of one image, for the bar. */
export function stepsOf(config: CommandConfig): { readonly views: number; readonly iterations: number } {
  return {
    views: config.method === "predict" ? 0 : 2 * config.scales.length,
    iterations: config.method === "adapt" ? config.numEpochs : 0,
  };
}

/** The parameters as results name them: the command says which method they are of. */
export function resultConfig({ method: _, ...parameters }: CommandConfig): RunConfig {
  return parameters;
}
