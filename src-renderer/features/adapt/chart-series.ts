// What the chart under the panes draws: one value an iteration, of this run and of earlier ones.
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import { hasEnded } from "../../state/event-to-cache.ts";
import type { ChartMetric } from "./adapt-view.ts";

export interface ChartPoint {
  readonly iteration: number;
  readonly value: number;
}

type Series = Pick<Run, "losses" | "kept">;

export const METRIC_TITLES: Readonly<Record<ChartMetric, string>> = {
  loss: "Loss",
  miou: "Mean IoU",
  confidence: "Confidence",
  entropy: "Entropy",
};

/** More points than a chart has columns cost time and show nothing. */
const MAX_POINTS = 1000;

export function seriesOf({ losses, kept }: Series, metric: ChartMetric): readonly ChartPoint[] {
  return thinned(metric === "loss" ? lossPoints(losses) : keptPoints(kept, metric));
}

/** The loss of iteration i is that of the prediction it starts from; it is drawn where the iteration ends. */
function lossPoints(losses: Series["losses"]): readonly ChartPoint[] {
  // Holes: an iteration whose event has not arrived.
  return losses.flatMap((value, index) => (Number.isFinite(value) ? [{ iteration: index + 1, value }] : []));
}

function keptPoints(kept: Series["kept"], metric: Exclude<ChartMetric, "loss">): readonly ChartPoint[] {
  return kept.flatMap(({ iteration, scores, meanConfidence, meanEntropy }) => {
    const value = { miou: scores?.miou ?? null, confidence: meanConfidence, entropy: meanEntropy }[metric];
    return value === null ? [] : [{ iteration, value }];
  });
}

/** Of each stretch its least and its greatest value, so that no peak is lost. */
export function thinned(points: readonly ChartPoint[], limit: number = MAX_POINTS): readonly ChartPoint[] {
  if (points.length <= limit) return points;
  const stretch = Math.ceil((2 * points.length) / limit);
  const chosen: ChartPoint[] = [];
  for (let start = 0; start < points.length; start += stretch) {
    const part = points.slice(start, start + stretch);
    const least = part.reduce((a, b) => (b.value < a.value ? b : a));
    const greatest = part.reduce((a, b) => (b.value > a.value ? b : a));
    chosen.push(...[...new Set([least, greatest])].sort((a, b) => a.iteration - b.iteration));
  }
  return chosen;
}

/** The last iteration the axis has room for: of a run that goes on, its end. */
export function lastIteration(run: Pick<Run, "config" | "status" | "losses" | "kept">): number {
  const planned = run.config.method === "adapt" && !hasEnded(run.status) ? run.config.numEpochs : 0;
  return Math.max(1, planned, run.losses.length, run.kept.at(-1)?.iteration ?? 0);
}
