// Where runs lie in the pages they are fetched in, when some of them are hidden because they are being deleted.

/** Runs a request. A screen shows 20 to 40. */
export const RUN_PAGE_SIZE = 100;

/**
 * The place in the server's list of the nth run that is shown.
 *
 * @param hiddenPlaces  places in the server's list that are not shown, rising
 */
export function serverPlace(shownPlace: number, hiddenPlaces: readonly number[]): number {
  let place = shownPlace;
  for (const hidden of hiddenPlaces) {
    if (hidden > place) break;
    place += 1;
  }
  return place;
}

/** Offsets of the pages that hold the places from `first` to `last`. */
export function pagesOf(first: number, last: number, total: number): readonly number[] {
  const end = Math.min(last, total - 1);
  const offsets: number[] = [];
  for (let page = Math.floor(Math.max(0, first) / RUN_PAGE_SIZE); page * RUN_PAGE_SIZE <= end; page++) {
    offsets.push(page * RUN_PAGE_SIZE);
  }
  return offsets;
}

/** Where a key leads in a list of rows; null for keys that don't move. */
export function rowAfterKey(key: string, row: number, rowsInView: number, total: number): number | null {
  if (total === 0) return null;
  const target = new Map([
    ["ArrowDown", row + 1],
    ["ArrowUp", row < 0 ? 0 : row - 1],
    ["PageDown", row + rowsInView],
    ["PageUp", row - rowsInView],
    ["Home", 0],
    ["End", total - 1],
  ]).get(key);
  return target === undefined ? null : Math.min(Math.max(target, 0), total - 1);
}
