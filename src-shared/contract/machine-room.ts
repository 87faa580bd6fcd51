// Whether a job fits the machine: what it needs of memory and disk, what there is, and the sentence when it does not.
import { AppError } from "./errors.ts";

export type Resource = "memory" | "device memory" | "disk";

export interface Need {
  readonly resource: Resource;
  /** An estimate. */
  readonly neededBytes: number;
  readonly freeBytes: number;
}

export type JobKind = "run" | "evaluation" | "tuning" | "training" | "export";

/** Estimates of memory are within a quarter of what is measured (docs/performance.md): beyond it, it will not do. */
const CLEARLY = 1.25;

/** What makes a job need less. */
const REMEDIES: Readonly<Record<JobKind, { readonly memory: string; readonly disk: string }>> = {
  run: { memory: "use smaller scales, a window or a smaller image", disk: "keep fewer iterations" },
  evaluation: { memory: "use smaller scales or a window", disk: "evaluate one split" },
  tuning: { memory: "search over smaller scales", disk: "use another disk" },
  training: { memory: "use a smaller crop or batch", disk: "use another disk" },
  export: { memory: "leave out what repeats the run", disk: "choose another folder" },
};

/** Those of the needs that are more than there is, and how far: a job with a "short" one is better not started. */
export function shortages(needs: readonly Need[]): readonly (Need & { readonly degree: "tight" | "short" })[] {
  return needs.flatMap((need) => {
    if (need.neededBytes <= need.freeBytes) return [];
    return [{ ...need, degree: need.neededBytes > CLEARLY * need.freeBytes ? "short" : "tight" }];
  });
}

/**
 * Refuses a job that needs clearly more than there is.
 *
 * @param anyway  how it is started all the same: "start it anyway", with the option that does so
 * @throws AppError `machine.short` with what is needed, what there is, and what to do
 */
export function requireRoom(job: JobKind, needs: readonly Need[], anyway: string): void {
  const short = shortages(needs).find(({ degree }) => degree === "short");
  if (short === undefined) return;
  throw new AppError("machine.short", `${amounts(job, short)}: ${remedies(job, short)}, or ${anyway}.`);
}

/** One sentence for everything that is scarce but may do. */
export function tightWarnings(job: JobKind, needs: readonly Need[]): string[] {
  return shortages(needs).map((need) => {
    const threat = need.resource === "disk" ? "it may stop in the middle" : "it may be slow, or be ended by the system";
    return `${amounts(job, need)}: ${threat}; ${remedies(job, need)}.`;
  });
}

function amounts(job: JobKind, { resource, neededBytes, freeBytes }: Need): string {
  return `The ${job} needs about ${bytesText(neededBytes)} of ${resource}, and ${bytesText(freeBytes)} are free`;
}

function remedies(job: JobKind, { resource }: Need): string {
  const { memory, disk } = REMEDIES[job];
  return resource === "disk" ? `free some space, ${disk}` : `close other programs, ${memory}`;
}

function bytesText(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
