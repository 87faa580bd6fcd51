// A verdict in words, the same for the window and the terminal: calm, exact, and with what to do where it went badly.
import type { RunMethod } from "../contract/workbench/runs.ts";
import type { CollapseSign } from "./collapse.ts";
import { type ClassChange, type ScoredVerdict, type UnscoredVerdict, VERDICT_LIMITS, type Verdict } from "./verdict.ts";

const METHOD_NAMES: Readonly<Record<Exclude<RunMethod, "predict">, string>> = {
  adapt: "adaptation",
  tta: "averaging the views",
};

export interface VerdictWords {
  /** A few words: the outcome. */
  readonly title: string;
  /** Sentences: from what to what, which classes, what it rests on. */
  readonly details: readonly string[];
  /** Where the mean over the classes in the labels alone tells another story; null where it does not. */
  readonly note: string | null;
  /** Why it is taken for a collapse, and what to do; empty when it is not. */
  readonly alarm: readonly string[];
}

/** @param classNames  by train id */
export function verdictWords(verdict: Verdict, method: RunMethod, classNames: readonly string[]): VerdictWords {
  const { collapse } = verdict;
  const words =
    verdict.kind === "scored" ? scoredWords(verdict, method, classNames) : unscoredWords(verdict, classNames);
  if (collapse === null) return { ...words, alarm: [] };
  return {
    ...words,
    title: verdict.kind === "scored" ? words.title : `Collapsed at iteration ${collapse.iteration}`,
    details: verdict.kind === "scored" ? words.details : [`${words.title}.`, ...words.details],
    alarm: alarmWords(collapse.signs, classNames),
  };
}

/** "Better by 2.3 points of mean IoU", and from where that comes. */
export function scoredWords(
  verdict: ScoredVerdict,
  method: RunMethod,
  classNames: readonly string[],
): Omit<VerdictWords, "alarm"> {
  const { outcome, from, to, alphaShare, methodShare, present, gained, lost } = verdict;
  const gain = to - from;
  const by = `${pointsText(Math.abs(gain))} of mean IoU`;
  const title = {
    better: `Better by ${by}`,
    worse: `Worse by ${by}`,
    equal: `About equal: ${signed(gain)} points of mean IoU`,
  }[outcome];
  const isSplit = method !== "predict" && Math.abs(alphaShare) >= LEAST_SHOWN;
  const split = isSplit ? `: alpha ${signed(alphaShare)}, ${METHOD_NAMES[method]} ${signed(methodShare)}` : "";
  const classes = [listed("Most gained", gained, classNames), listed("most lost", lost, classNames)].filter(Boolean);
  return {
    title,
    details: [
      `${percentText(from)} as the checkpoint is stored, ${percentText(to)} now${split}.`,
      ...(classes.length === 0 ? [] : [`${capitalised(classes.join("; "))}.`]),
    ],
    note: presentWords(gain, present),
  };
}

/** Only where it tells another story: a class that was only predicted counts as 0, and weighs as much as a real one. */
function presentWords(gain: number, present: ScoredVerdict["present"]): string | null {
  if (present === null) return null;
  const own = present.to - present.from;
  if (Math.abs(own - gain) < VERDICT_LIMITS.equal) return null;
  return `Over the classes in the labels alone ${signed(own)}: the mean also counts classes that are only predicted.`;
}

function unscoredWords(verdict: UnscoredVerdict, classNames: readonly string[]): Omit<VerdictWords, "alarm"> {
  const { changed, supported, agreement, entropy, grown, shrunk } = verdict;
  const isHardly = changed !== null && changed < VERDICT_LIMITS.changed;
  const title =
    changed === null
      ? "Adapted"
      : isHardly
        ? "Hardly anything changed"
        : `${percentText(changed)} of the pixels changed`;
  const classes = [listed("Grew", grown, classNames), listed("shrank", shrunk, classNames)].filter(Boolean);
  const views = [
    ...(supported === null || isHardly
      ? []
      : [`all views together see ${percentText(supported, 0)} of these changes, too`]),
    ...(agreement === null ? [] : [`each view agrees with them on ${percentText(agreement, 0)} of the image`]),
  ];
  return {
    title,
    details: [
      ...(views.length === 0 ? [] : [`${capitalised(views.join("; "))}.`]),
      ...(classes.length === 0 ? [] : [`${capitalised(classes.join("; "))} points of the image.`]),
      `Entropy ${percentText(entropy.from)} → ${percentText(entropy.to)}. Whether it is better, only labels can tell.`,
    ],
    note: null,
  };
}

/** One sentence a sign, and one that says what to do. */
export function alarmWords(signs: readonly CollapseSign[], classNames: readonly string[]): string[] {
  const why = signs.map((sign) => signWords(sign, classNames));
  return [...why, "Lower the learning rate, or go back to an iteration before it."];
}

function signWords(sign: CollapseSign, classNames: readonly string[]): string {
  switch (sign.kind) {
    case "lossRising":
      return `The loss rose from ${sign.from.toPrecision(2)} to ${sign.to.toPrecision(2)}, with the same pseudo-labels.`;
    case "classesVanished":
      return `${sign.trainIds.length} of ${sign.seen} classes are gone: ${sign.trainIds.map((id) => nameOf(id, classNames)).join(", ")}.`;
    case "oneClass":
      return `${capitalised(nameOf(sign.trainId, classNames))} has taken over: ${percentText(sign.from, 0)} of the image before, ${percentText(sign.to, 0)} now.`;
    case "saturated":
      return `Hardly a pixel is in doubt any more: ${percentText(sign.to, 0)} are more than 99 % sure, ${percentText(sign.from, 0)} before.`;
    default:
      return sign satisfies never;
  }
}

/** Shares below this are written as 0.0. */
const LEAST_SHOWN = 0.0005;

function listed(title: string, changes: readonly ClassChange[], classNames: readonly string[]): string {
  if (changes.length === 0) return "";
  return `${title}: ${changes.map(({ trainId, change }) => `${nameOf(trainId, classNames)} ${signed(change)}`).join(", ")}`;
}

function nameOf(trainId: number, classNames: readonly string[]): string {
  return classNames[trainId] ?? `class ${trainId}`;
}

function percentText(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

function pointsText(share: number): string {
  const points = (100 * share).toFixed(1);
  return `${points} ${points === "1.0" ? "point" : "points"}`;
}

function signed(share: number): string {
  const points = (100 * Math.abs(share)).toFixed(1);
  return share < 0 && points !== "0.0" ? `−${points}` : `+${points}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
