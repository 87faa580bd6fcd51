// How long work in equal parts still takes, at the pace that was seen.

/** How far it was at a time. */
export interface Pace {
  readonly done: number;
  readonly atMs: number;
}

/**
 * Milliseconds until the last part, at the pace since `first`. What was done before it, by an earlier start of the same work,
 * took none of this time. Null until a part has been seen to end.
 */
export function paceLeftMs(first: Pace, now: Pace, parts: number | null): number | null {
  const done = now.done - first.done;
  if (parts === null || done <= 0 || now.atMs <= first.atMs) return null;
  return ((now.atMs - first.atMs) / done) * Math.max(0, parts - now.done);
}
