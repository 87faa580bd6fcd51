// Lets somebody hold a training run between two steps and let it go on.

export class PauseSwitch {
  #held: PromiseWithResolvers<void> | null = null;

  get isPaused(): boolean {
    return this.#held !== null;
  }

  pause(): void {
    this.#held ??= Promise.withResolvers<void>();
  }

  resume(): void {
    this.#held?.resolve();
    this.#held = null;
  }

  /** Resolves at once while nobody holds the run, and when it is to stop. */
  async whenResumed(signal?: AbortSignal): Promise<void> {
    if (this.#held === null || signal?.aborted) return;
    const stopped = Promise.withResolvers<void>();
    const stop = (): void => stopped.resolve();
    signal?.addEventListener("abort", stop, { once: true });
    await Promise.race([this.#held.promise, stopped.promise]);
    signal?.removeEventListener("abort", stop);
  }
}
