// The history: every run with what made it, sweeps and batches, and what can be done with them.
import { Button } from "@mantine/core";
import { IconColumns2, IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { RunGroup, RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { countOf } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { ScreenFrame } from "../../components/screen-frame.tsx";
import { useCommands } from "../../state/commands.ts";
import { compareBatch, compareRuns } from "../../state/compare.ts";
import { useRun } from "../../state/entities.ts";
import { useNavigation } from "../../state/navigation.ts";
import { queries } from "../../state/queries.ts";
import { isActive } from "../../state/run-words.ts";
import { useSettings } from "../../state/settings.ts";
import { cancelGroup, cancelRun } from "../../state/stop-job.ts";
import { useSweepDialog } from "../../state/sweep-dialog.ts";
import { sentenceOf } from "../../state/tell.ts";
import { GroupList, groupName, runsOf } from "./group-list.tsx";
import { ParallelCoordinates } from "./parallel-coordinates.tsx";
import { activeCount, copyCommand, deleteRuns, openInAdapt } from "./run-actions.ts";
import { RunFilters } from "./run-filters.tsx";
import { RunPanel } from "./run-panel.tsx";
import { RunTable } from "./run-table.tsx";
import { changeFilter, isFiltered, NO_FILTER, type RunFilter, useRunView } from "./run-view.ts";
import "./runs-screen.css";
import { compareSelected, exportSelected, SelectionPanel } from "./selection-panel.tsx";
import { SweepTabs, SweepView } from "./sweep-view.tsx";
import {
  cachedRuns,
  newestFirst,
  type RunHead,
  type RunListing,
  runPage,
  useRunHead,
  useRunListing,
} from "./use-run-list.ts";

export function RunsScreen() {
  const filter = useRunView((view) => view.filter);
  const selected = useRunView((view) => view.selected);
  const cursor = useRunView((view) => view.cursor);
  const sweepTab = useRunView((view) => view.sweepTab);
  const listing = useRunListing(filter);
  const head = useRunHead(listing);
  const { data: groups } = useQuery(queries.groups());
  const group = groups?.find(({ id }) => id === filter.groupId);
  const shown = useShownRun();
  const { startSweep, problem } = useSweepStart(shown, filter);
  useRunCommands(startSweep);
  const grid = group?.kind === "sweep" ? group.grid : null;
  const isSweepShown = group !== undefined && grid !== null && sweepTab !== "runs";
  return (
    <ScreenFrame
      title={group === undefined ? "Runs" : groupName(group)}
      {...(group === undefined ? {} : { detail: <GroupDetail group={group} /> })}
      actions={group !== undefined && <GroupActions group={group} filter={filter} />}
    >
      <div className="runs-screen">
        <GroupList onStartSweep={startSweep} problem={problem} />
        <div className="runs-main">
          {isSweepShown ? (
            <SweepView key={group.id} group={group} grid={grid} />
          ) : (
            <History listing={listing} head={head} />
          )}
        </div>
        {(head.total ?? 0) > 0 && (
          <aside className="run-side" aria-label="Details">
            {selected.size > 1 ? (
              <SelectionPanel ids={selected} />
            ) : shown !== undefined ? (
              <RunPanel key={shown.id} run={shown} />
            ) : cursor !== null ? (
              <div className="skeleton runs-side-skeleton" />
            ) : (
              <p className="run-side-empty">Choose a run to see everything that made it.</p>
            )}
          </aside>
        )}
      </div>
    </ScreenFrame>
  );
}

function History({ listing, head }: { readonly listing: RunListing; readonly head: RunHead }) {
  const { filter } = listing;
  const { showsAxes } = useSettings().runTable;
  if (head.total === 0 && !head.isStale && !isFiltered(filter) && filter.groupId === null) return <NoRuns />;
  return (
    <>
      <RunFilters listing={listing} total={head.total} />
      {showsAxes && <ParallelCoordinates filter={filter} />}
      {head.error !== null && head.total === null && (
        <div className="runs-notice">
          <Notice level="error">{sentenceOf(head.error)}</Notice>
        </div>
      )}
      {head.total === 0 && !head.isStale ? (
        <EmptyState
          icon={<IconHistory size={28} stroke={1.5} />}
          title="No run passes the filter"
          action={
            <Button onClick={() => changeFilter("clear the filter", { ...NO_FILTER, groupId: filter.groupId })}>
              Clear the filter
            </Button>
          }
        />
      ) : (
        <RunTable listing={listing} head={head} />
      )}
    </>
  );
}

function NoRuns() {
  const go = useNavigation((state) => state.go);
  return (
    <EmptyState
      icon={<IconHistory size={28} stroke={1.5} />}
      title="Nothing has been run yet"
      action={<Button onClick={() => go({ screen: "adapt" })}>Adapt an image</Button>}
    >
      Every run is kept here with all that made it, so that it can be opened, compared and repeated.
    </EmptyState>
  );
}

function GroupDetail({ group }: { readonly group: RunGroup }) {
  const total = runsOf(group);
  const active = activeCount(group);
  const failed = (group.counts.failed ?? 0) + (group.counts.interrupted ?? 0);
  return (
    <>
      {active > 0 ? `${total - active} of ${countOf(total, "run")} done` : countOf(total, "run")}
      {failed > 0 && `, ${failed} failed`} · {group.checkpoint.name}
    </>
  );
}

function GroupActions({ group, filter }: { readonly group: RunGroup; readonly filter: RunFilter }) {
  const active = activeCount(group);
  const first = useQuery(runPage(newestFirst(filter), 0)).data?.runs[0];
  return (
    <>
      {active > 0 && (
        <Button variant="default" onClick={() => void cancelGroup(group.id)}>
          Cancel the {countOf(active, "run")} left
        </Button>
      )}
      {group.kind === "batch" && first !== undefined && (group.counts.finished ?? 0) > 0 && (
        <Button
          variant="default"
          leftSection={<IconColumns2 size={16} stroke={1.7} aria-hidden="true" />}
          onClick={() => compareBatch(group, first.image.datasetId)}
        >
          Compare before and after
        </Button>
      )}
      {group.kind === "sweep" && <SweepTabs />}
    </>
  );
}

/** The run at the cursor: from a list while it is in one, otherwise fetched. */
function useShownRun(): RunSummary | undefined {
  const cursor = useRunView((view) => view.cursor);
  const selected = useRunView((view) => view.selected);
  const id = selected.size === 1 ? ([...selected][0] ?? null) : cursor;
  const whole = useRun(id);
  return whole ?? (id === null ? undefined : cachedRuns(new Set([id]))[0]);
}

/** A sweep begins with the run that is chosen, the image that is open elsewhere, or the newest run. */
function useSweepStart(
  chosen: RunSummary | undefined,
  filter: RunFilter,
): { startSweep: () => void; problem: string | null } {
  const imageId = useNavigation((state) => state.imageId);
  const checkpointId = useNavigation((state) => state.checkpointId);
  const newest = useQuery(runPage(newestFirst(filter), 0)).data?.runs[0];
  const shown = chosen ?? (imageId === null ? newest : undefined);
  const { open } = useSweepDialog.getState();
  if (shown !== undefined) {
    return { startSweep: () => open(shown.image.id, shown.checkpoint.id, shown.config), problem: null };
  }
  if (imageId !== null) return { startSweep: () => open(imageId, checkpointId), problem: null };
  return { startSweep: () => {}, problem: "Open an image first" };
}

function useRunCommands(startSweep: () => void): void {
  const chosen = () => cachedRuns(useRunView.getState().selected);
  const only = () => (chosen().length === 1 ? chosen()[0] : undefined);
  const group = "Runs";
  useCommands([
    {
      id: "runs.open",
      title: "Open the run in Adapt",
      group,
      isEnabled: () => only() !== undefined,
      run: () => withRun(only(), openInAdapt),
    },
    {
      id: "runs.copyCommand",
      title: "Copy the run as a command",
      group,
      keys: "mod+shift+c",
      isEnabled: () => only() !== undefined,
      run: () => withRun(only(), ({ id }) => void copyCommand(id)),
    },
    {
      id: "runs.compare",
      title: "Compare the selected runs",
      group,
      keys: "c",
      isEnabled: () => chosen().length > 0 && chosen().length <= 4,
      run: () => (chosen().length === 1 ? compareRuns(chosen()) : compareSelected()),
    },
    {
      id: "export.open",
      title: "Export the selected runs…",
      group,
      keys: "mod+e",
      isEnabled: () => chosen().some(({ status }) => status === "finished"),
      run: exportSelected,
    },
    {
      id: "runs.cancel",
      title: "Cancel the selected runs",
      group,
      isEnabled: () => chosen().some(({ status }) => isActive(status)),
      run: () => {
        for (const { id, status } of chosen()) if (isActive(status)) void cancelRun(id);
      },
    },
    {
      id: "runs.delete",
      title: "Delete the selected runs",
      group,
      keys: "delete",
      isEnabled: () => chosen().some(({ status }) => !isActive(status)),
      run: () => deleteRuns(chosen()),
    },
    { id: "runs.sweep", title: "Start a sweep…", group, run: startSweep },
  ]);
}

function withRun(run: RunSummary | undefined, act: (run: RunSummary) => void): void {
  if (run !== undefined) act(run);
}
