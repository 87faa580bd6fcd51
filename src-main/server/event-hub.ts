// Tells every open window what happened, in order; a window that was away gets what it missed, as far back as that is kept.
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import type { EventService } from "./services.ts";

/** Some minutes of a busy run; an event is about a kilobyte. */
const EVENTS_KEPT = 2000;

type Told = WorkbenchEvent | { readonly type: "missed" };

/** A ring of the last events. A slow reader holds nothing up and costs no memory: it has missed what fell out of the ring. */
export class EventHub implements EventService {
  readonly #kept: WorkbenchEvent[] = [];
  readonly #capacity: number;
  readonly #closing = new AbortController();
  /** Ids are 1, 2, 3 …; 0 is before the first. */
  #newest = 0;
  #wakeReaders: (() => void)[] = [];

  constructor(capacity = EVENTS_KEPT) {
    this.#capacity = capacity;
  }

  publish(event: WorkbenchEvent): void {
    this.#newest += 1;
    this.#kept[this.#newest % this.#capacity] = event;
    this.#wake();
  }

  async *subscribe(
    lastId: number | null,
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly id: number; readonly event: Told }> {
    const stop = AbortSignal.any([signal, this.#closing.signal]);
    const onStop = (): void => this.#wake();
    stop.addEventListener("abort", onStop, { once: true });
    try {
      let last = lastId ?? this.#newest;
      // What a window asked for before this moment may be older than an event that it did not hear.
      if (lastId === null) yield { id: last, event: { type: "missed" } };
      while (!stop.aborted) {
        if (last < this.#newest - this.#capacity || last > this.#newest) {
          // Fallen out of the ring, or told by a server before this one.
          last = Math.max(0, this.#newest - this.#capacity);
          yield { id: last, event: { type: "missed" } };
          continue;
        }
        const event = this.#kept[(last + 1) % this.#capacity];
        if (last === this.#newest || event === undefined) {
          await new Promise<void>((resolve) => this.#wakeReaders.push(resolve));
          continue;
        }
        last += 1;
        yield { id: last, event };
      }
    } finally {
      stop.removeEventListener("abort", onStop);
    }
  }

  /** Ends all subscriptions. */
  close(): void {
    this.#closing.abort();
  }

  #wake(): void {
    const readers = this.#wakeReaders;
    this.#wakeReaders = [];
    for (const wake of readers) wake();
  }
}
