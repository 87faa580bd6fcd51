// The path of a small line chart.

/** Room for the line's own width. */
const MARGIN = 2;

/** From the least value at the bottom to the greatest at the top; a single value, or equal ones, in the middle. */
export function sparklinePath(values: readonly number[], width: number, height: number): string {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return "";
  const [low, high] = known.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  const step = known.length === 1 ? 0 : (width - 2 * MARGIN) / (known.length - 1);
  const y = (value: number): number =>
    high === low ? height / 2 : height - MARGIN - ((value - low) / (high - low)) * (height - 2 * MARGIN);
  const points = known.map((value, index) => `${(MARGIN + index * step).toFixed(1)} ${y(value).toFixed(1)}`);
  // A lone point is drawn as a short dash.
  if (known.length === 1) points.push(`${width - MARGIN} ${y(known[0] ?? 0).toFixed(1)}`);
  return `M${points.join("L")}`;
}
