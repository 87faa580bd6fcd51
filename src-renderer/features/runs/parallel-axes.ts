// The arithmetic of parallel coordinates: where a value lies on its axis, lines through all axes, what a brush holds.
import type { RunCell, RunColumn, RunCondition } from "../../../src-shared/contract/workbench/run-query.ts";
import { isNumeric } from "./run-columns.ts";

/** Axes begin and end a little inside, so that the ends can be brushed. */
export interface ParallelAxis {
  readonly column: RunColumn;
  /** Where a value lies, 0 at the bottom to 1 at the top; null for a run without one. */
  readonly shareOf: (cell: RunCell) => number | null;
  /** Values that are written beside it, from the bottom up. */
  readonly ticks: readonly RunCell[];
  /** What a stretch of the axis holds. */
  readonly conditionOf: (from: number, to: number) => RunCondition;
  /** The stretch that holds what a condition asks for. */
  readonly stretchOf: (condition: RunCondition) => readonly [number, number] | null;
}

export function parallelAxis(column: RunColumn, cells: readonly RunCell[]): ParallelAxis {
  const numbers = cells.filter((cell) => typeof cell === "number");
  return isNumeric(column) ? numericAxis(column, numbers) : namedAxis(column, cells);
}

/** A rate that goes over more than this factor is read in powers of ten. */
const LOG_FACTOR = 50;

function numericAxis(column: RunColumn, values: readonly number[]): ParallelAxis {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) [low, high] = [0, 1];
  const isLog = low > 0 && high / low > LOG_FACTOR;
  const [start, end] = isLog ? [Math.log10(low), Math.log10(high)] : [low, high];
  const shareOf = (cell: RunCell) => {
    if (typeof cell !== "number") return null;
    if (end === start) return 0.5;
    return ((isLog ? Math.log10(cell) : cell) - start) / (end - start);
  };
  const valueAt = (share: number) => {
    // At the ends the values themselves, whatever a logarithm rounds to.
    if (share <= 0) return low;
    if (share >= 1) return high;
    const at = start + (end - start) * share;
    return isLog ? 10 ** at : at;
  };
  return {
    column,
    shareOf,
    ticks: low === high ? [low] : [low, valueAt(0.5), high],
    conditionOf: (from, to) => ({ column, from: valueAt(from), to: valueAt(to) }),
    stretchOf: (condition) => {
      if ("values" in condition) return null;
      const [bottom, top] = [shareOf(condition.from), shareOf(condition.to)];
      return bottom === null || top === null ? null : [Math.max(0, bottom), Math.min(1, top)];
    },
  };
}

function namedAxis(column: RunColumn, cells: readonly RunCell[]): ParallelAxis {
  const values = [...new Set(cells.filter((cell) => cell !== null))].sort(byValue);
  const places = new Map(values.map((value, place) => [value, place]));
  const last = Math.max(1, values.length - 1);
  const shareAt = (place: number) => (values.length === 1 ? 0.5 : place / last);
  const shareOf = (cell: RunCell) => {
    const place = cell === null ? undefined : places.get(cell);
    return place === undefined ? null : shareAt(place);
  };
  return {
    column,
    shareOf,
    ticks: values,
    conditionOf: (from, to) => ({
      column,
      values: values.filter((_, place) => shareAt(place) >= from && shareAt(place) <= to),
    }),
    stretchOf: (condition) => {
      if (!("values" in condition)) return null;
      const shares = condition.values.flatMap((value) => shareOf(value) ?? []);
      const room = 0.4 / last; // so that a single name is a stretch, too
      return shares.length === 0 ? null : [Math.min(...shares) - room, Math.max(...shares) + room];
    },
  };
}

function byValue(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return Number(String(a) > String(b)) - Number(String(a) < String(b));
}

/** Of each run its share on each axis, row by row; NaN where it has none. */
export function linesThrough(axes: readonly ParallelAxis[], columns: readonly (readonly RunCell[])[]): Float32Array {
  const runs = columns[0]?.length ?? 0;
  const shares = new Float32Array(runs * axes.length);
  for (const [place, axis] of axes.entries()) {
    const cells = columns[place] ?? [];
    for (let run = 0; run < runs; run++) {
      shares[run * axes.length + place] = axis.shareOf(cells[run] ?? null) ?? Number.NaN;
    }
  }
  return shares;
}

/**
 * The run whose line passes nearest to a point, both in pixels; null where none is near.
 *
 * @param axisX  where each axis stands
 */
export function nearestLine(
  shares: Float32Array,
  axisX: readonly number[],
  heightPx: number,
  at: { readonly x: number; readonly y: number },
  reachPx: number,
): number | null {
  const count = axisX.length;
  const right = axisX.findIndex((x) => x > at.x);
  if (right <= 0) return null;
  const [x0, x1] = [axisX[right - 1] ?? 0, axisX[right] ?? 0];
  const share = (at.x - x0) / (x1 - x0);
  let [best, bestDistance] = [-1, reachPx];
  for (let run = 0; run * count < shares.length; run++) {
    const [a, b] = [shares[run * count + right - 1] ?? Number.NaN, shares[run * count + right] ?? Number.NaN];
    const y = (1 - (a + (b - a) * share)) * heightPx;
    // Across the line, not straight up: a steep one is as easily met as a flat one.
    const slope = ((b - a) * heightPx) / (x1 - x0);
    const distance = Math.abs(y - at.y) / Math.sqrt(1 + slope * slope);
    if (distance < bestDistance) [best, bestDistance] = [run, distance];
  }
  return best < 0 ? null : best;
}
