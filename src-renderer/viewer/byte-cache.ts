// Arrays of bytes by address, fetched once; the longest unused go when there are too many.
import { LRUCache } from "lru-cache";

/** ux.md: the default cap of what is kept outside of textures. */
export const MAX_CACHED_BYTES = 512 * 2 ** 20;

/** @throws Error with one sentence when the address gives nothing */
export type FetchBytes = (url: string, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

interface Flight {
  readonly promise: Promise<Uint8Array<ArrayBuffer>>;
  readonly controller: AbortController;
  /** Askers that still want it; prefetching counts as none. */
  waiting: number;
}

export class ByteCache {
  /** What is larger than everything that may be kept is not: it is used once. */
  private readonly kept: LRUCache<string, Uint8Array<ArrayBuffer>>;
  private readonly flights = new Map<string, Flight>();
  private readonly fetchBytes: FetchBytes;

  constructor(fetchBytes: FetchBytes = fetchPlane, maxBytes: number = MAX_CACHED_BYTES) {
    this.fetchBytes = fetchBytes;
    this.kept = new LRUCache({ maxSize: maxBytes, sizeCalculation: ({ byteLength }) => Math.max(1, byteLength) });
  }

  get sizeBytes(): number {
    return this.kept.calculatedSize;
  }

  /** What is here already, without waiting. */
  peek(url: string): Uint8Array<ArrayBuffer> | null {
    return this.kept.get(url) ?? null;
  }

  /** The bytes of an address. Once everybody who asked has given up, the request is dropped. */
  async get(url: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    signal?.throwIfAborted();
    const here = this.peek(url);
    if (here !== null) return here;
    const flight = this.flights.get(url) ?? this.start(url);
    flight.waiting++;
    if (signal === undefined) return flight.promise;
    const onAbort = (): void => this.giveUp(flight);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      const bytes = await flight.promise;
      signal.throwIfAborted();
      return bytes;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Fetches what is likely to be wanted next; failures show when it is. */
  prefetch(urls: readonly string[]): void {
    for (const url of urls) {
      if (this.kept.has(url) || this.flights.has(url)) continue;
      this.start(url).promise.catch(() => {});
    }
  }

  /** Drops requests nobody waits for, such as neighbours of a place that was left. */
  dropPrefetches(except: readonly string[] = []): void {
    for (const [url, flight] of this.flights) {
      if (flight.waiting === 0 && !except.includes(url)) flight.controller.abort();
    }
  }

  clear(): void {
    for (const { controller } of this.flights.values()) controller.abort();
    this.kept.clear();
  }

  private start(url: string): Flight {
    const controller = new AbortController();
    const promise = this.fetchBytes(url, controller.signal).then(
      (bytes) => {
        this.flights.delete(url);
        this.kept.set(url, bytes);
        return bytes;
      },
      (error: unknown) => {
        this.flights.delete(url);
        throw error;
      },
    );
    const flight: Flight = { promise, controller, waiting: 0 };
    this.flights.set(url, flight);
    return flight;
  }

  private giveUp(flight: Flight): void {
    flight.waiting--;
    if (flight.waiting === 0) flight.controller.abort();
  }
}

async function fetchPlane(url: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(await sentenceOf(response));
  return new Uint8Array(await response.arrayBuffer());
}

async function sentenceOf(response: Response): Promise<string> {
  const text = (await response.text()).trim();
  return text.length > 0 && text.length < 500 ? text : `The server answered ${response.status}.`;
}
