// What the values of a checkpoint's tensors are like, and how far those of another one lie from them.
import type { TensorChange, TensorStatistics } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { type StateDict, type StateTensor, toFloat32 } from "./state-dict.ts";

/** Enough to see one peak from two in the width of a table's cell. */
export const HISTOGRAM_BINS = 24;

/** Of every tensor, in the order of the file. */
export function stateDictStatistics(stateDict: StateDict): TensorStatistics[] {
  return [...stateDict].map(([key, tensor]) => tensorStatistics(key, tensor));
}

/**
 * Least, greatest and mean value, standard deviation (of all values, not of a sample of them) and a histogram between the
 * least and the greatest. Values that are no numbers and infinities are counted and otherwise left out; all figures are
 * null where nothing else is there.
 */
export function tensorStatistics(key: string, tensor: StateTensor): TensorStatistics {
  const values = toFloat32(tensor);
  let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  let [zeros, notNumbers, infinities] = [0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) notNumbers += 1;
    else if (!Number.isFinite(value)) infinities += 1;
    else {
      if (value < min) min = value;
      if (value > max) max = value;
      if (value === 0) zeros += 1;
      sum += value;
    }
  }
  const { dtype, shape } = tensor;
  const counted = { key, dtype, shape: [...shape], values: values.length, zeros, notNumbers, infinities };
  const finite = values.length - notNumbers - infinities;
  if (finite === 0) return { ...counted, min: null, max: null, mean: null, deviation: null, histogram: [] };
  const mean = sum / finite;
  const { squares, histogram } = spread(values, mean, min, max);
  return { ...counted, min, max, mean, deviation: Math.sqrt(squares / finite), histogram };
}

/** A second pass, since the sum of squares less the square of the sum loses what a small deviation consists of. */
function spread(values: Float32Array, mean: number, min: number, max: number) {
  const bins = max === min ? 1 : HISTOGRAM_BINS;
  const histogram = Array.from({ length: bins }, () => 0);
  const perUnit = max === min ? 0 : bins / (max - min);
  let squares = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    squares += (value - mean) ** 2;
    const bin = Math.min(bins - 1, Math.floor((value - min) * perUnit));
    histogram[bin] = (histogram[bin] ?? 0) + 1;
  }
  return { squares, histogram };
}

/** How each tensor of one checkpoint differs in another: in the order of the first, then what only the second has. */
export function stateDictChanges(from: StateDict, to: StateDict): TensorChange[] {
  const ofBoth = [...from].map(([key, tensor]) => tensorChange(key, tensor, to.get(key)));
  const added = [...to.keys()].filter((key) => !from.has(key));
  return [...ofBoth, ...added.map((key): TensorChange => ({ key, kind: "onlyThere", relative: null, largest: null }))];
}

/** Relative: length of the difference over the length of what was there, as vectors. Largest: of a single value. */
function tensorChange(key: string, from: StateTensor, to: StateTensor | undefined): TensorChange {
  if (to === undefined) return { key, kind: "onlyHere", relative: null, largest: null };
  if (from.shape.join() !== to.shape.join()) return { key, kind: "otherShape", relative: null, largest: null };
  const [before, after] = [toFloat32(from), toFloat32(to)];
  let [length, difference, largest] = [0, 0, 0];
  for (const [index, one] of before.entries()) {
    const change = (after[index] ?? 0) - one;
    // The same infinity or no number on both sides is no change.
    if (Object.is(one, after[index])) continue;
    difference += change * change;
    largest = Math.max(largest, Math.abs(change));
  }
  for (const one of before) length += one * one;
  if (difference === 0) return { key, kind: "same", relative: 0, largest: 0 };
  // From zeros to something is no factor; what is no number has no distance.
  const relative = length === 0 ? null : finiteOrNull(Math.sqrt(difference / length));
  return { key, kind: "changed", relative, largest: finiteOrNull(largest) };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
