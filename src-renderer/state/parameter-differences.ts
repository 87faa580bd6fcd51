// In which parameters two runs, or a form and a run, are not the same.
import {
  isSameValue,
  type ParameterName,
  parameterText,
  shortName,
  VARIED_PARAMETERS,
} from "../../src-shared/contract/parameters.ts";
import { PARAMETER_METHODS } from "../../src-shared/contract/workbench/run-query.ts";
import { type ImageRunConfig, ownParameter } from "../../src-shared/contract/workbench/runs.ts";
import { METHOD_TITLES } from "./run-words.ts";

const ownValue = (config: ImageRunConfig, name: ParameterName) => ownParameter(config, name) ?? null;

/** "iterations 2": what the second has otherwise than the first, of the parameters that its method has. */
export function differingParameters(config: ImageRunConfig, other: ImageRunConfig): readonly string[] {
  const method = config.method === other.method ? [] : [`method ${METHOD_TITLES[other.method]}`];
  const names = VARIED_PARAMETERS.filter((name: ParameterName) => PARAMETER_METHODS[name].includes(other.method));
  const differing = names.filter((name) => !isSameValue(ownValue(config, name), ownValue(other, name)));
  return [...method, ...differing.map((name) => `${shortName(name)} ${parameterText(ownValue(other, name))}`)];
}
