// How long a run will still take, from what it has done and what was expected.
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
