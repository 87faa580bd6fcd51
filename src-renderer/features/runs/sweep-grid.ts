// The grid of a sweep while it is put together: values offered and chosen, how many runs that makes and how long they take.
import { MAX_ITERATIONS, type RunConfigForm } from "../../../src-shared/contract/workbench/runs.ts";
import type { SweepAxis, SweepGrid } from "./sweep-layout.ts";

/** More runs than one looks through; each keeps its predictions on disk. */
export const MAX_SWEEP_RUNS = 400;
/** As many values of one axis as the server takes. */
export const MAX_AXIS_VALUES = 20;

const OFFERED: Readonly<Record<SweepAxis, readonly number[]>> = {
  baseLr: [0.001, 0.005, 0.01, 0.02, 0.05, 0.1],
  numEpochs: [1, 3, 5, 10, 20, 40],
  threshold: [0.5, 0.6, 0.7, 0.8, 0.9],
};

/** The form's own value, and the ones beside it among those that are offered. */
export function firstGrid({ baseLr, numEpochs, threshold }: Pick<RunConfigForm, SweepAxis>): SweepGrid {
  return {
    baseLr: around(baseLr, OFFERED.baseLr),
    numEpochs: around(numEpochs, OFFERED.numEpochs),
    threshold: [threshold],
  };
}

function around(value: number, offered: readonly number[]): number[] {
  const below = offered.findLast((other) => other < value);
  const above = offered.find((other) => other > value);
  return [below, value, above].filter((other) => other !== undefined);
}

/** Chips: what is offered, and what was chosen besides, rising. */
export function offeredValues(axis: SweepAxis, chosen: readonly number[]): readonly number[] {
  return [...new Set([...OFFERED[axis], ...chosen])].sort((a, b) => a - b);
}

/** With the value in or out. The last one stays, and no more come in than the server takes. */
export function toggledValue(chosen: readonly number[], value: number): number[] {
  const others = chosen.filter((other) => other !== value);
  if (others.length < chosen.length) return others.length === 0 ? [...chosen] : others;
  return chosen.length >= MAX_AXIS_VALUES ? [...chosen] : [...chosen, value].sort((a, b) => a - b);
}

export function runCount({ baseLr, numEpochs, threshold }: SweepGrid): number {
  return baseLr.length * numEpochs.length * threshold.length;
}

/** What is wrong with a typed value of an axis, as a sentence; null when it can be added. */
export function valueProblem(axis: SweepAxis, value: number): string | null {
  if (!Number.isFinite(value) || value < 0) return "Give a number that is 0 or more.";
  if (axis === "numEpochs" && !Number.isInteger(value)) return "The number of iterations is whole.";
  if (axis === "numEpochs" && value > MAX_ITERATIONS) return `There are at most ${MAX_ITERATIONS} iterations.`;
  if (axis === "threshold" && value > 1) return "The threshold is between 0 and 1.";
  return null;
}

/** Learning rate and threshold change nothing about the time: one estimate a number of iterations is enough. */
export function sweepTime(grid: SweepGrid, estimates: ReadonlyMap<number, number>): number | null {
  let sum = 0;
  for (const epochs of grid.numEpochs) {
    const milliseconds = estimates.get(epochs);
    if (milliseconds === undefined) return null;
    sum += milliseconds;
  }
  return sum * grid.baseLr.length * grid.threshold.length;
}
