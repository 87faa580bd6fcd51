// What the charts of trainings draw: curves thinned and smoothed, validations by alpha, the best of them.
import type { TrainingCurves } from "../../../src-shared/contract/workbench/trainings.ts";
import type { ChartPoint } from "../../components/chart-scale.ts";

/** More points than a chart has columns cost time and show nothing. */
const MAX_POINTS = 1200;

export function lossPoints({ steps }: Pick<TrainingCurves, "steps">): readonly ChartPoint[] {
  return steps.map(({ step, loss }) => ({ x: step, y: loss }));
}

export function ratePoints({ steps }: Pick<TrainingCurves, "steps">): readonly ChartPoint[] {
  return steps.map(({ step, learningRate }) => ({ x: step, y: learningRate }));
}

/**
 * Each value mixed with those before it, so that a trend shows through noise. Corrected for the start, where there is
 * little before: the first value stays as it is. What is no number is passed over.
 *
 * @param weight  of what came before, 0 (as it is) to just below 1
 */
export function smoothed(points: readonly ChartPoint[], weight: number): readonly ChartPoint[] {
  if (weight <= 0) return points;
  let [sum, share] = [0, 0];
  return points.map(({ x, y }) => {
    if (!Number.isFinite(y)) return { x, y };
    sum = weight * sum + (1 - weight) * y;
    share = weight * share + (1 - weight);
    return { x, y: sum / share };
  });
}

/** Of each stretch its least and its greatest value, so that no peak is lost; the first and the last point stay. */
export function thinned(points: readonly ChartPoint[], limit: number = MAX_POINTS): readonly ChartPoint[] {
  const [first, last] = [points[0], points.at(-1)];
  if (points.length <= limit || first === undefined || last === undefined) return points;
  const stretch = Math.ceil((2 * (points.length - 2)) / Math.max(2, limit - 2));
  const chosen: ChartPoint[] = [first];
  for (let start = 1; start < points.length - 1; start += stretch) {
    const part = points.slice(start, Math.min(start + stretch, points.length - 1));
    const least = part.reduce((a, b) => (b.y < a.y ? b : a));
    const greatest = part.reduce((a, b) => (b.y > a.y ? b : a));
    chosen.push(...[...new Set([least, greatest])].sort((a, b) => a.x - b.x));
  }
  chosen.push(last);
  return chosen;
}

export interface AlphaLine {
  readonly alpha: number;
  readonly points: readonly ChartPoint[];
}

/** Mean IoU by step, a line for every alpha. */
export function alphaLines({ validations }: Pick<TrainingCurves, "validations">): readonly AlphaLine[] {
  const lines = new Map<number, ChartPoint[]>();
  for (const { step, scores } of validations) {
    for (const { alpha, miou } of scores) {
      const points = lines.get(alpha) ?? [];
      points.push({ x: step, y: miou });
      lines.set(alpha, points);
    }
  }
  return [...lines]
    .map(([alpha, points]) => ({ alpha, points: points.sort((a, b) => a.x - b.x) }))
    .sort((a, b) => a.alpha - b.alpha);
}

/** Mean IoU by alpha, of one validation. */
export function byAlpha({ scores }: TrainingCurves["validations"][number]): readonly ChartPoint[] {
  return scores.map(({ alpha, miou }) => ({ x: alpha, y: miou })).sort((a, b) => a.x - b.x);
}

export interface BestScore {
  readonly alpha: number;
  readonly miou: number;
  readonly step: number;
  readonly epoch: number;
}

/** The greatest mean IoU of all validations and alphas; of equal ones the earliest. Null before the first validation. */
export function bestScore({ validations }: Pick<TrainingCurves, "validations">): BestScore | null {
  return validations
    .flatMap(({ step, epoch, scores }) => scores.map((score) => ({ ...score, step, epoch })))
    .reduce<BestScore | null>((best, score) => (best === null || score.miou > best.miou ? score : best), null);
}

/** The kept preview at a step: the last one not after it, or the first. Null where there is none. */
export function previewAt(
  { previews }: Pick<TrainingCurves, "previews">,
  step: number | null,
): TrainingCurves["previews"][number] | null {
  if (step === null) return previews.at(-1) ?? null;
  return previews.findLast((preview) => preview.step <= step) ?? previews[0] ?? null;
}
