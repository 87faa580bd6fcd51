// What can be done with runs: open, copy as command, cancel, delete with a way back, note something.
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { RunGroup, RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { countOf, shortName } from "../../components/format.ts";
import { api } from "../../state/api.ts";
import { type Change, forget, perform } from "../../state/history.ts";
import { useNavigation } from "../../state/navigation.ts";
import { queries } from "../../state/queries.ts";
import { queryClient } from "../../state/query-client.ts";
import { REMOVAL_DELAY_MS, useRemovals } from "../../state/removals.ts";
import { isActive } from "../../state/run-words.ts";
import { tell, tellFailure, tellUndoable } from "../../state/tell.ts";
import { useRunView } from "./run-view.ts";

/** Shows the run where it was made: image, checkpoint and every control as they were. */
export function openInAdapt({ id, image, checkpoint }: RunSummary): void {
  useNavigation.getState().go({
    screen: "adapt",
    runId: id,
    imageId: image.id,
    datasetId: image.datasetId,
    checkpointId: checkpoint.id,
  });
}

/** Puts the command line that gives the same result into the clipboard. */
export async function copyCommand(id: RunId): Promise<void> {
  try {
    const command = await queryClient.ensureQueryData(queries.runCommand(id));
    await navigator.clipboard.writeText(command);
    tell("Copied the command that gives the same result.");
  } catch (error) {
    tellFailure("The command was not copied", error);
  }
}

export async function saveNotes(id: RunId, notes: string): Promise<void> {
  try {
    await api.runs.setNotes.mutate({ id, notes });
  } catch (error) {
    tellFailure("The note was not saved", error);
  }
}

/** Runs of a group that have not ended. */
export function activeCount({ counts }: Pick<RunGroup, "counts">): number {
  return (counts.queued ?? 0) + (counts.running ?? 0);
}

/** Hides the runs at once and deletes them for good when the message with "Undo" is gone. */
export function deleteRuns(runs: readonly RunSummary[]): void {
  const removable = runs.filter(({ status }) => !isActive(status));
  const [first] = removable;
  if (first === undefined) return;
  const ids = removable.map(({ id }) => id);
  const what = removable.length === 1 ? `the run on ${shortName(first.image.key)}` : countOf(removable.length, "run");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const change: Change = {
    label: `delete ${what}`,
    redo: () => {
      setHidden(ids, true);
      timer = setTimeout(() => void deleteForGood(ids, what, change), REMOVAL_DELAY_MS);
    },
    undo: () => {
      clearTimeout(timer);
      setHidden(ids, false);
    },
  };
  perform(change);
  useRunView.setState({ selected: new Set(), cursor: null, anchor: null });
  tellUndoable(`Deleted ${what}.`, REMOVAL_DELAY_MS);
}

async function deleteForGood(ids: readonly RunId[], what: string, change: Change): Promise<void> {
  forget(change);
  const results = await Promise.allSettled(ids.map((id) => api.runs.remove.mutate({ id })));
  const kept = ids.filter((_, index) => results[index]?.status === "rejected");
  if (kept.length === 0) return;
  setHidden(kept, false);
  const failure = results.find((result) => result.status === "rejected");
  tellFailure(`Could not delete ${what}`, failure?.reason);
}

function setHidden(ids: readonly RunId[], isHidden: boolean): void {
  useRemovals.setState(({ hidden }) => {
    const next = new Set(hidden);
    for (const id of ids) {
      if (isHidden) next.add(id);
      else next.delete(id);
    }
    return { hidden: next };
  });
}
