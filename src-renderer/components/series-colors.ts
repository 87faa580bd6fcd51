// Colours of several lines in one chart.
import "./series-colors.css";

/** In the order they are given out: apart in hue and in lightness. */
export const LINE_COLORS = [
  "var(--accent-text)",
  "var(--series-blue)",
  "var(--series-pink)",
  "var(--warning)",
  "var(--series-violet)",
  "var(--text-dim)",
] as const;

/** Of the nth line; the colours begin anew after the last. */
export function lineColor(place: number): string {
  return LINE_COLORS[place % LINE_COLORS.length] ?? LINE_COLORS[0];
}
