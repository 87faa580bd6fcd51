// All runs of a sweep with the figures that only whole runs have.
import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { GroupId, RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import { queries } from "../../state/queries.ts";
import { useRemovals } from "../../state/removals.ts";
import { type SweepGrid, type SweepRow, sweepRows, unadaptedRows } from "./sweep-layout.ts";

/** As many as the server gives at once; the dialog starts fewer. */
const ALL_RUNS = 500;

export interface Sweep {
  readonly rows: readonly SweepRow[];
  /** The predictions before adaptation, one an alpha. */
  readonly unadapted: readonly SweepRow[];
  /** Sizes of the images, for the thumbnails. */
  readonly details: ReadonlyMap<RunId, Run>;
  readonly error: Error | null;
  readonly isLoading: boolean;
}

export function useSweep(groupId: GroupId, grid: SweepGrid): Sweep {
  const { data, error } = useQuery(queries.runs({ groupId, limit: ALL_RUNS }));
  const hidden = useRemovals((state) => state.hidden);
  const begun = data?.runs.filter(({ startedAt }) => startedAt !== null) ?? [];
  const details = useQueries({
    queries: begun.map(({ id }) => queries.run(id)),
    combine: (results) => results.flatMap(({ data: run }) => run ?? []),
  });
  return useMemo(() => {
    const byId = new Map(details.map((run) => [run.id, run]));
    const shown = data?.runs.filter(({ id }) => !hidden.has(id)) ?? [];
    return {
      rows: sweepRows(grid, shown, byId),
      unadapted: unadaptedRows(shown, byId),
      details: byId,
      error,
      isLoading: data === undefined && error === null,
    };
  }, [data, details, error, hidden, grid]);
}
