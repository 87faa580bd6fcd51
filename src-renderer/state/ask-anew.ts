// Asks the server anew for what the cache holds, also for what is being asked for the first time.
import type { InvalidateQueryFilters, Query, QueryClient } from "@tanstack/react-query";

/**
 * An answer that is under way may be older than whatever made it stale. The cache cancels such a request only where it has an
 * earlier answer; a first one it would take for the new one, so that is asked for once more when it has come.
 */
export function askAnew(cache: QueryClient, filters: InvalidateQueryFilters = {}): void {
  const isFirst = ({ state }: Query) => state.fetchStatus === "fetching" && state.data === undefined;
  for (const query of cache.getQueryCache().findAll(filters).filter(isFirst)) {
    const again = () => void cache.invalidateQueries({ queryKey: query.queryKey, exact: true });
    query.promise?.then(again, again);
  }
  void cache.invalidateQueries(filters);
}
