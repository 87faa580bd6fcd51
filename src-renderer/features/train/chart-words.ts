// What the charts over a training's steps have in common.
import { formatCount } from "../../components/format.ts";
import type { ChartLine } from "../../components/line-chart.tsx";
import { shortNumber } from "./training-words.ts";
import type { DrawnTraining } from "./use-curves.ts";

/** One cross-hair goes through all of them. */
export interface SharedProps {
  readonly drawn: readonly DrawnTraining[];
  readonly hoverX: number | null;
  readonly onHover: (x: number | null) => void;
  readonly xEnds: readonly [number, number];
}

export function formatStep(step: number): string {
  return formatCount(Math.round(step));
}

/** For those who don't see the curves. */
export function summaryOf(title: string, lines: readonly ChartLine[]): string {
  const parts = lines.map(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return `${name}: nothing yet`;
    return `${name}: from ${shortNumber(first.y)} to ${shortNumber(last.y)}`;
  });
  return `${title}. ${parts.slice(0, 12).join("; ")}`;
}
