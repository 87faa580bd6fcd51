// The command line that searches the same settings as a tuning: every value is written out.
import { adaptationConfigSchema } from "../../../src-shared/contract/adaptation-config.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { axesOf, axisValues, type ParameterGrid } from "../../../src-shared/contract/parameter-grid.ts";
import type { ParameterValue } from "../../../src-shared/contract/parameter-meta.ts";
import { isSameValue, parameterMeta, type VariedParameter } from "../../../src-shared/contract/parameters.ts";
import { criterionWord, type TunedParameters, type TuningPlan } from "../../../src-shared/contract/tuning.ts";
import type { Tuning } from "../../../src-shared/contract/workbench/tunings.ts";
import { flagsOf, flagWords, machineWords, PUBLISHED_RECIPE, shellLine } from "./command-words.ts";

export interface TuningCommandFiles {
  /** The data set's folder. */
  readonly dataset: string;
  readonly layout: string;
  /** Of the images that are tuned on. */
  readonly keys: readonly string[];
  readonly checkpoint: string;
}

/** Those of which the command line takes several values. */
const LISTED: readonly VariedParameter[] = [
  "alpha",
  "baseLr",
  "numEpochs",
  "threshold",
  "resnetLayers",
  "hrnetLayers",
  "vggLayers",
  "mitLayers",
  "scales",
];

/** @throws AppError `input.option` for a search that the command line doesn't have */
export function tuningCommand(
  { id, plan, machine }: Pick<Tuning, "id" | "plan" | "machine">,
  { dataset, layout, keys, checkpoint }: TuningCommandFiles,
  platform: NodeJS.Platform = process.platform,
): string {
  const other = axesOf(plan.grid).find((name) => !LISTED.includes(name));
  if (other !== undefined) {
    const { title } = parameterMeta(other);
    throw new AppError("input.option", `The command line can't search over "${title}"; tune in the window.`);
  }
  const { criterion, search, maxSettings, start } = plan;
  // Velocities go from image to image, of which each begins anew; windows only change how the result is predicted.
  const { carryVelocity: _, window: _window, overlap: _overlap, ...parameters } = adaptationConfigSchema.parse(start);
  const single = Object.entries(parameters).filter(([name]) => !LISTED.some((listed) => listed === name));
  const words = [
    ...["acclimate", "tune", dataset, "--layout", layout, "--only", ...keys, "--checkpoint", checkpoint],
    ...flagsOf({ criterion: criterionWord(criterion), search, maxSettings }),
    ...PUBLISHED_RECIPE,
    ...LISTED.flatMap((name) => listWords(name, plan)),
    ...flagsOf(Object.fromEntries(single)),
    ...machineWords(machine, null),
    // A folder of its own: in another one's the program would refuse.
    ...["--output", `acclimate-tuning-${id.slice(0, 8)}`],
  ];
  return shellLine(words, platform);
}

/** All values of a parameter, the one that the search begins with first. */
function listWords(name: VariedParameter, { grid, start }: TuningPlan): string[] {
  const others = valuesOf(name, grid, start).filter((value) => !isSameValue(value, start[name]));
  const values = [start[name], ...others];
  const hasLists = values.some((value) => Array.isArray(value));
  const text = values.map(valueText).join(hasLists ? "/" : ",");
  return flagWords(name, text);
}

/** Iterations are looked at after as many as are run, and after every one where the plan doesn't say. */
function valuesOf(
  name: VariedParameter,
  grid: ParameterGrid,
  { numEpochs }: TunedParameters,
): readonly ParameterValue[] {
  const values = axisValues(grid, name);
  if (name !== "numEpochs") return values;
  if (values.length === 0) return Array.from({ length: numEpochs }, (_, index) => index + 1);
  return values.filter((value) => Number(value) < numEpochs);
}

function valueText(value: ParameterValue): string {
  if (value === null) return "stored";
  if (typeof value !== "object") return String(value);
  return value.length === 0 ? "none" : value.join(",");
}
