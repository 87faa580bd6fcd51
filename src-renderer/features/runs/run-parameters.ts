// Every parameter of a run, in words, with those marked that differ from the published recipe.
import {
  type ParameterName,
  parameterMeta,
  parameterShape,
  parameterText,
} from "../../../src-shared/contract/parameters.ts";
import {
  PARAMETER_COLUMNS,
  PARAMETER_METHODS,
  type ParameterColumn,
} from "../../../src-shared/contract/workbench/run-query.ts";
import { type ImageRunConfig, ownParameter, runConfigFormSchema } from "../../../src-shared/contract/workbench/runs.ts";

export interface ParameterRow {
  readonly key: ParameterColumn;
  readonly name: string;
  readonly value: string;
  /** Not what the published recipe has. */
  readonly isChanged: boolean;
}

export const PARAMETER_TITLES: Readonly<Record<ParameterColumn, string>> = Object.fromEntries(
  PARAMETER_COLUMNS.map((key) => [key, isParameter(key) ? parameterMeta(key).title : "Predictions kept"]),
) as Record<ParameterColumn, string>; // from the list of all of them

const RECIPE = runConfigFormSchema.parse({});

/** The parameters that the run's method has. */
export function parameterRows(config: ImageRunConfig): readonly ParameterRow[] {
  return PARAMETER_COLUMNS.filter((key) => PARAMETER_METHODS[key].includes(config.method)).map((key) => ({
    key,
    name: PARAMETER_TITLES[key],
    value: isParameter(key) ? parameterText(ownParameter(config, key) ?? null) : keptWords(config),
    isChanged: JSON.stringify(ownParameter(config, key)) !== JSON.stringify(RECIPE[key]),
  }));
}

/** All but how many predictions are kept, which changes nothing about them. */
function isParameter(key: ParameterColumn): key is ParameterColumn & ParameterName {
  return key in parameterShape;
}

function keptWords(config: ImageRunConfig): string {
  if (config.method !== "adapt" || config.keepEvery === 1) return "every one";
  const { keepEvery, numEpochs } = config;
  return keepEvery >= numEpochs ? "first and last" : `every ${keepEvery}`;
}
