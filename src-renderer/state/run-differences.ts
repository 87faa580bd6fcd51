// What tells runs of one image apart: the parameters that are not the same in all of them.
import {
  isSameValue,
  parameterText,
  shortName,
  VARIED_PARAMETERS,
  type VariedParameter,
} from "../../src-shared/contract/parameters.ts";
import { PARAMETER_METHODS } from "../../src-shared/contract/workbench/run-query.ts";
import { type ImageRunConfig, ownParameter, type RunSummary } from "../../src-shared/contract/workbench/runs.ts";
import { METHOD_TITLES } from "./run-words.ts";

const ownValue = (config: ImageRunConfig, name: VariedParameter) => ownParameter(config, name) ?? null;

type Told = Pick<RunSummary, "method" | "config" | "checkpoint">;

/**
 * Of each run in a few words what the others do not share: "lr 0.05 · alpha 0.3". Runs that differ in nothing have the
 * words of their method, which is always true.
 */
export function runDifferences(runs: readonly Told[]): readonly string[] {
  const hasMethods = new Set(runs.map(({ method }) => method)).size > 1;
  const hasCheckpoints = new Set(runs.map(({ checkpoint }) => checkpoint.id)).size > 1;
  const varied = VARIED_PARAMETERS.filter((name) => {
    // What a method does not have is no difference.
    const [first, ...others] = runs.filter(({ method }) => PARAMETER_METHODS[name].includes(method));
    return (
      first !== undefined &&
      others.some(({ config }) => !isSameValue(ownValue(config, name), ownValue(first.config, name)))
    );
  });
  return runs.map(({ method, config, checkpoint }) => {
    const own = varied.filter((name) => PARAMETER_METHODS[name].includes(method));
    const parts = [
      ...(hasMethods ? [METHOD_TITLES[method]] : []),
      ...(hasCheckpoints ? [checkpoint.name] : []),
      ...own.map((name) => `${shortName(name)} ${parameterText(ownValue(config, name))}`),
    ];
    return parts.length === 0 ? METHOD_TITLES[method] : parts.join(" · ");
  });
}
