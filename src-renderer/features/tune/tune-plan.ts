// The plan of a tuning while it is put together, and what a setting is called: without React.
import { axisValues, type ParameterGrid } from "../../../src-shared/contract/parameter-grid.ts";
import { VARIED_PARAMETERS, type VariedParameter } from "../../../src-shared/contract/parameters.ts";
import {
  gridAround,
  type TunedParameters,
  type TuningCriterion,
  type TuningPlan,
  tunedParametersSchema,
  usualSettings,
} from "../../../src-shared/contract/tuning.ts";
import type { RunConfigForm } from "../../../src-shared/contract/workbench/runs.ts";
import type { Tuning } from "../../../src-shared/contract/workbench/tunings.ts";
import type { LayersOption } from "../../state/adapt-form.ts";

export interface PlanForm {
  readonly criterion: TuningCriterion;
  /** Parameters that are searched over. */
  readonly searched: readonly VariedParameter[];
  readonly maxSettings: number;
  /** Run at the most; fewer are read off. */
  readonly iterations: number;
}

export function firstForm(
  config: RunConfigForm,
  layers: LayersOption["name"],
  criterion: TuningCriterion,
  images: number,
): PlanForm {
  return {
    criterion,
    searched: searchable(layers),
    maxSettings: usualSettings(images),
    iterations: Math.max(1, config.numEpochs),
  };
}

/** In the order in which they are searched. */
export function searchable(layers: LayersOption["name"]): readonly VariedParameter[] {
  return ["alpha", "baseLr", layers, "threshold", "scales"];
}

export function planOf(form: PlanForm, config: RunConfigForm, layers: LayersOption["name"]): TuningPlan {
  const start = tunedParametersSchema.parse({ ...config, numEpochs: form.iterations });
  const around = gridAround(start, layers);
  const kept = Object.entries(around).filter(
    ([name]) => name === "numEpochs" || form.searched.some((one) => one === name),
  );
  const grid: ParameterGrid = Object.fromEntries(kept);
  return { start, grid, search: "successive", criterion: form.criterion, maxSettings: form.maxSettings };
}

/** Settings that a first round tries. */
export function expectedSettings({ grid, maxSettings }: TuningPlan): number {
  const others = VARIED_PARAMETERS.filter((name) => !["numEpochs", "window", "overlap"].includes(name));
  const all = others.reduce((sum, name) => sum + Math.max(0, axisValues(grid, name).length - 1), 1);
  return Math.min(maxSettings, all);
}

/** The form with a setting's parameters. Nothing to adapt is what plain prediction does. */
export function configWith(config: RunConfigForm, parameters: TunedParameters): RunConfigForm {
  const method = parameters.numEpochs === 0 ? "predict" : "adapt";
  return { ...config, ...parameters, method, keepEvery: Math.min(config.keepEvery, Math.max(1, parameters.numEpochs)) };
}

/** The newest tuning of the same images and checkpoint. */
export function latestTuning(
  tunings: readonly Tuning[],
  imageIds: readonly string[],
  checkpointId: string | null,
): Tuning | undefined {
  const wanted = [...imageIds].sort().join(" ");
  return tunings.findLast(
    (tuning) => tuning.checkpointId === checkpointId && [...tuning.imageIds].sort().join(" ") === wanted,
  );
}
