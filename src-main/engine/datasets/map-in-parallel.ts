// Asks the file system about many files, a few at a time.
import { CancelledError } from "../../../src-shared/contract/errors.ts";

/** As many are under way at a time. */
const PARALLEL_ITEMS = 16;

/**
 * What `map` gives for each, in order.
 *
 * @throws CancelledError, and what `map` throws
 */
export async function mapInParallel<Item, Mapped>(
  items: readonly Item[],
  map: (item: Item) => Promise<Mapped>,
  signal?: AbortSignal,
): Promise<Mapped[]> {
  const mapped: Mapped[] = [];
  for (let at = 0; at < items.length; at += PARALLEL_ITEMS) {
    if (signal?.aborted) throw new CancelledError();
    mapped.push(...(await Promise.all(items.slice(at, at + PARALLEL_ITEMS).map(map))));
  }
  return mapped;
}
