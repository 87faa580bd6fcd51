// The grid of a sweep while it is put together: axes and values offered and chosen, how many runs that makes, how long they take.
import {
  axesOf,
  axisValues,
  gridRunCount,
  gridSize,
  MAX_AXIS_VALUES,
  type ParameterGrid,
} from "../../../src-shared/contract/parameter-grid.ts";
import type { ParameterValue } from "../../../src-shared/contract/parameter-meta.ts";
import {
  compareValues,
  FROZEN_LAYER_COUNTS,
  isSameValue,
  parameterMeta,
  VARIED_PARAMETERS,
  valueProblem,
} from "../../../src-shared/contract/parameters.ts";
import {
  type ImageRunConfig,
  MAX_ITERATIONS,
  type RunConfigForm,
} from "../../../src-shared/contract/workbench/runs.ts";
import { enteredNumber, parseNumbers } from "../../components/number-text.ts";
import type { LayersOption } from "../../state/adapt-form.ts";
import type { SweepAxis } from "./sweep-layout.ts";

/** More results than one looks through. */
export const MAX_SWEEP_RUNS = 400;

/** The form's own value, and the ones beside it among those that are offered. */
export function firstGrid({ baseLr, numEpochs }: Pick<RunConfigForm, "baseLr" | "numEpochs">): ParameterGrid {
  return { baseLr: around(baseLr, "baseLr"), numEpochs: around(numEpochs, "numEpochs") };
}

/** Where an axis begins that is added. */
export function firstValues(axis: SweepAxis, config: RunConfigForm): readonly ParameterValue[] {
  const value = config[axis];
  return typeof value === "number" ? around(value, axis) : offeredValues(axis, [value]);
}

function around(value: number, axis: SweepAxis): number[] {
  const { offered = [] } = parameterMeta(axis);
  const numbers = offered.filter((other) => typeof other === "number");
  const below = numbers.findLast((other) => other < value);
  const above = numbers.find((other) => other > value);
  return [below, value, above].filter((other) => other !== undefined);
}

/** Axes that mean something for the network and the rest of the form, in their usual order. */
export function offeredAxes(layers: LayersOption["name"], { dropout }: Pick<RunConfigForm, "dropout">): SweepAxis[] {
  return VARIED_PARAMETERS.filter((axis) => {
    if (axis in FROZEN_LAYER_COUNTS) return axis === layers;
    return axis !== "seed" || dropout;
  });
}

/** Chips: what is offered, and what was chosen besides, in order. */
export function offeredValues(axis: SweepAxis, chosen: readonly ParameterValue[]): readonly ParameterValue[] {
  const { offered = [] } = parameterMeta(axis);
  const added = chosen.filter((value) => !offered.some((other) => isSameValue(value, other)));
  return [...offered, ...added].sort(compareValues);
}

/** With the value in or out; no more come in than the server takes. */
export function toggledValue(chosen: readonly ParameterValue[], value: ParameterValue): ParameterValue[] {
  const others = chosen.filter((other) => !isSameValue(other, value));
  if (others.length < chosen.length) return others;
  return chosen.length >= MAX_AXIS_VALUES ? [...chosen] : [...chosen, value].sort(compareValues);
}

/** The grid with other values of an axis: without any the form's own value stands. */
export function withValues(grid: ParameterGrid, axis: SweepAxis, values: readonly ParameterValue[]): ParameterGrid {
  const { [axis]: _before, ...others } = grid;
  return values.length === 0 ? others : { ...others, [axis]: values };
}

export type EnteredValue = { readonly value: ParameterValue } | { readonly problem: string };

/** What was typed as a value of an axis: a number, or several with commas or spaces between them where it is a list. */
export function enteredValue(axis: SweepAxis, text: string): EnteredValue {
  const { range, offered = [], isSequence = false } = parameterMeta(axis);
  if (offered.some(Array.isArray)) return checked(axis, enteredList(text, isSequence));
  const limits = range ?? { min: 0, max: Number.MAX_VALUE, step: 1 };
  const { value, problem } = enteredNumber(text, limits);
  if (value === null || problem !== null) return { problem: problem ?? "Give a number." };
  return checked(axis, value);
}

function enteredList(text: string, isSequence: boolean): number[] {
  const numbers = parseNumbers(isSequence ? text.replaceAll(/[x×]/g, " ") : text) ?? [Number.NaN];
  return isSequence ? numbers : [...new Set(numbers)].sort((a, b) => a - b);
}

function checked(axis: SweepAxis, value: ParameterValue): EnteredValue {
  if (Array.isArray(value) && value.some(Number.isNaN)) return { problem: "Give numbers with commas between them." };
  if (axis === "numEpochs" && Number(value) > MAX_ITERATIONS) {
    return { problem: `There are at most ${MAX_ITERATIONS} iterations.` };
  }
  const problem = valueProblem(axis, value);
  return problem === null ? { value } : { problem };
}

/** "3 learning rates × 3 iterations = 9 results from 3 runs": the part before the equals sign. */
export function gridWords(grid: ParameterGrid): string {
  return axesOf(grid)
    .map((axis) => String(axisValues(grid, axis).length))
    .join(" × ");
}

export { gridRunCount, gridSize };

/** The configurations whose time and memory differ: one for each set of views, layers and so on, with how many runs have it. */
export function estimatedConfigs(configs: readonly ImageRunConfig[]): readonly (readonly [ImageRunConfig, number])[] {
  const groups = Map.groupBy(configs, decisiveText);
  return [...groups.values()].flatMap((members) => (members[0] === undefined ? [] : [[members[0], members.length]]));
}

function decisiveText({
  baseLr: _rate,
  threshold: _threshold,
  seed: _seed,
  alpha: _alpha,
  momentum = 0,
  weightDecay = 0,
  ...rest
}: Partial<RunConfigForm>): string {
  return JSON.stringify({ ...rest, momentum: momentum > 0, weightDecay: weightDecay > 0, flips: 0, grayscale: 0 });
}
