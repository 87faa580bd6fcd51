// Changes of the panes: what each shows, adding and taking away.
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { type ComparePane, MAX_PANES, paneOf, useCompare } from "../../state/compare.ts";

/** Edits what is shown now; from the first edit on the choice is the user's. */
function edit(shown: readonly ComparePane[], change: (panes: readonly ComparePane[]) => readonly ComparePane[]): void {
  useCompare.setState(({ against }) => {
    const panes = change(shown);
    return { panes, against: Math.max(1, Math.min(against, panes.length - 1)) };
  });
}

export function setPane(shown: readonly ComparePane[], place: number, change: Partial<ComparePane>): void {
  edit(shown, (panes) => panes.map((pane, index) => (index === place ? { ...pane, ...change } : pane)));
}

/** Another result in the same pane; what is shown of it stays, and starts at its last prediction. */
export function setPaneRun(shown: readonly ComparePane[], place: number, run: RunSummary): void {
  const { runId, checkpointId, method, groupId, config } = paneOf(run);
  setPane(shown, place, { runId, checkpointId, method, groupId, config, iteration: null });
}

/** Beside what is there: the same result, errors first, since that is what the eye does not find by itself. */
export function addPane(shown: readonly ComparePane[], runs: readonly RunSummary[], hasLabels: boolean): void {
  const last = shown.at(-1);
  if (last === undefined || shown.length >= MAX_PANES) return;
  const unused = runs.find(({ id }) => !shown.some(({ runId }) => runId === id));
  const [run] = unused === undefined ? runs : [unused];
  if (run === undefined) return;
  edit(shown, (panes) => [
    ...panes,
    paneOf(run, unused === undefined ? (hasLabels ? "errors" : "confidence") : "result"),
  ]);
}

export function removePane(shown: readonly ComparePane[], place: number): void {
  if (shown.length <= 2) return;
  edit(shown, (panes) => panes.toSpliced(place, 1));
}
