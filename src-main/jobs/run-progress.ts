// Passes on what a job tells: in order, nothing lost, and of a run at most some thirty times a second.

/** Thirty times a second: more often nobody sees it, and a tiny model would flood every window. */
const INTERVAL_MS = 33;

/** Gathers items and hands them on together: the first at once, those that follow closely a little later. */
export class Coalescer<T> {
  readonly #handOn: (items: readonly T[]) => void;
  readonly #intervalMs: number;
  #waiting: T[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(handOn: (items: readonly T[]) => void, intervalMs = INTERVAL_MS) {
    this.#handOn = handOn;
    this.#intervalMs = intervalMs;
  }

  push(item: T): void {
    this.#waiting.push(item);
    if (this.#timer !== undefined) return;
    const due = this.#lastAt + this.#intervalMs - performance.now();
    if (due <= 0) this.flush();
    else this.#timer = setTimeout(() => this.flush(), due);
  }

  /** What waits goes now: before an end is told. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    this.#lastAt = performance.now();
    const items = this.#waiting;
    this.#waiting = [];
    this.#handOn(items);
  }
}
