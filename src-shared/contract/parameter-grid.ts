// A grid of parameters: for each axis the values to try. Iterations are read off one run, so they make no runs of their own.
import { z } from "zod";
import type { ParameterValue } from "./parameter-meta.ts";
import {
  compareValues,
  isSameValue,
  type ParameterName,
  parameterShape,
  VARIED_PARAMETERS,
  type VariedParameter,
} from "./parameters.ts";

/** As many values as one looks through along one axis. */
export const MAX_AXIS_VALUES = 20;

const axis = <Value extends z.ZodType>(value: Value) =>
  z
    .array(value)
    .min(1, "an axis has at least one value")
    .max(MAX_AXIS_VALUES, `an axis has at most ${MAX_AXIS_VALUES} values`);

/** An axis that is left out has the one value of the configuration that the grid goes with. */
export const parameterGridSchema = z
  .strictObject({
    alpha: axis(parameterShape.alpha.unwrap()),
    baseLr: axis(parameterShape.baseLr.unwrap()),
    numEpochs: axis(parameterShape.numEpochs.unwrap()),
    threshold: axis(parameterShape.threshold.unwrap()),
    resnetLayers: axis(parameterShape.resnetLayers.unwrap()),
    hrnetLayers: axis(parameterShape.hrnetLayers.unwrap()),
    vggLayers: axis(parameterShape.vggLayers.unwrap()),
    mitLayers: axis(parameterShape.mitLayers.unwrap()),
    scales: axis(parameterShape.scales.unwrap()),
    flips: axis(parameterShape.flips.unwrap()),
    grayscale: axis(parameterShape.grayscale.unwrap()),
    momentum: axis(parameterShape.momentum.unwrap()),
    weightDecay: axis(parameterShape.weightDecay.unwrap()),
    dropout: axis(parameterShape.dropout.unwrap()),
    seed: axis(parameterShape.seed.unwrap()),
    window: axis(parameterShape.window.unwrap()),
    overlap: axis(parameterShape.overlap.unwrap()),
  } satisfies Record<VariedParameter, z.ZodType>)
  .partial();
export type ParameterGrid = z.infer<typeof parameterGridSchema>;

/** The parameters that have more than one value, in their usual order. */
export function axesOf(grid: ParameterGrid): VariedParameter[] {
  return VARIED_PARAMETERS.filter((name) => axisValues(grid, name).length > 1);
}

/** Values of an axis in order, each once; none for an axis that the grid does not have. */
export function axisValues(grid: ParameterGrid, name: VariedParameter): readonly ParameterValue[] {
  const values: readonly ParameterValue[] = grid[name] ?? [];
  return values
    .filter((value, place) => values.findIndex((other) => isSameValue(value, other)) === place)
    .toSorted(compareValues);
}

/** Every combination once, the last axis fastest; of iterations only the largest number, which the others are read off. */
export function runsOfGrid<Config extends { readonly [Name in ParameterName]?: unknown }>(
  config: Config,
  grid: ParameterGrid,
): Config[] {
  let configs = [config];
  for (const name of VARIED_PARAMETERS) {
    const values = axisValues(grid, name);
    if (values.length === 0) continue;
    const own = name === "numEpochs" ? values.slice(-1) : values;
    configs = configs.flatMap((one) => own.map((value) => ({ ...one, [name]: value })));
  }
  return configs;
}

/** Of a grid's combinations those that may need the most memory: the others are of the same layers and smaller views. */
export function heaviestOfGrid<Config extends { readonly [Name in ParameterName]?: unknown }>(
  config: Config,
  { resnetLayers, hrnetLayers, vggLayers, mitLayers, window, scales = [], momentum = [], dropout }: ParameterGrid,
): Config[] {
  const [widest] = scales.toSorted((a, b) => Math.max(...b) - Math.max(...a));
  const heaviest = {
    resnetLayers,
    hrnetLayers,
    vggLayers,
    mitLayers,
    window,
    dropout,
    scales: widest === undefined ? undefined : [widest],
    momentum: momentum.length === 0 ? undefined : [Math.max(...momentum)],
  };
  return runsOfGrid(config, heaviest);
}

/** How many results a grid has: one a combination. */
export function gridSize(grid: ParameterGrid): number {
  return VARIED_PARAMETERS.reduce((product, name) => product * Math.max(1, axisValues(grid, name).length), 1);
}

/** How many runs they take. */
export function gridRunCount(grid: ParameterGrid): number {
  return gridSize(grid) / Math.max(1, axisValues(grid, "numEpochs").length);
}
