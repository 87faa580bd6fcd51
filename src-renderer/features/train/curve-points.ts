// What the charts of trainings draw: curves thinned and smoothed, validations by variant, the best of them.
import { type Variant, type VariantScore, variantText } from "../../../src-shared/contract/training/variant-score.ts";
import type { Training, TrainingCurves } from "../../../src-shared/contract/workbench/trainings.ts";
import type { ChartPoint } from "../../components/chart-scale.ts";

/** More points than a chart has columns cost time and show nothing. */
const MAX_POINTS = 1200;

/** The curve of one metric, without the steps that tell nothing of it. */
export function metricPoints(
  { steps, metrics }: Pick<TrainingCurves, "steps" | "metrics">,
  name: string,
): ChartPoint[] {
  const values = metrics[name] ?? [];
  return steps.flatMap((x, index) => {
    const y = values[index] ?? null;
    return y === null ? [] : [{ x, y }];
  });
}

/** Those that have charts of their own places. */
const PLACED = ["loss", "learningRate"];

/** Metrics that share a chart. */
export interface MetricGroup {
  /** What they are called before the point. */
  readonly stem: string;
  readonly names: readonly string[];
  /** Whether each is of one class: threshold.11 is of the class with this train id. */
  readonly isByClass: boolean;
}

/**
 * All other metrics, those with the same name before the point together: loss.source and loss.target are one group. Those of
 * single classes are a group apart from what is told of all.
 */
export function furtherMetrics({ metrics }: Pick<TrainingCurves, "metrics">): readonly MetricGroup[] {
  const names = Object.keys(metrics).filter((name) => !PLACED.includes(name));
  const stemOf = (name: string) => name.split(".")[0] ?? name;
  const groups = Map.groupBy(names, (name) => `${stemOf(name)} ${classOf(name) !== null}`);
  return [...groups.values()]
    .map((own) => ({ stem: stemOf(own[0] ?? ""), names: own, isByClass: classOf(own[0] ?? "") !== null }))
    .map((group) => (group.isByClass ? { ...group, names: group.names.toSorted(byClass) } : group))
    .sort((a, b) => Number(a.isByClass) - Number(b.isByClass));
}

/** The train id that a metric is of; null where it is of no single class. */
export function classOf(metric: string): number | null {
  const [, id] = /\.(\d+)$/.exec(metric) ?? [];
  return id === undefined ? null : Number(id);
}

function byClass(a: string, b: string): number {
  return (classOf(a) ?? 0) - (classOf(b) ?? 0);
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

export interface VariantLine {
  readonly variant: Variant;
  readonly points: readonly ChartPoint[];
}

/** Mean IoU by step, a line for every variant, in the order of their values. */
export function variantLines({ validations }: Pick<TrainingCurves, "validations">): readonly VariantLine[] {
  const scores = validations.flatMap(({ step, scores: own }) => own.map((score) => ({ step, score })));
  return [...Map.groupBy(scores, ({ score }) => variantText(score)).values()]
    .flatMap((own) => {
      const [first] = own;
      if (first === undefined) return [];
      const points = own.map(({ step, score }) => ({ x: step, y: score.miou })).sort((a, b) => a.x - b.x);
      return [{ variant: { name: first.score.name, value: first.score.value }, points }];
    })
    .sort((a, b) => (a.variant.value ?? 0) - (b.variant.value ?? 0));
}

/** What the variants differ in, where that is a number: "alpha". Null where it is none. */
export function variantAxis({ validations }: Pick<TrainingCurves, "validations">): string | null {
  return validations.flatMap(({ scores }) => scores).find(({ value }) => value !== null)?.name ?? null;
}

/** Mean IoU by the number that the variants differ in, of one validation. */
export function byValue({ scores }: TrainingCurves["validations"][number]): readonly ChartPoint[] {
  return scores.flatMap(({ value, miou }) => (value === null ? [] : [{ x: value, y: miou }])).sort((a, b) => a.x - b.x);
}

export interface BestScore extends VariantScore {
  readonly step: number;
  readonly epoch: number;
}

/**
 * The score that the checkpoint was chosen by; of equal ones the earliest. Variants that are only followed, as a teacher, may
 * have greater ones. Null before the first validation.
 *
 * @param bestMiou  of the training
 */
export function bestScore(
  { validations }: Pick<TrainingCurves, "validations">,
  { bestMiou }: Pick<Training, "bestMiou">,
): BestScore | null {
  const scores = validations.flatMap(({ step, epoch, scores: own }) => own.map((score) => ({ ...score, step, epoch })));
  return scores.find(({ miou }) => miou === bestMiou) ?? null;
}

/** What the previews are of: "prediction" and whatever else the method shows. */
export function previewNames({ previews }: Pick<TrainingCurves, "previews">): readonly string[] {
  return [...new Set(previews.map(({ name }) => name))];
}

export interface PreviewGroup {
  readonly title: string;
  /** Shown side by side. */
  readonly names: readonly string[];
}

/** What is predicted of the one picture stands together; so do numbered pictures: pseudo-labels-1, pseudo-labels-2. */
export function previewGroups({ previews }: Pick<TrainingCurves, "previews">): readonly PreviewGroup[] {
  const pictured = new Set(previews.filter(({ hasPicture }) => hasPicture).map(({ name }) => name));
  const groups = Map.groupBy(previewNames({ previews }), (name) =>
    pictured.has(name) ? name.replace(/-\d+$/, "") : PREDICTIONS,
  );
  return [...groups].map(([title, names]) => ({ title, names: names.toSorted(byNumber) }));
}

const PREDICTIONS = "predictions";

/** pseudo-labels-10 comes after pseudo-labels-9; other names stay in their order. */
function byNumber(a: string, b: string): number {
  const [first, second] = [a, b].map((name) => Number(/-(\d+)$/.exec(name)?.[1] ?? 0));
  return (first ?? 0) - (second ?? 0);
}

/** The kept preview at a step: the last one not after it, or the first. Null where there is none. */
export function previewAt(
  { previews }: Pick<TrainingCurves, "previews">,
  step: number | null,
): TrainingCurves["previews"][number] | null {
  if (step === null) return previews.at(-1) ?? null;
  return previews.findLast((preview) => preview.step <= step) ?? previews[0] ?? null;
}
