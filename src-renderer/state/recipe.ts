// Where the parameters of a form come from: the published recipe, what the checkpoint recommends, or neither any more.
import { type AdaptationConfig, adaptationConfigSchema } from "../../src-shared/contract/adaptation-config.ts";
import { type ParameterName, parameterText, shortName } from "../../src-shared/contract/parameters.ts";
import {
  changedParameters,
  PUBLISHED_PARAMETERS,
  type Recipe,
} from "../../src-shared/contract/recommended-parameters.ts";
import type { Checkpoint } from "../../src-shared/contract/workbench/checkpoints.ts";

export type Recommending = Pick<Checkpoint, "recommended">;

/** What forms of runs and of evaluations have in common. */
export type WithParameters = AdaptationConfig & { readonly alpha: number | null };

/** What runs with a checkpoint start from: its recommendation, where it has one. */
export function startParameters(checkpoint: Recommending | undefined): AdaptationConfig {
  return checkpoint?.recommended?.parameters ?? PUBLISHED_PARAMETERS;
}

/** A form with the parameters of a recipe, and alpha as it is stored; what belongs to no recipe, such as the method, stays. */
export function withParameters<C extends WithParameters>(config: C, parameters: AdaptationConfig): C {
  return { ...config, ...parameters, alpha: null };
}

/** Whether nothing in a form is otherwise than the recipe has it. */
export function hasParameters(config: WithParameters, parameters: AdaptationConfig): boolean {
  const own = adaptationConfigSchema.safeParse(config).data;
  return config.alpha === null && own !== undefined && Object.keys(changedParameters(own, parameters)).length === 0;
}

/** Which recipe a form follows; null when it follows none. Where both say the same: the checkpoint's. */
export function recipeOf(config: WithParameters, checkpoint: Recommending | undefined): Recipe | null {
  if (checkpoint?.recommended != null && hasParameters(config, checkpoint.recommended.parameters)) return "recommended";
  return hasParameters(config, PUBLISHED_PARAMETERS) ? "published" : null;
}

/** A form that follows what it started from goes on to follow the next checkpoint; one that was changed stays as it is. */
export function followed<C extends WithParameters>(config: C, from: AdaptationConfig, to: AdaptationConfig): C {
  return hasParameters(config, from) ? withParameters(config, to) : config;
}

/** What differs from the published recipe: "lr 0.02". */
export function recommendedWords(parameters: AdaptationConfig): readonly string[] {
  const changed = changedParameters(parameters, PUBLISHED_PARAMETERS);
  // The names are those of the parameters that were compared.
  return (Object.keys(changed) as ParameterName[]).map(
    (name) => `${shortName(name)} ${parameterText({ ...parameters, fit: [], alpha: null }[name])}`,
  );
}
