// Recognising without labels that an adaptation goes wrong: the signs, their thresholds with the reasons, and what they exclude.
import type { KeptIteration, Run } from "../contract/workbench/runs.ts";

/**
 * When a sign counts. All compare with iteration 0 of the same run, so that they hold for sure and for unsure networks.
 * They are meant to miss a slow decline rather than to accuse an adaptation that works.
 */
export const COLLAPSE_LIMITS = {
  /**
   * Loss over that of iteration 0. The pseudo-labels stay the same, so steps that are small enough lower it; a quarter more
   * is beyond what dropout or a first step that overshoots a little adds.
   */
  lossRise: 1.25,
  /** Share of the image from which on a class counts as seen: less comes and goes at the edges of others. */
  seenShare: 0.01,
  /** A seen class that keeps less than this share of its pixels has vanished: adapting shrinks classes, but not to a tenth. */
  vanishedShare: 0.1,
  /** Share of the seen classes. One wrong class less may be right; half of all that was seen is not. */
  vanishedClasses: 0.5,
  /** Share of the image: a street's largest class has half of it at most, as a rule. */
  takenOver: 0.75,
  /** By which the largest class has grown at the least: an image of sky alone has collapsed to nothing. */
  takenOverGain: 0.2,
  /** Share of the pixels in no doubt at all. */
  saturated: 0.95,
  /** Share of the doubtful pixels that is still in doubt, at the most: a sure network was saturated from the start. */
  doubtLeft: 0.25,
} as const;

export type CollapseSign =
  /** Losses of iteration 0 and of the latest one known. */
  | { readonly kind: "lossRising"; readonly from: number; readonly to: number }
  /** Train ids of the classes that are gone, and how many were seen. */
  | { readonly kind: "classesVanished"; readonly trainIds: readonly number[]; readonly seen: number }
  /** Shares of the image, 0..1. */
  | { readonly kind: "oneClass"; readonly trainId: number; readonly from: number; readonly to: number }
  /** Shares of pixels in no doubt, 0..1. */
  | { readonly kind: "saturated"; readonly from: number; readonly to: number };

/** What has to be known of a run to judge it. */
export type WatchedRun = Pick<Run, "losses" | "kept" | "pseudoLabel">;

/** The signs at a kept iteration; none at iteration 0, which nothing was done to, and where an earlier version ran. */
export function collapseSigns(run: WatchedRun, iteration: number): readonly CollapseSign[] {
  if (iteration === 0) return [];
  const first = run.kept.find((kept) => kept.iteration === 0);
  const now = run.kept.find((kept) => kept.iteration === iteration);
  const signs = [lossSign(run.losses, iteration)];
  if (first?.figures != null && now?.figures != null) {
    signs.push(
      vanishedSign(first.figures.classPixels, now.figures.classPixels, run.pseudoLabel?.perClass ?? null),
      oneClassSign(first.figures.classPixels, now.figures.classPixels),
      saturatedSign(first.figures.saturated, now.figures.saturated),
    );
  }
  return signs.filter((sign) => sign !== null);
}

export interface Collapse {
  /** The first kept one that shows it. */
  readonly iteration: number;
  readonly signs: readonly CollapseSign[];
}

/** Where a run collapsed first; null when it did not. */
export function firstCollapse(run: WatchedRun): Collapse | null {
  for (const { iteration } of run.kept) {
    const signs = collapseSigns(run, iteration);
    if (signs.length > 0) return { iteration, signs };
  }
  return null;
}

/**
 * The iteration a marker recommends. Without the labels it is the one with the least entropy among those before the first
 * sign of collapse: entropy says how sure the model is, not how right, and a collapsed one is surest of all. With the
 * labels, which has to be asked for, it is the one with the best mean IoU.
 */
export function bestIteration(run: WatchedRun, usesTruth: boolean): number | null {
  const end = usesTruth ? null : firstCollapse(run);
  const candidates = end === null ? run.kept : run.kept.filter(({ iteration }) => iteration < end.iteration);
  const value = ({ scores, meanEntropy }: KeptIteration): number | null =>
    usesTruth ? (scores?.miou ?? null) : -meanEntropy;
  let best: { readonly iteration: number; readonly value: number } | null = null;
  for (const kept of candidates) {
    const own = value(kept);
    if (own !== null && (best === null || own > best.value)) best = { iteration: kept.iteration, value: own };
  }
  return best?.iteration ?? null;
}

/** Loss i is that of the weights after i iterations; of the last ones it is not known, so the one before stands for it. */
function lossSign(losses: readonly number[], iteration: number): CollapseSign | null {
  const [from] = losses;
  const to = losses[Math.min(iteration, losses.length - 1)];
  if (from === undefined || to === undefined || to <= COLLAPSE_LIMITS.lossRise * from) return null;
  return { kind: "lossRising", from, to };
}

/** A class that the pseudo-label does not have is not expected to stay. */
function vanishedSign(
  before: readonly number[],
  now: readonly number[],
  pseudoLabel: readonly number[] | null,
): CollapseSign | null {
  const pixels = sumOf(before);
  const seen = [...before.keys()].filter(
    (trainId) => at(before, trainId) >= COLLAPSE_LIMITS.seenShare * pixels && at(pseudoLabel ?? before, trainId) > 0,
  );
  const trainIds = seen.filter((trainId) => at(now, trainId) < COLLAPSE_LIMITS.vanishedShare * at(before, trainId));
  if (trainIds.length < 2 || trainIds.length < COLLAPSE_LIMITS.vanishedClasses * seen.length) return null;
  return { kind: "classesVanished", trainIds, seen: seen.length };
}

function oneClassSign(before: readonly number[], now: readonly number[]): CollapseSign | null {
  const trainId = now.indexOf(Math.max(...now));
  const [from, to] = [at(before, trainId) / sumOf(before), at(now, trainId) / sumOf(now)];
  if (to < COLLAPSE_LIMITS.takenOver || to - from < COLLAPSE_LIMITS.takenOverGain) return null;
  return { kind: "oneClass", trainId, from, to };
}

function saturatedSign(from: number, to: number): CollapseSign | null {
  const { saturated, doubtLeft } = COLLAPSE_LIMITS;
  if (from >= saturated || to < saturated || 1 - to > doubtLeft * (1 - from)) return null;
  return { kind: "saturated", from, to };
}

function at(counts: readonly number[], trainId: number): number {
  return counts[trainId] ?? 0;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
