// Several runs: how two of them differ, curves of some, and what can be done with all.
import { Button } from "@mantine/core";
import { IconColumns2, IconDownload, IconTrash } from "@tabler/icons-react";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import { countOf } from "../../components/format.ts";
import { compareRuns, MAX_PANES } from "../../state/compare.ts";
import { useExportDialog } from "../../state/export-dialog.ts";
import { CurvesPanel, MAX_CURVES } from "./curves-panel.tsx";
import { DifferencePanel } from "./difference-panel.tsx";
import { deleteRuns } from "./run-actions.ts";
import { useRunView } from "./run-view.ts";
import { cachedRuns } from "./use-run-list.ts";

export function SelectionPanel({ ids }: { readonly ids: ReadonlySet<RunId> }) {
  // Oldest first: what the others are compared with.
  const runs = cachedRuns(ids).toSorted((a, b) => a.createdAt - b.createdAt);
  const [first, second] = runs;
  return (
    <>
      <h2 className="run-side-title">{countOf(ids.size, "run")} selected</h2>
      <div className="run-side-buttons">
        <Button
          disabled={ids.size > MAX_PANES}
          leftSection={<IconColumns2 size={16} stroke={1.7} aria-hidden="true" />}
          onClick={() => compareSelected()}
        >
          Compare side by side
        </Button>
        {ids.size > MAX_PANES && <p className="dimmed run-side-hint">Two to four runs fit side by side.</p>}
        <Button
          variant="default"
          leftSection={<IconDownload size={16} stroke={1.7} aria-hidden="true" />}
          onClick={() => exportSelected()}
        >
          Export…
        </Button>
        <Button
          variant="default"
          leftSection={<IconTrash size={16} stroke={1.7} aria-hidden="true" />}
          onClick={() => deleteRuns(cachedRuns(ids))}
        >
          Delete
        </Button>
      </div>
      {ids.size === 2 && first !== undefined && second !== undefined && <DifferencePanel a={first} b={second} />}
      {ids.size <= MAX_CURVES ? (
        <CurvesPanel ids={runs.map(({ id }) => id)} />
      ) : (
        <p className="dimmed run-side-hint">Choose {MAX_CURVES} runs at most to see their curves in one chart.</p>
      )}
    </>
  );
}

/** Oldest first, so that the first pane is what the others are compared with. */
export function compareSelected(): void {
  const runs = cachedRuns(useRunView.getState().selected);
  compareRuns(runs.toSorted((a, b) => a.createdAt - b.createdAt));
}

export function exportSelected(): void {
  const runs = cachedRuns(useRunView.getState().selected);
  useExportDialog.getState().open(runs.flatMap(({ id, status }) => (status === "finished" ? [id] : [])));
}
