// What has time stands back while somebody waits: a listing, for the pictures of what is listed already.
import { setTimeout as pause } from "node:timers/promises";

export interface StandBack {
  /** Whether nobody waits now. */
  readonly isIdle: () => boolean;
  /** Milliseconds between two looks. */
  readonly lookEveryMs: number;
  readonly signal: AbortSignal;
}

/** Never longer, or listing would never end under somebody who scrolls on and on. */
const AT_MOST_MS = 300;

/** Resolves when nobody waits, after some time all the same, and at once when the signal says so. */
export async function standBack({ isIdle, lookEveryMs, signal }: StandBack): Promise<void> {
  const latest = performance.now() + AT_MOST_MS;
  while (!isIdle() && performance.now() < latest && !signal.aborted) await pause(lookEveryMs);
}
