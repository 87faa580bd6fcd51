// Which run a pane shows on an image: the very one, or what was made there in the same way.

import type { CheckpointId } from "../../../src-shared/contract/workbench/ids.ts";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import { type ComparePane, paneOf } from "../../state/compare.ts";

export interface ResolvedRun {
  readonly run: RunSummary;
  /** False when the image only has a run of this checkpoint and method with other parameters. */
  readonly isSameWay: boolean;
}

/** @param runs  finished runs of the image, newest first */
export function resolveRun(pane: ComparePane, runs: readonly RunSummary[]): ResolvedRun | null {
  const itself = runs.find(({ id }) => id === pane.runId);
  if (itself !== undefined) return { run: itself, isSameWay: true };
  const similar = runs.filter(
    ({ checkpoint, method }) => checkpoint.id === pane.checkpointId && (pane.method === null || method === pane.method),
  );
  const ofGroup = similar.find(
    ({ groupId, config }) => groupId === pane.groupId && groupId !== null && isSame(config, pane.config),
  );
  const same = ofGroup ?? similar.find(({ config }) => isSame(config, pane.config));
  if (same !== undefined) return { run: same, isSameWay: true };
  const [newest] = similar;
  return newest === undefined ? null : { run: newest, isSameWay: pane.config === null };
}

/** How often predictions are kept changes nothing about them. */
function isSame(a: RunSummary["config"], b: ComparePane["config"]): boolean {
  return b !== null && JSON.stringify({ ...a, keepEvery: 1 }) === JSON.stringify({ ...b, keepEvery: 1 });
}

/**
 * What is shown before anything is chosen: the newest result of each of two checkpoints, or of one checkpoint before and
 * after.
 *
 * @param runs  finished runs of the image, newest first
 */
export function firstPanes(runs: readonly RunSummary[]): readonly ComparePane[] {
  const newest = new Map<CheckpointId, RunSummary>();
  for (const run of runs) if (!newest.has(run.checkpoint.id)) newest.set(run.checkpoint.id, run);
  const [first, second] = newest.values();
  if (first === undefined) return [];
  if (second !== undefined && labelSetOf(second.checkpoint) === labelSetOf(first.checkpoint)) {
    return [keyed(first, "result", 1), keyed(second, "result", 2)];
  }
  return [keyed(first, "before", 1), keyed(first, "result", 2)];
}

/** The same key whenever it is worked out anew. */
function keyed(run: RunSummary, source: ComparePane["source"], place: number): ComparePane {
  return { ...paneOf(run, source), key: `first-${place}` };
}
