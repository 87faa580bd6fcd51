// One line that says how far a run over images is: bar, step, loss, time left.
import type { RunEvent } from "../../../src-shared/contract/run-events.ts";
import { durationText } from "./format.ts";

const BAR_WIDTH = 16;
/** An iteration goes forward and backward through the network at full size; views are smaller and only go forward. */
const VIEW_WORK = 1;
const ITERATION_WORK = 4;

export interface RunProgressOptions {
  readonly images: number;
  readonly views: number;
  readonly iterations: number;
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number;
}

/** Follows the events of one image after the other and puts them into words. */
export class RunProgress {
  readonly #options: RunProgressOptions;
  readonly #imageWork: number;
  readonly #startedAt: number;
  #finishedImages = 0;
  #name = "";
  #step = "";
  #workDone = 0;

  constructor(options: RunProgressOptions) {
    this.#options = options;
    this.#imageWork = options.views * VIEW_WORK + options.iterations * ITERATION_WORK + VIEW_WORK;
    this.#startedAt = options.now();
  }

  imageStarted(name: string): void {
    this.#name = name;
    this.#step = "reading";
    this.#workDone = 0;
  }

  /** Finished, or failed: either way it is behind us. */
  imageEnded(): void {
    this.#finishedImages += 1;
    this.#workDone = 0;
  }

  hear(event: RunEvent): void {
    switch (event.type) {
      case "viewFinished":
        this.#step = `view ${event.index + 1}/${event.count}`;
        this.#workDone = (event.index + 1) * VIEW_WORK;
        return;
      case "pseudoLabelFinished":
        this.#step = `pseudo-label on ${Math.round((100 * event.keptPixels) / event.pixels)} % of the pixels`;
        return;
      case "iterationFinished":
        this.#step = `iteration ${event.iteration}/${event.iterations}  loss ${event.loss.toFixed(4)}`;
        this.#workDone = this.#options.views * VIEW_WORK + event.iteration * ITERATION_WORK;
        return;
      case "windowFinished":
        this.#step = `window ${event.index + 1}/${event.windows}`;
        // Between iterations windows are only looked at; otherwise they are all there is.
        if (this.#options.iterations === 0) this.#workDone = (this.#imageWork * (event.index + 1)) / event.windows;
        return;
      case "predictionFinished":
        this.#step = "writing";
        this.#workDone = this.#imageWork;
        return;
      default:
        event satisfies never;
    }
  }

  get line(): string {
    const { images } = this.#options;
    const share = (this.#finishedImages + this.#workDone / this.#imageWork) / images;
    const filled = Math.round(share * BAR_WIDTH);
    const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
    const which = images === 1 ? "" : `${Math.min(this.#finishedImages + 1, images)}/${images} `;
    return `${bar} ${which}${this.#name}  ${this.#step}${this.#timeLeft(share)}`;
  }

  /** From the share of work that is behind us; said once there is enough of it to go by. */
  #timeLeft(share: number): string {
    const elapsedMs = this.#options.now() - this.#startedAt;
    if (elapsedMs < 1000 || share < 0.02 || share >= 1) return "";
    const seconds = Math.ceil((elapsedMs * (1 - share)) / share / 1000);
    return `  about ${seconds < 60 ? `${seconds} s` : durationText(seconds * 1000)} left`;
  }
}
