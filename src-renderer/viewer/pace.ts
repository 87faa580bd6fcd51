// Whether this machine keeps up with panes in motion.

export interface Pace {
  /** Milliseconds that frames in motion were waited for, a mean in which the newest count most. */
  readonly meanWaitMs: number;
  /** Never taken back: drawing would otherwise switch to and fro while the hand moves. */
  readonly isSlow: boolean;
}

export const FULL_PACE: Pace = { meanWaitMs: 0, isSlow: false };

/** At 60 frames a second the next one is 17 ms away at most. */
const SLOW_MS = 25;
const SHARE_OF_NEWEST = 0.15;
/** A single long wait, as while a file is read, says nothing of the pace. */
const LONGEST_COUNTED_MS = 60;

/** After a frame in motion came `waitedMs` after it was asked for. */
export function paceAfter({ meanWaitMs, isSlow }: Pace, waitedMs: number): Pace {
  const counted = Math.min(waitedMs, LONGEST_COUNTED_MS);
  const mean = meanWaitMs + (counted - meanWaitMs) * SHARE_OF_NEWEST;
  return { meanWaitMs: mean, isSlow: isSlow || mean > SLOW_MS };
}
