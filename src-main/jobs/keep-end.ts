// How a job of any kind comes to its end: what an error makes of it, and that it is kept and told once.
import type { Failure } from "../../src-shared/contract/results.ts";
import { endFrom, type JobContext, type JobEnd } from "./job.ts";
import { whenWritable } from "./when-writable.ts";

/** The end of `work`, of one that throws, too. @param signal  the one it is stopped by */
export async function endOf(work: () => Promise<JobEnd>, signal: AbortSignal): Promise<JobEnd> {
  try {
    return await work();
  } catch (error) {
    return endFrom(error, signal);
  }
}

/**
 * Keeps a job's end, later if the disk has no room now, and says it where the end alone would not be noticed.
 *
 * @param failure  why the job failed or was interrupted; null when it did not
 * @param keep     may throw: see `whenWritable`
 * @returns `failure`, else why its end could not be kept at once; null when all went well
 */
export function keepEnd(failure: Failure | null, keep: () => void, publish: JobContext["publish"]): Failure | null {
  const unkept = whenWritable(keep);
  const told = unkept ?? (failure?.code === "output.diskFull" ? failure : null);
  if (told !== null) publish({ type: "noticed", level: "error", message: told.message });
  return failure ?? unkept;
}
