// What a run has brought: by the labels where there are some, else what can be said without them.
import type { Scores } from "../contract/results.ts";
import type { KeptIteration, ReferencePrediction, Run } from "../contract/workbench/runs.ts";
import { type Collapse, collapseSigns, firstCollapse } from "./collapse.ts";

/** Differences of mean IoU in shares, 0.01 being a point. */
export const VERDICT_LIMITS = {
  /** Less is about equal: where exactly a label's edge was drawn decides over as much on a single image. */
  equal: 0.005,
  /** A loss that is real harm; less is worth a warning. */
  harm: 0.02,
  /** A class whose IoU, or whose share of the image, changed by less is not named. */
  namedClass: 0.01,
  /** Less of the image changed: hardly anything did. */
  changed: 0.005,
} as const;

/** Most classes that are named on either side. */
const NAMED_CLASSES = 3;

export interface ClassChange {
  readonly trainId: number;
  /** Of IoU or of the share of the image, -1..1. */
  readonly change: number;
}

export interface ScoredVerdict {
  readonly kind: "scored";
  readonly outcome: "better" | "worse" | "equal";
  /** Mean IoU of the checkpoint as it is stored, and of the result; 0..1. */
  readonly from: number;
  readonly to: number;
  /** What the run's alpha brought before any adaptation, and what the rest brought; they add up to the gain. */
  readonly alphaShare: number;
  readonly methodShare: number;
  /** Mean IoU over the classes that the labels have, of both; null where that is not known. */
  readonly present: { readonly from: number; readonly to: number } | null;
  /** Classes in order of how much they gained, and lost. */
  readonly gained: readonly ClassChange[];
  readonly lost: readonly ClassChange[];
}

export interface UnscoredVerdict {
  readonly kind: "unscored";
  /** Share of the pixels whose class is not that of the unadapted prediction; null where it is not known. */
  readonly changed: number | null;
  /** Of these, the share whose new class all views together have, too. */
  readonly supported: number | null;
  /** How far the views agree with one another, 0..1. */
  readonly agreement: number | null;
  readonly entropy: { readonly from: number; readonly to: number };
  /** Classes by how much of the image they gained, and lost. */
  readonly grown: readonly ClassChange[];
  readonly shrunk: readonly ClassChange[];
}

export type Verdict = (ScoredVerdict | UnscoredVerdict) & {
  readonly iteration: number;
  /** Signs of collapse at this iteration, with the first iteration of the run that showed any. */
  readonly collapse: Collapse | null;
};

type JudgedRun = Pick<Run, "losses" | "kept" | "pseudoLabel" | "references">;

/** Of one kind; null where it was not predicted. */
export function referenceOf({ references }: Pick<Run, "references">, kind: ReferencePrediction["kind"]) {
  return references.find((reference) => reference.kind === kind) ?? null;
}

/**
 * The verdict on a run at a kept iteration; null while there is nothing to compare: no adapted prediction, or one with the
 * checkpoint's own alpha and nothing done to it.
 */
export function verdictOf(run: JudgedRun, iteration: number): Verdict | null {
  const unadapted = run.kept.find((kept) => kept.iteration === 0);
  const now = run.kept.find((kept) => kept.iteration === iteration);
  const stored = referenceOf(run, "stored");
  if (unadapted === undefined || now === undefined) return null;
  if (iteration === 0 && (stored === null || !stored.hasPlanes)) return null;
  // Where it began, and what of it is seen here.
  const signs = collapseSigns(run, iteration);
  const first = signs.length > 0 ? firstCollapse(run) : null;
  const collapse = first === null ? null : { iteration: first.iteration, signs };
  const scored = scoredVerdict(stored?.scores ?? unadapted.scores, unadapted.scores, now.scores);
  return { ...(scored ?? unscoredVerdict(unadapted, now, run.pseudoLabel?.agreement ?? null)), iteration, collapse };
}

/**
 * By the labels, of one image or of many together; null where a score is missing.
 *
 * @param stored     of the checkpoint as it is stored
 * @param unadapted  with the alpha of the run
 */
export function scoredVerdict(
  stored: Scores | null,
  unadapted: Scores | null,
  after: Scores | null,
): ScoredVerdict | null {
  const [from, between, to] = [stored?.miou, unadapted?.miou, after?.miou];
  if (from == null || between == null || to == null) return null;
  const [presentFrom, presentTo] = [stored?.miouPresent, after?.miouPresent];
  const [gained, lost] = named(stored?.iou ?? [], after?.iou ?? []);
  return {
    kind: "scored",
    outcome: Math.abs(to - from) < VERDICT_LIMITS.equal ? "equal" : to > from ? "better" : "worse",
    from,
    to,
    alphaShare: between - from,
    methodShare: to - between,
    present: presentFrom == null || presentTo == null ? null : { from: presentFrom, to: presentTo },
    gained,
    lost,
  };
}

type Predicted = Pick<KeptIteration, "meanEntropy" | "figures">;

/** Without labels. */
export function unscoredVerdict(unadapted: Predicted, now: Predicted, agreement: number | null): UnscoredVerdict {
  const [grown, shrunk] = named(sharesOf(unadapted), sharesOf(now));
  return {
    kind: "unscored",
    changed: now.figures?.changed ?? null,
    supported: now.figures?.supported ?? null,
    agreement,
    entropy: { from: unadapted.meanEntropy, to: now.meanEntropy },
    grown,
    shrunk,
  };
}

/** How loudly a verdict is to be told. */
export type Tone = "good" | "neutral" | "warning" | "danger";

/** Real harm alone is danger: by the labels where there are some, by a collapse where there are none. */
export function toneOf(verdict: Verdict): Tone {
  if (verdict.kind === "unscored") return verdict.collapse === null ? "neutral" : "danger";
  if (verdict.outcome === "worse") {
    return verdict.collapse !== null || verdict.from - verdict.to >= VERDICT_LIMITS.harm ? "danger" : "warning";
  }
  if (verdict.collapse !== null) return "warning";
  return verdict.outcome === "better" ? "good" : "neutral";
}

/** Whether something should be tried: it got worse, or shows signs of collapse. */
export function wentBadly(verdict: Verdict): boolean {
  return verdict.collapse !== null || (verdict.kind === "scored" && verdict.outcome === "worse");
}

/** The classes that changed enough to be named: those that gained, most first, and those that lost, most first. */
function named(
  before: readonly (number | null)[],
  after: readonly (number | null)[],
): readonly [gained: readonly ClassChange[], lost: readonly ClassChange[]] {
  const changes = before
    .flatMap((old, trainId): ClassChange[] => {
      const now = after[trainId] ?? null;
      // An IoU that is not there is not an IoU of 0.
      return old === null || now === null ? [] : [{ trainId, change: now - old }];
    })
    .filter(({ change }) => Math.abs(change) >= VERDICT_LIMITS.namedClass)
    .sort((a, b) => b.change - a.change);
  return [
    changes.filter(({ change }) => change > 0).slice(0, NAMED_CLASSES),
    changes
      .filter(({ change }) => change < 0)
      .reverse()
      .slice(0, NAMED_CLASSES),
  ];
}

/** Of the image, by class. */
function sharesOf({ figures }: Predicted): readonly number[] {
  const counts = figures?.classPixels ?? [];
  const pixels = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / pixels);
}
