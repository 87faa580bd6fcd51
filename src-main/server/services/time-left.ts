// How long what computes will still take, from what it has done and what was expected.
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";

/**
 * Milliseconds: iterations tell best how fast they are, before them the estimate has to do. Null while nothing is known.
 *
 * @param expectedMs  of the whole run
 * @param now         milliseconds since 1970
 */
export function runLeftMs(
  { startedAt, lastEvent }: Pick<Run, "startedAt" | "lastEvent">,
  expectedMs: number | null,
  now: number,
): number | null {
  const byEstimate = expectedMs === null || startedAt === null ? null : Math.max(0, expectedMs - (now - startedAt));
  if (lastEvent?.type !== "iterationFinished") return byEstimate;
  const { iteration, iterations, elapsedMs } = lastEvent;
  return Math.max(byEstimate ?? 0, (iterations - iteration) * elapsedMs);
}

export interface Pace {
  readonly done: number;
  readonly atMs: number;
}

/**
 * Milliseconds until the last image, at the pace since it was first looked at. Not since the start: an evaluation that
 * was taken up again had images done before. Null until an image has been seen to end.
 */
export function evaluationLeftMs(first: Pace, now: Pace, images: number | null): number | null {
  const done = now.done - first.done;
  if (images === null || done <= 0 || now.atMs <= first.atMs) return null;
  return ((now.atMs - first.atMs) / done) * Math.max(0, images - now.done);
}
