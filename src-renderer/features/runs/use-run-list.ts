// The runs of the list, fetched page by page as they come into view.
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import type { RunList } from "../../state/event-to-cache.ts";
import { queries } from "../../state/queries.ts";
import { queryClient } from "../../state/query-client.ts";
import { useRemovals } from "../../state/removals.ts";
import { pagesOf, RUN_PAGE_SIZE, serverPlace } from "./run-pages.ts";
import type { RunFilter } from "./run-view.ts";

export function runPage({ statuses, datasetId, checkpointId, groupId }: RunFilter, offset: number) {
  return queries.runs({ statuses: [...statuses], datasetId, checkpointId, groupId, offset, limit: RUN_PAGE_SIZE });
}

export interface RunHead {
  /** Runs of the list that are shown; null until the first page has come. */
  readonly total: number | null;
  readonly error: Error | null;
  readonly isStale: boolean;
  /** Places in the server's list that are not shown, since their runs are being deleted. */
  readonly hiddenPlaces: readonly number[];
}

export function useRunHead(filter: RunFilter): RunHead {
  const { data, error, isPlaceholderData } = useQuery({ ...runPage(filter, 0), placeholderData: keepPreviousData });
  const hidden = useRemovals((state) => state.hidden);
  const hiddenPlaces = hidden.size === 0 ? NONE : placesOf(filter, hidden);
  return {
    total: data === undefined ? null : Math.max(0, data.total - hiddenPlaces.length),
    error,
    isStale: isPlaceholderData,
    hiddenPlaces,
  };
}

const NONE: readonly number[] = [];

/** Runs are only deleted from pages that were in view, so the cache knows all hidden ones. */
function placesOf(filter: RunFilter, hidden: ReadonlySet<string>): readonly number[] {
  return cachedPages(filter)
    .flatMap(({ offset, runs }) => runs.flatMap(({ id }, index) => (hidden.has(id) ? [offset + index] : [])))
    .sort((a, b) => a - b);
}

function cachedPages(filter: RunFilter): readonly { offset: number; runs: readonly RunSummary[] }[] {
  const wanted = JSON.stringify({ ...(runPage(filter, 0).queryKey[1] as object), offset: null });
  return queryClient.getQueriesData<RunList>({ queryKey: ["runs"] }).flatMap(([[, query], page]) => {
    const asked = (query ?? {}) as { offset?: number };
    return page !== undefined && JSON.stringify({ ...asked, offset: null }) === wanted
      ? [{ offset: asked.offset ?? 0, runs: page.runs }]
      : [];
  });
}

/** The run at a place, for places from `first` to `last`; undefined while its page is under way. */
export function useRunsInView(
  filter: RunFilter,
  { total, hiddenPlaces }: RunHead,
  first: number,
  last: number,
): (place: number) => RunSummary | undefined {
  const all = (total ?? 0) + hiddenPlaces.length;
  const offsets = pagesOf(serverPlace(first, hiddenPlaces), serverPlace(last, hiddenPlaces), all);
  const pages = useQueries({ queries: offsets.map((offset) => runPage(filter, offset)) });
  return (place) => {
    const wanted = serverPlace(place, hiddenPlaces);
    const offset = Math.floor(wanted / RUN_PAGE_SIZE) * RUN_PAGE_SIZE;
    return pages[offsets.indexOf(offset)]?.data?.runs[wanted - offset];
  };
}

/** Ids from one place to another, both counted in, whether they were in view or not. */
export async function idsBetween(filter: RunFilter, head: RunHead, from: number, to: number): Promise<RunId[]> {
  const [first, last] = [Math.min(from, to), Math.max(from, to)];
  const places = Array.from({ length: last - first + 1 }, (_, index) => serverPlace(first + index, head.hiddenPlaces));
  const offsets = [...new Set(places.map((place) => Math.floor(place / RUN_PAGE_SIZE) * RUN_PAGE_SIZE))];
  const pages = await Promise.all(offsets.map((offset) => queryClient.ensureQueryData(runPage(filter, offset))));
  const runs = new Map(
    pages.flatMap((page, index) => page.runs.map((run, at) => [(offsets[index] ?? 0) + at, run.id] as const)),
  );
  return places.flatMap((place) => runs.get(place) ?? []);
}

/** Selected runs that are in the cache, in no particular order. */
export function cachedRuns(ids: ReadonlySet<RunId>): readonly RunSummary[] {
  const found = new Map<RunId, RunSummary>();
  for (const [, page] of queryClient.getQueriesData<RunList>({ queryKey: ["runs"] })) {
    for (const run of page?.runs ?? []) if (ids.has(run.id)) found.set(run.id, run);
  }
  return [...found.values()];
}
