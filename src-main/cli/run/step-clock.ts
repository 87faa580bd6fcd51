// How long the parts of one image's run take, measured by its events.
import type { RunEvent } from "../../../src-shared/contract/run-events.ts";

/** Milliseconds of views, iterations and the last prediction. */
export class StepClock {
  readonly #now: () => number;
  #last: number;
  views = 0;
  adapt = 0;
  final = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#last = now();
  }

  /** What has been done since the last event is none of these. */
  skip(): void {
    this.#last = this.#now();
  }

  hear(event: RunEvent): void {
    // A part of what the next event tells.
    if (event.type === "windowFinished") return;
    const now = this.#now();
    const elapsed = now - this.#last;
    this.#last = now;
    switch (event.type) {
      case "viewFinished":
      case "pseudoLabelFinished":
        this.views += elapsed;
        return;
      case "iterationFinished":
        this.adapt += elapsed;
        return;
      case "predictionFinished":
        this.final += elapsed;
        return;
      default:
        event satisfies never;
    }
  }
}
