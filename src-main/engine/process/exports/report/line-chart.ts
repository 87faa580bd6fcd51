// A small line chart as inline SVG.
import { html, type Markup } from "./markup.ts";

const WIDTH = 640;
const HEIGHT = 220;
const MARGIN = { left: 64, right: 12, top: 12, bottom: 34 };
const TICKS = 4;

export interface ChartPoint {
  /** Iterations. */
  readonly x: number;
  readonly y: number;
}

/** @param points  at least two, x rising. @param label  of the vertical axis */
export function lineChart(points: readonly ChartPoint[], label: string): Markup {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const x = scale(Math.min(...xs), Math.max(...xs), MARGIN.left, WIDTH - MARGIN.right);
  const bounds = padded(Math.min(...ys), Math.max(...ys));
  const y = scale(bounds.low, bounds.high, HEIGHT - MARGIN.bottom, MARGIN.top);
  const line = points.map((point) => `${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`).join(" ");
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => bounds.low + ((bounds.high - bounds.low) * i) / TICKS);
  const [first = 0, last = 0] = [xs[0], xs.at(-1)];
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label} over the iterations">
${ticks.map((tick) => html`<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}"/><text x="${MARGIN.left - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${tick.toPrecision(3)}</text>`)}
<polyline class="line" points="${line}"/>
${points.map((point) => html`<circle class="dot" cx="${x(point.x).toFixed(1)}" cy="${y(point.y).toFixed(1)}" r="3"><title>${point.x}: ${point.y.toPrecision(4)}</title></circle>`)}
<text x="${MARGIN.left}" y="${HEIGHT - 10}">${first}</text>
<text x="${WIDTH - MARGIN.right}" y="${HEIGHT - 10}" text-anchor="end">${last}</text>
<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">iteration</text>
</svg>`;
}

function scale(from: number, to: number, low: number, high: number): (value: number) => number {
  return (value) => (to === from ? (low + high) / 2 : low + ((value - from) / (to - from)) * (high - low));
}

/** A little room above and below, also for a line that is flat. */
function padded(low: number, high: number): { low: number; high: number } {
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  return { low: low - room, high: high + room };
}
