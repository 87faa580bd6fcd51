// A small line chart as inline SVG.
import { html, type Markup } from "./markup.ts";

const WIDTH = 640;
const HEIGHT = 240;
const MARGIN = { left: 64, right: 12, top: 12, bottom: 34 };
const TICKS = 4;
/** Told apart by colour-blind eyes, too. Source: B. Wong, Nature Methods 8, 441 (2011). */
const COLORS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999933", "#666666"];

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
}

export interface ChartSeries {
  /** For the legend and for who points at a dot. */
  readonly name: string;
  /** x rising. */
  readonly points: readonly ChartPoint[];
}

export interface ChartLabels {
  readonly x: string;
  readonly y: string;
}

/** @param series  with at least one point among them; a legend is there for more than one */
export function lineChart(series: readonly ChartSeries[], labels: ChartLabels): Markup {
  const all = series.flatMap(({ points }) => points);
  const [xs, ys] = [all.map(({ x }) => x), all.map(({ y }) => y)];
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  const x = scale(first, last, MARGIN.left, WIDTH - MARGIN.right);
  const bounds = padded(Math.min(...ys), Math.max(...ys));
  const y = scale(bounds.low, bounds.high, HEIGHT - MARGIN.bottom, MARGIN.top);
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => bounds.low + ((bounds.high - bounds.low) * i) / TICKS);
  return html`<figure class="chart-frame">
<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${labels.y} over ${labels.x}">
${ticks.map((tick) => html`<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}"/><text x="${MARGIN.left - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${tick.toPrecision(3)}</text>`)}
${series.map(({ name, points }, i) => html`<polyline class="line" stroke="${colorOf(i)}" points="${points.map((point) => `${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`).join(" ")}"/>${points.map((point) => html`<circle fill="${colorOf(i)}" cx="${x(point.x).toFixed(1)}" cy="${y(point.y).toFixed(1)}" r="3"><title>${name}, ${point.x}: ${point.y.toPrecision(4)}</title></circle>`)}`)}
<text x="${MARGIN.left}" y="${HEIGHT - 10}">${first}</text>
<text x="${WIDTH - MARGIN.right}" y="${HEIGHT - 10}" text-anchor="end">${last}</text>
<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${labels.x}</text>
</svg>
<figcaption>${labels.y}${series.length > 1 ? series.map(({ name }, i) => html` <span class="key"><span class="swatch" style="background:${colorOf(i)}"></span>${name}</span>`) : ""}</figcaption>
</figure>`;
}

function colorOf(index: number): string {
  return COLORS[index % COLORS.length] ?? "";
}

function scale(from: number, to: number, low: number, high: number): (value: number) => number {
  return (value) => (to === from ? (low + high) / 2 : low + ((value - from) / (to - from)) * (high - low));
}

/** A little room above and below, also for a line that is flat. */
function padded(low: number, high: number): { low: number; high: number } {
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  return { low: low - room, high: high + room };
}
