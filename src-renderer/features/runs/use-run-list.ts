// The runs of the list, fetched page by page as they come into view.
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { RunCell, RunColumn, RunList, RunQuery } from "../../../src-shared/contract/workbench/run-query.ts";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import type { Settings } from "../../../src-shared/contract/workbench/system.ts";
import { queries } from "../../state/queries.ts";
import { queryClient } from "../../state/query-client.ts";
import { useRemovals } from "../../state/removals.ts";
import { useSettings } from "../../state/settings.ts";
import { pagesOf, RUN_PAGE_SIZE, serverPlace } from "./run-pages.ts";
import { withoutHidden } from "./run-rows.ts";
import type { RunFilter } from "./run-view.ts";

/** Which runs, in which order, with which cells. */
export interface RunListing {
  readonly filter: RunFilter;
  readonly groupBy: RunColumn | null;
  readonly sort: RunQuery["sort"];
  readonly columns: readonly RunColumn[];
}

export function newestFirst(filter: RunFilter): RunListing {
  return { filter, groupBy: null, sort: null, columns: [] };
}

/** The filter with the order and the columns that the workspace remembers. */
export function useRunListing(filter: RunFilter): RunListing {
  const { groupBy, sort, columns } = useSettings().runTable;
  return useMemo(() => ({ filter, groupBy, sort, columns }), [filter, groupBy, sort, columns]);
}

export type RunTableSettings = Settings["runTable"];

/** The part of a filter that the server knows. */
export function askedFilter({ statuses, datasetId, checkpointId, groupId, text, where }: RunFilter) {
  return { statuses: [...statuses], datasetId, checkpointId, groupId, text, where: [...where] };
}

export function runPage({ filter, groupBy, sort, columns }: RunListing, offset: number) {
  return queries.runs({
    ...askedFilter(filter),
    ...{ groupBy, sort, columns: [...columns], offset, limit: RUN_PAGE_SIZE },
  });
}

export interface RunHead {
  /** Runs of the list that are shown; null until the first page has come. */
  readonly total: number | null;
  readonly error: Error | null;
  readonly isStale: boolean;
  /** Places in the server's list that are not shown, since their runs are being deleted. */
  readonly hiddenPlaces: readonly number[];
}

export function useRunHead(listing: RunListing): RunHead {
  const { data, error, isPlaceholderData } = useQuery({ ...runPage(listing, 0), placeholderData: keepPreviousData });
  const hidden = useRemovals((state) => state.hidden);
  const hiddenPlaces = hidden.size === 0 ? NONE : placesOf(listing, hidden);
  return {
    total: data === undefined ? null : Math.max(0, data.total - hiddenPlaces.length),
    error,
    isStale: isPlaceholderData,
    hiddenPlaces,
  };
}

/** The groups of the list as they are shown; null where it has none. */
export function useRunSections({ filter, groupBy }: RunListing, { hiddenPlaces }: RunHead) {
  const { data } = useQuery({
    ...queries.runSections({ ...askedFilter(filter), groupBy: groupBy ?? "method" }),
    enabled: groupBy !== null,
    placeholderData: keepPreviousData,
  });
  return useMemo(
    () => (groupBy === null ? null : withoutHidden(data ?? [], hiddenPlaces)),
    [groupBy, data, hiddenPlaces],
  );
}

const NONE: readonly number[] = [];

/** Runs are only deleted from pages that were in view, so the cache knows all hidden ones. */
function placesOf(listing: RunListing, hidden: ReadonlySet<string>): readonly number[] {
  return cachedPages(listing)
    .flatMap(({ offset, runs }) => runs.flatMap(({ id }, index) => (hidden.has(id) ? [offset + index] : [])))
    .sort((a, b) => a - b);
}

function cachedPages(listing: RunListing): readonly { offset: number; runs: readonly RunSummary[] }[] {
  const wanted = JSON.stringify({ ...(runPage(listing, 0).queryKey[2] as object), offset: null });
  return queryClient.getQueriesData<RunList>({ queryKey: ["runs", "list"] }).flatMap(([[, , query], page]) => {
    const asked = (query ?? {}) as { offset?: number };
    return page !== undefined && JSON.stringify({ ...asked, offset: null }) === wanted
      ? [{ offset: asked.offset ?? 0, runs: page.runs }]
      : [];
  });
}

export interface ListedRun {
  readonly run: RunSummary;
  /** In the order of the listing's columns; empty for a run that was heard of and not yet fetched. */
  readonly cells: readonly RunCell[];
}

/** The run at a place, for places from `first` to `last`; undefined while its page is under way. */
export function useRunsInView(
  listing: RunListing,
  { total, hiddenPlaces }: RunHead,
  first: number,
  last: number,
): (place: number) => ListedRun | undefined {
  const all = (total ?? 0) + hiddenPlaces.length;
  const offsets = pagesOf(serverPlace(first, hiddenPlaces), serverPlace(last, hiddenPlaces), all);
  const pages = useQueries({ queries: offsets.map((offset) => runPage(listing, offset)) });
  return (place) => {
    const wanted = serverPlace(place, hiddenPlaces);
    const offset = Math.floor(wanted / RUN_PAGE_SIZE) * RUN_PAGE_SIZE;
    const page = pages[offsets.indexOf(offset)]?.data;
    const run = page?.runs[wanted - offset];
    return run && { run, cells: page?.cells[wanted - offset] ?? [] };
  };
}

/** Ids of the runs at some places, whether they were in view or not. */
export async function idsAt(listing: RunListing, head: RunHead, shownPlaces: readonly number[]): Promise<RunId[]> {
  const places = shownPlaces.map((place) => serverPlace(place, head.hiddenPlaces));
  const offsets = [...new Set(places.map((place) => Math.floor(place / RUN_PAGE_SIZE) * RUN_PAGE_SIZE))];
  const pages = await Promise.all(offsets.map((offset) => queryClient.ensureQueryData(runPage(listing, offset))));
  const runs = new Map(
    pages.flatMap((page, index) => page.runs.map((run, at) => [(offsets[index] ?? 0) + at, run.id] as const)),
  );
  return places.flatMap((place) => runs.get(place) ?? []);
}

/** Selected runs that are in the cache, in no particular order. */
export function cachedRuns(ids: ReadonlySet<RunId>): readonly RunSummary[] {
  const found = new Map<RunId, RunSummary>();
  for (const [, page] of queryClient.getQueriesData<RunList>({ queryKey: ["runs", "list"] })) {
    for (const run of page?.runs ?? []) if (ids.has(run.id)) found.set(run.id, run);
  }
  return [...found.values()];
}
