// The panes with the runs they stand for on the shown image.
import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Scores } from "../../../src-shared/contract/results.ts";
import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Run, RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import type { Stop } from "../../panes/kept-prediction.ts";
import { type ComparePane, useCompare } from "../../state/compare.ts";
import { queries } from "../../state/queries.ts";
import { useRemovals } from "../../state/removals.ts";
import { firstPanes, type ResolvedRun, resolveRun } from "./resolve-run.ts";

export interface ShownPane {
  readonly pane: ComparePane;
  /** Null where the image has no run of this kind. */
  readonly resolved: ResolvedRun | null;
  /** Undefined while it is fetched. */
  readonly whole: Run | undefined;
  /** The prediction the pane stands for; null while there is none. */
  readonly stop: Stop | null;
  readonly before: Stop | null;
  /** Of that prediction, against the labels. */
  readonly scores: Scores | null;
}

export interface ShownPanes {
  readonly panes: readonly ShownPane[];
  /** Runs of the image with something to show, finished ones first, then newest first. */
  readonly runs: readonly RunSummary[];
  readonly isLoading: boolean;
  readonly error: Error | null;
}

/** More runs of one image than a menu is read through. */
const MAX_RUNS = 200;

export function useShownPanes(imageId: ImageId | null): ShownPanes {
  const query = { imageId, limit: MAX_RUNS };
  const { data, error } = useQuery({ ...queries.runs(query), enabled: imageId !== null });
  const hidden = useRemovals((state) => state.hidden);
  const runs = useMemo(
    () =>
      (data?.runs ?? [])
        .filter(({ id, status }) => !hidden.has(id) && ["finished", "cancelled", "interrupted"].includes(status))
        .sort((a, b) => Number(b.status === "finished") - Number(a.status === "finished")),
    [data, hidden],
  );
  const chosen = useCompare((state) => state.panes);
  const first = useMemo(() => firstPanes(runs), [runs]);
  const panes = chosen ?? first;
  const resolved = panes.map((pane) => resolveRun(pane, runs));
  const ids = [...new Set(resolved.flatMap((found) => found?.run.id ?? []))];
  const wholes = useQueries({
    queries: ids.map((id) => queries.run(id)),
    combine: (results) =>
      new Map(results.flatMap(({ data: run }) => (run === undefined ? [] : [[run.id, run] as const]))),
  });
  return {
    panes: panes.map((pane, index) => {
      const found = resolved[index] ?? null;
      return shownPane(pane, found, found === null ? undefined : wholes.get(found.run.id));
    }),
    runs,
    isLoading: imageId !== null && data === undefined && error === null,
    error,
  };
}

function shownPane(pane: ComparePane, resolved: ResolvedRun | null, whole: Run | undefined): ShownPane {
  const first = whole?.kept[0];
  const last = whole?.kept.at(-1);
  const chosen =
    pane.iteration === null
      ? last
      : (whole?.kept.findLast(({ iteration }) => iteration <= (pane.iteration ?? 0)) ?? first);
  const kept = pane.source === "before" ? first : chosen;
  const stopOf = (iteration: number | undefined): Stop | null =>
    whole === undefined || iteration === undefined ? null : { runId: whole.id, iteration };
  return {
    pane,
    resolved,
    whole,
    stop: stopOf(kept?.iteration),
    before: first?.iteration === 0 ? stopOf(0) : null,
    scores: kept?.scores ?? null,
  };
}
