// Every parameter of a run, in words, with those marked that differ from the published recipe.
import {
  PARAMETER_COLUMNS,
  PARAMETER_METHODS,
  type ParameterColumn,
} from "../../../src-shared/contract/workbench/run-query.ts";
import { type RunConfigForm, runConfigFormSchema } from "../../../src-shared/contract/workbench/runs.ts";

export interface ParameterRow {
  readonly key: ParameterColumn;
  readonly name: string;
  readonly value: string;
  /** Not what the published recipe has. */
  readonly isChanged: boolean;
}

type Words = { readonly title: string; readonly value: (config: RunConfigForm) => string };

const PARAMETERS: Readonly<Record<ParameterColumn, Words>> = {
  scales: { title: "Scales", value: ({ scales }) => scales.join(", ") },
  flips: { title: "Mirrored views", value: ({ flips }) => yesNo(flips) },
  grayscale: { title: "Grey views", value: ({ grayscale }) => yesNo(grayscale) },
  threshold: { title: "Threshold", value: ({ threshold }) => String(threshold) },
  baseLr: { title: "Learning rate", value: ({ baseLr }) => String(baseLr) },
  numEpochs: { title: "Iterations", value: ({ numEpochs }) => String(numEpochs) },
  momentum: { title: "Momentum", value: ({ momentum }) => String(momentum) },
  weightDecay: { title: "Weight decay", value: ({ weightDecay }) => String(weightDecay) },
  resnetLayers: { title: "Frozen ResNet layers", value: ({ resnetLayers }) => list(resnetLayers) },
  hrnetLayers: { title: "Frozen HRNet stages", value: ({ hrnetLayers }) => list(hrnetLayers) },
  alpha: { title: "Alpha", value: ({ alpha }) => (alpha === null ? "as stored" : String(alpha)) },
  dropout: { title: "Dropout", value: ({ dropout }) => yesNo(dropout) },
  seed: { title: "Seed", value: ({ seed }) => String(seed) },
  carryVelocity: { title: "Velocity carried over", value: ({ carryVelocity }) => yesNo(carryVelocity) },
  keepEvery: { title: "Predictions kept", value: ({ keepEvery, numEpochs }) => keptWords(keepEvery, numEpochs) },
};

export const PARAMETER_TITLES: Readonly<Record<ParameterColumn, string>> = Object.fromEntries(
  PARAMETER_COLUMNS.map((key) => [key, PARAMETERS[key].title]),
) as Record<ParameterColumn, string>; // from the list of all of them

const RECIPE = runConfigFormSchema.parse({});

/** The parameters that the run's method has. */
export function parameterRows(config: RunConfigForm): readonly ParameterRow[] {
  return PARAMETER_COLUMNS.filter((key) => PARAMETER_METHODS[key].includes(config.method)).map((key) => ({
    key,
    name: PARAMETERS[key].title,
    value: PARAMETERS[key].value(config),
    isChanged: JSON.stringify(config[key]) !== JSON.stringify(RECIPE[key]),
  }));
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}

function list(layers: readonly number[]): string {
  return layers.length === 0 ? "none" : layers.join(", ");
}

function keptWords(keepEvery: number, numEpochs: number): string {
  if (keepEvery === 1) return "every one";
  return keepEvery >= numEpochs ? "first and last" : `every ${keepEvery}`;
}
