// Time and memory of a run as arithmetic: from what an earlier run of the checkpoint took, part by part, or from nothing but
// the work of its graphs.
import type { RunWork } from "../../../src-shared/contract/engine-protocol.ts";
import type { EvaluationConfig } from "../../../src-shared/contract/evaluation.ts";
import { keptIterations } from "../../../src-shared/contract/workbench/kept-iterations.ts";
import {
  type ImageRunConfig,
  imageRunConfigSchema,
  MAX_ITERATIONS,
  type RunCost,
  type RunEstimate,
} from "../../../src-shared/contract/workbench/runs.ts";

/** A run that is to come, or was. */
export interface PlannedRun {
  readonly config: ImageRunConfig;
  readonly work: RunWork;
}

export interface EarlierRun extends PlannedRun {
  readonly cost: RunCost;
}

/** What an image of an evaluation is estimated as: a run that keeps no more than its results, a pass of MC dropout a prediction. */
export function runOfEvaluation(config: EvaluationConfig): ImageRunConfig {
  if (config.method === "mc-dropout") return imageRunConfigSchema.parse({ ...config, method: "predict" });
  if (config.method !== "adapt") return config;
  return { ...config, numEpochs: Math.min(config.numEpochs, MAX_ITERATIONS), keepEvery: MAX_ITERATIONS };
}

export type CostEstimate = Pick<RunEstimate, "milliseconds" | "peakBytes" | "basis">;

type Part = RunWork["prediction"];

/**
 * The newest earlier run, each of its parts scaled by the work that this run has in it.
 *
 * @param isWarm   whether the model and the graphs for this size are laid out already
 * @param earlier  of the same checkpoint and machine, the newest first; empty: null is the answer
 */
export function measuredCost(plan: PlannedRun, isWarm: boolean, earlier: readonly EarlierRun[]): CostEstimate | null {
  const [first] = earlier;
  if (first === undefined) return null;
  const warm = earlier.find(({ cost }) => cost.loadMs === 0 && cost.keptMs.length > 0) ?? first;
  const milliseconds = steadyMs(plan, warm) + (isWarm ? 0 : layoutMs(plan, earlier));
  return { milliseconds, peakBytes: expectedPeak(plan, earlier), basis: "measured" };
}

/** Every part as often as this run has it, as long as it takes once it is laid out. */
function steadyMs({ config, work }: PlannedRun, earlier: EarlierRun): number {
  const { cost } = earlier;
  const keptMs = median(cost.keptMs) ?? cost.firstMs;
  const kept = keptMs * ratio(work.prediction, earlier.work.prediction) * keptIterations(config).length;
  const views = work.views.reduce((sum, view) => sum + 2 * viewMs(view, earlier), 0);
  const iterations = config.method === "adapt" ? config.numEpochs * iterationMs(work, earlier) : 0;
  return kept + views + iterations + otherMs(earlier) * ratio(work.prediction, earlier.work.prediction);
}

/** One view: of a scale that was measured its second, which is the steady one; else of the nearest scale. */
function viewMs(view: RunWork["views"][number], { cost, work }: EarlierRun): number {
  const distance = (scale: number): number => Math.abs(Math.log(scale / view.scale));
  const [nearest] = work.views.toSorted((a, b) => distance(a.scale) - distance(b.scale));
  const measured = nearest === undefined ? [] : cost.views.filter(({ scale }) => scale === nearest.scale);
  const last = measured.at(-1);
  if (nearest !== undefined && last !== undefined) return last.elapsedMs * ratio(view, nearest);
  // No views were measured: they are predictions of another size.
  return (median(cost.keptMs) ?? cost.firstMs) * ratio(view, work.prediction);
}

function iterationMs(work: RunWork, { cost, work: itsWork }: EarlierRun): number {
  const measured = median(cost.iterationsMs.slice(1)) ?? cost.iterationsMs[0];
  if (measured !== undefined) return measured * ratio(work.iteration, itsWork.iteration);
  return (median(cost.keptMs) ?? cost.firstMs) * ratio(work.iteration, itsWork.prediction);
}

/** Reading the image and what else lies between the parts. */
function otherMs({ cost }: EarlierRun): number {
  const parts = [cost.loadMs, cost.firstMs, ...cost.keptMs, ...cost.iterationsMs];
  const views = cost.views.map(({ elapsedMs }) => elapsedMs);
  return Math.max(0, cost.totalMs - sumOf([...parts, ...views]));
}

/** What the first run of a size takes longer: reading the model and laying out its graphs, which each size has of its own. */
function layoutMs({ work }: PlannedRun, earlier: readonly EarlierRun[]): number {
  const cold = earlier.find(({ cost }) => cost.loadMs > 0);
  if (cold === undefined) return 0;
  const { cost } = cold;
  const extra = (first: number | undefined, steady: number | null | undefined): number =>
    Math.max(0, (first ?? 0) - (steady ?? first ?? 0));
  const ofViews = cost.views
    .filter((_, index) => index % 2 === 0)
    .map(({ elapsedMs }, index) => extra(elapsedMs, cost.views[2 * index + 1]?.elapsedMs));
  const ofIterations = extra(cost.iterationsMs[0], median(cost.iterationsMs.slice(1)));
  const ofPrediction = extra(cost.firstMs, median(cost.keptMs));
  const scale = ratio(work.prediction, cold.work.prediction);
  return cost.loadMs + (ofPrediction + ofIterations + sumOf(ofViews)) * scale;
}

/**
 * The largest memory of the process, in bytes: that of the earlier run that is most like this one, its working memory scaled.
 * Runs that stayed below what the process held from before tell nothing; the newest of those is better than none, and
 * without any the arithmetic answers.
 */
export function expectedPeak(plan: PlannedRun, earlier: readonly EarlierRun[]): number {
  const telling = earlier.filter(({ cost }) => cost.peakBytes > 1.02 * cost.startBytes);
  const own = workingBytes(plan);
  const unlikeness = (run: EarlierRun): number => Math.abs(Math.log(own / workingBytes(run)));
  const [likest] = (telling.length > 0 ? telling : earlier).toSorted((a, b) => unlikeness(a) - unlikeness(b));
  if (likest === undefined) return calculatedPeak(plan);
  const factor = likest.cost.peakBytes / calculatedPeak(likest);
  return calculatedPeak(plan) * factor;
}

export interface Speed {
  /** Of a matrix product. */
  readonly gigaflopsPerSecond: number;
}

/** Without any measurement of the checkpoint: everything at the speed of a test product. */
export function calculatedCost(plan: PlannedRun, isWarm: boolean, speed: Speed): CostEstimate {
  const { config, work } = plan;
  const keptMs = partMs(work.prediction, speed) + work.scoreBytes / KEPT_BYTES_PER_MS;
  const viewsMs = sumOf(work.views.map((view) => 2 * (partMs(view, speed) + work.scoreBytes / FUSED_BYTES_PER_MS)));
  const iterationsMs = config.method === "adapt" ? config.numEpochs * partMs(work.iteration, speed) : 0;
  // Besides what is kept, the checkpoint is predicted with the source's statistics.
  const predictions = keptIterations(config).length + (config.method === "predict" ? 0 : 1);
  const steady = keptMs * predictions + viewsMs + iterationsMs;
  // The first run of a graph takes about twice as long.
  const layout = keptMs + viewsMs / 2 + (iterationsMs > 0 ? partMs(work.iteration, speed) : 0);
  return { milliseconds: steady + (isWarm ? 0 : layout), peakBytes: calculatedPeak(plan), basis: "calculated" };
}

// Fitted to the figures in docs/performance.md and to runs of the sample's ResNet-18, on two cores.
const LEAST_PART_MS = 5;
/** Scores become planes and files. */
const KEPT_BYTES_PER_MS = 0.25e6;
/** Scores of a view are enlarged and added up. */
const FUSED_BYTES_PER_MS = 0.5e6;
/** Bytes of a process that does nothing else. */
export function calculatedPeak(plan: PlannedRun): number {
  return PROCESS_BYTES + workingBytes(plan);
}

/** A process with the libraries, a few compiled graphs and garbage that is not collected yet. */
export const PROCESS_BYTES = 205e6;
/** Fitted, as above; within an eighth of what was measured, except for runs of less than 300 MB. */
const MEMORY = {
  /** Copies of the weights: as read, as transformed, as adapted; with momentum the velocities, too. */
  weightsPredicting: 2.1,
  weightsAdapting: 4.2,
  velocities: 1.5,
  /** Scores: of a prediction, and while those of views are added up. */
  scoresPredicting: 4,
  scoresOfViews: 8,
};

/** Of a process that computes elsewhere than on a device of its own; on one, what lies there. */
export function workingBytes({ config, work }: PlannedRun): number {
  const scores = config.method === "predict" ? MEMORY.scoresPredicting : MEMORY.scoresOfViews;
  // A view may be larger than the image.
  const heldBytes = Math.max(work.prediction.heldBytes, ...work.views.map((view) => view.heldBytes));
  const predicting = MEMORY.weightsPredicting * work.weightBytes + heldBytes + scores * work.heldScoreBytes;
  if (config.method !== "adapt" || config.numEpochs === 0) return predicting;
  const copies = MEMORY.weightsAdapting + (config.momentum > 0 ? MEMORY.velocities : 0);
  const adapting = copies * work.weightBytes + work.iteration.heldBytes + MEMORY.scoresPredicting * work.heldScoreBytes;
  return Math.max(predicting, adapting);
}

/** A pass once it is laid out. */
export function partMs(part: Part, { gigaflopsPerSecond }: Speed): number {
  return (1000 * amountOf(part)) / gigaflopsPerSecond + LEAST_PART_MS;
}

/** How much more there is to do. */
function ratio(part: Part, measured: Part): number {
  return amountOf(measured) === 0 ? 1 : amountOf(part) / amountOf(measured);
}

/** GFLOP, with bytes that are moved counted as the operations that take as long. */
function amountOf({ gflop, movedBytes }: Part): number {
  return gflop + GFLOP_PER_MOVED_BYTE * movedBytes;
}

const GFLOP_PER_MOVED_BYTE = 9.2e-9;

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
