// Starts loading the next items while one is being used.

/**
 * What `load` makes of the items, in their order, with the loading of `ahead` further ones under way.
 *
 * @throws what `load` throws, when it is that item's turn
 */
export async function* prefetched<T, R>(
  items: Iterable<T>,
  load: (item: T) => Promise<R>,
  ahead: number,
): AsyncGenerator<R, void, undefined> {
  const coming: Promise<R>[] = [];
  const iterator = items[Symbol.iterator]();
  const startNext = (): void => {
    const { value, done } = iterator.next();
    if (done) return;
    const loading = load(value);
    // An item whose turn never comes, because of an earlier failure, fails in silence.
    loading.catch(() => undefined);
    coming.push(loading);
  };
  for (let k = 0; k <= ahead; k += 1) startNext();
  for (let next = coming.shift(); next !== undefined; next = coming.shift()) {
    const loaded = await next;
    startNext();
    yield loaded;
  }
}
