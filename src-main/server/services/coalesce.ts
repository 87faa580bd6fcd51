// Tells of changes at most every so often, and of the last one always.

export class Coalescer<Key> {
  readonly #intervalMs: number;
  readonly #tell: (key: Key) => void;
  readonly #timers = new Map<Key, NodeJS.Timeout>();
  /** Changed again since it was told. */
  readonly #stale = new Set<Key>();

  constructor(intervalMs: number, tell: (key: Key) => void) {
    this.#intervalMs = intervalMs;
    this.#tell = tell;
  }

  /** At once when nothing was told lately, otherwise when the interval is over. */
  changed(key: Key): void {
    if (this.#timers.has(key)) {
      this.#stale.add(key);
      return;
    }
    this.#rest(key);
    this.#tell(key);
  }

  /** At once, whatever was told lately: for an end. */
  ended(key: Key): void {
    this.forget(key);
    this.#tell(key);
  }

  forget(key: Key): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#stale.delete(key);
  }

  close(): void {
    for (const key of [...this.#timers.keys()]) this.forget(key);
  }

  #rest(key: Key): void {
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      if (this.#stale.delete(key)) this.changed(key);
    }, this.#intervalMs);
    timer.unref();
    this.#timers.set(key, timer);
  }
}
