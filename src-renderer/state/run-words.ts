// Runs in words: methods, statuses, the parameters that matter most, how long it took.
import type { EvaluationConfig } from "../../src-shared/contract/evaluation.ts";
import { keptIterations } from "../../src-shared/contract/workbench/kept-iterations.ts";
import type { ImageRunConfig, RunMethod, RunStatus, RunSummary } from "../../src-shared/contract/workbench/runs.ts";

export const METHOD_TITLES: Readonly<Record<RunMethod, string>> = {
  predict: "Predict",
  tta: "Average views",
  adapt: "Adapt",
};

export const STATUS_TITLES: Readonly<Record<RunStatus, string>> = {
  queued: "Waiting",
  running: "Running",
  finished: "Finished",
  failed: "Failed",
  cancelled: "Cancelled",
  interrupted: "Interrupted",
};

export function isActive(status: RunStatus): boolean {
  return status === "queued" || status === "running";
}

/** "lr 0.05 · 10 iter. · threshold 0.7"; of a method without parameters what is special about it, or nothing. */
export function keyParameters(config: EvaluationConfig): string {
  const parts: string[] = [];
  if (config.method === "adapt") {
    parts.push(`lr ${config.baseLr}`, `${config.numEpochs} iter.`, `threshold ${config.threshold}`);
  }
  if (config.method === "tta") parts.push(`scales ${config.scales.join(", ")}`);
  if (config.method === "mc-dropout") parts.push(`${config.passes} passes`);
  if (config.alpha !== null) parts.push(`alpha ${config.alpha}`);
  return parts.join(" · ");
}

/** "Adapt · lr 0.05 · 10 iter. · threshold 0.7" */
export function runTitle({ method, config }: Pick<RunSummary, "method" | "config">): string {
  const parameters = keyParameters(config);
  return parameters === "" ? METHOD_TITLES[method] : `${METHOD_TITLES[method]} · ${parameters}`;
}

/** Milliseconds of work; null before it has ended, and of runs that never began. */
export function durationOf({ startedAt, endedAt }: Pick<RunSummary, "startedAt" | "endedAt">): number | null {
  return startedAt === null || endedAt === null ? null : endedAt - startedAt;
}

/** What a gain is measured from: the checkpoint as it is stored, or iteration 0 where that was not predicted. */
export function miouFrom({ miouBefore, miouStored }: Pick<RunSummary, "miouBefore" | "miouStored">): number | null {
  return miouStored ?? miouBefore;
}

/** After less the stored checkpoint's, -1..1; null where one of them is not known. */
export function gainOf(run: Pick<RunSummary, "miouBefore" | "miouAfter" | "miouStored">): number | null {
  const from = miouFrom(run);
  return from === null || run.miouAfter === null ? null : run.miouAfter - from;
}

/** The prediction a finished run ends with. */
export function lastIteration(config: ImageRunConfig): number {
  return keptIterations(config).at(-1) ?? 0;
}

const SAME_YEAR = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const WITH_YEAR = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** "21 Nov, 09:07"; of other years the date alone. */
export function formatDate(atMs: number, nowMs: number): string {
  const isThisYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return (isThisYear ? SAME_YEAR : WITH_YEAR).format(atMs);
}
