// How good runs of one image are, and which is the best so far.
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import { collapseSigns } from "../../../src-shared/verdict/collapse.ts";

export interface RunResult {
  /** Null without labels. */
  readonly miou: number | null;
  readonly entropy: number;
  readonly isCollapsed: boolean;
}

/** Of the last kept prediction; null when nothing was kept. */
export function resultOf(run: Pick<Run, "losses" | "kept" | "pseudoLabel">): RunResult | null {
  const last = run.kept.at(-1);
  if (last === undefined) return null;
  const isCollapsed = collapseSigns(run, last.iteration).length > 0;
  return { miou: last.scores?.miou ?? null, entropy: last.meanEntropy, isCollapsed };
}

/**
 * By mean IoU where there are labels. Without them nobody knows: none is called the best, since the surest may be the most
 * wrong.
 */
export function bestRun(runs: readonly Pick<Run, "id" | "losses" | "kept" | "pseudoLabel">[]): RunId | null {
  let best: { readonly id: RunId; readonly miou: number } | null = null;
  for (const run of runs) {
    const miou = resultOf(run)?.miou ?? null;
    if (miou !== null && (best === null || miou > best.miou)) best = { id: run.id, miou };
  }
  return runs.length > 1 ? (best?.id ?? null) : null;
}
