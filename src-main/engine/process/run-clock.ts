// What the parts of one run take, by what it tells.
import type { RunEvent } from "../../../src-shared/contract/run-events.ts";
import type { RunCost } from "../../../src-shared/contract/workbench/runs.ts";
import type { PeakMemory } from "./peak-memory.ts";

export class RunClock {
  readonly #started = performance.now();
  readonly #memory: PeakMemory;
  #last = this.#started;
  #loadMs = 0;
  readonly #views: { scale: number; elapsedMs: number }[] = [];
  readonly #iterationsMs: number[] = [];
  /** From the event before a prediction until its planes are written. */
  readonly #keptMs: number[] = [];

  constructor(memory: PeakMemory) {
    this.#memory = memory;
  }

  /** The method begins now. */
  loaded(loadMs: number): void {
    this.#loadMs = loadMs;
    this.#mark();
  }

  hear(event: RunEvent): void {
    // The last prediction is told before its planes are written: they belong together.
    if (event.type === "predictionFinished") return;
    // A part of what the next event tells.
    if (event.type === "windowFinished") {
      this.#memory.note();
      return;
    }
    if (event.type === "viewFinished") this.#views.push({ scale: event.scale, elapsedMs: event.elapsedMs });
    if (event.type === "iterationFinished") this.#iterationsMs.push(event.elapsedMs);
    this.#mark();
  }

  /** A prediction and its planes are there. */
  kept(): void {
    this.#keptMs.push(performance.now() - this.#last);
    this.#mark();
  }

  cost(): RunCost {
    const [firstMs = 0, ...keptMs] = this.#keptMs;
    return {
      loadMs: this.#loadMs,
      firstMs,
      views: this.#views,
      iterationsMs: this.#iterationsMs,
      keptMs,
      totalMs: performance.now() - this.#started,
      peakBytes: this.#memory.peakBytes,
      startBytes: this.#memory.startBytes,
    };
  }

  #mark(): void {
    this.#last = performance.now();
    this.#memory.note();
  }
}
