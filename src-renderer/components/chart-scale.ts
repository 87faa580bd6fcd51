// The arithmetic of charts: where a value lies, which round values get a line, the path of a curve.

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
}

export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly isLog: boolean;
}

/** Where a value lies between the scale's ends, 0..1; beyond them for values outside. */
export function shareOf({ from, to, isLog }: Scale, value: number): number {
  const at = isLog ? Math.log10(value) : value;
  const [low, high] = isLog ? [Math.log10(from), Math.log10(to)] : [from, to];
  return high === low ? 0.5 : (at - low) / (high - low);
}

/** The value at a share of the scale: what `shareOf` undoes. */
export function valueAt({ from, to, isLog }: Scale, share: number): number {
  if (!isLog) return from + (to - from) * share;
  return 10 ** (Math.log10(from) + (Math.log10(to) - Math.log10(from)) * share);
}

/** Where a chart draws inside of its figure, in pixels. */
export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Between the plot's sides and the ends of the x axis. */
  readonly inset: number;
}

export function placeOnX({ left, width, inset }: Plot, scale: Scale, value: number): number {
  return left + inset + shareOf(scale, value) * (width - 2 * inset);
}

export function placeOnY({ top, height }: Plot, scale: Scale, value: number): number {
  return scale.isLog && value <= 0 ? Number.NaN : top + (1 - shareOf(scale, value)) * height;
}

/** A scale that holds all values, widened to round ends. Values that a logarithm does not know are left out of it. */
export function scaleFor(values: Iterable<number>, isLog = false): Scale {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value) || (isLog && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return { from: isLog ? 0.1 : 0, to: 1, isLog };
  if (isLog) return { from: floorOnLadder(low), to: ceilingOnLadder(Math.max(high, low * 1.0001)), isLog };
  if (low === high) {
    const room = low === 0 ? 1 : Math.abs(low) * 0.1;
    return { from: low - room, to: high + room, isLog };
  }
  const step = roundStep((high - low) / 4);
  return { from: Math.floor(low / step + 1e-9) * step, to: Math.ceil(high / step - 1e-9) * step, isLog };
}

/** The values of lines, and of what is drawn faintly behind them: a scale that holds them leaves nothing cut off. */
export function valuesDrawn(
  lines: readonly { readonly points: readonly ChartPoint[]; readonly raw?: readonly ChartPoint[] }[],
): number[] {
  return lines.flatMap(({ points, raw = [] }) => [...points, ...raw].map(({ y }) => y));
}

/** The least of 1, 2 or 5 times a power of ten that is not below this. */
export function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10;
  return step * power;
}

const LADDER = [1, 2, 5, 10];

function floorOnLadder(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return (LADDER.findLast((factor) => factor * power <= value * (1 + 1e-9)) ?? 1) * power;
}

function ceilingOnLadder(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return (LADDER.find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10) * power;
}

/** Round values inside of the scale, about as many as asked for. */
export function ticksOf({ from, to, isLog }: Scale, count: number): readonly number[] {
  if (isLog) return logTicks(from, to, count);
  const step = roundStep((to - from) / Math.max(1, count));
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // Multiplied, not added up: 0.1 + 0.2 is not 0.3.
  return Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step));
}

function logTicks(from: number, to: number, count: number): readonly number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    for (const factor of [1, 2, 5]) {
      const tick = tidy(factor * 10 ** power);
      if (tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)) ticks.push(tick);
    }
  }
  if (ticks.length <= 2 * count) return ticks;
  return ticks.filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e9) / 1e9));
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** The path of a line; it breaks where a value has no place on the scale, such as a loss that is no number. */
export function linePath(
  points: readonly ChartPoint[],
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let isOpen = false;
  for (const point of points) {
    const [px, py] = [x(point.x), y(point.y)];
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      isOpen = false;
      continue;
    }
    path += `${isOpen ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`;
    isOpen = true;
  }
  return path;
}

/** The point nearest to an x; points are in rising order. Null where there is none. */
export function nearestPoint(points: readonly ChartPoint[], x: number): ChartPoint | null {
  let [low, high] = [0, points.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.x ?? 0) <= x) low = middle;
    else high = middle;
  }
  const [before, after] = [points[low], points[high]];
  if (before === undefined || after === undefined) return null;
  return Math.abs(before.x - x) <= Math.abs(after.x - x) ? before : after;
}
