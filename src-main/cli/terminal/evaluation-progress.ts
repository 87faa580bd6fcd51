// One line that says how far an evaluation is: images, mean of their scores so far, time left.
import type { EvaluationEvent } from "../../../src-shared/contract/evaluation.ts";
import { type Pace, paceLeftMs } from "../../../src-shared/contract/pace.ts";
import { durationText, percentText } from "./format.ts";

const BAR_WIDTH = 16;

/** Follows the events, of one process or of several at once. */
export class EvaluationProgress {
  readonly #now: () => number;
  /** Where it was when an image was first told: those of an earlier start took none of this time. */
  #first: Pace | undefined;
  #images = 0;
  #done = 0;
  #name = "";
  #scored = 0;
  #scoreSum = 0;

  /** @param now  milliseconds on a clock that only goes forward */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** What is worth a line of its own; "" mostly. */
  hear(event: EvaluationEvent): string {
    this.#images = event.images;
    switch (event.type) {
      case "imageStarted":
        this.#name = event.key;
        return "";
      case "imageEvaluated":
        this.#ended(event.done);
        if (event.miou !== null) {
          this.#scored += 1;
          this.#scoreSum += event.miou;
        }
        return "";
      case "imageFailed":
        this.#ended(event.done);
        return event.message;
      default:
        event satisfies never;
        return "";
    }
  }

  get line(): string {
    const share = this.#images === 0 ? 0 : this.#done / this.#images;
    const filled = Math.round(share * BAR_WIDTH);
    const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
    const score = this.#scored === 0 ? "" : `  mean image mIoU ${percentText(this.#scoreSum / this.#scored)} %`;
    return `${bar} ${this.#done}/${this.#images} ${this.#name}${score}${this.#timeLeft()}`;
  }

  #ended(done: number): void {
    this.#done = done;
    this.#first ??= { done, atMs: this.#now() };
  }

  #timeLeft(): string {
    if (this.#first === undefined || this.#done >= this.#images) return "";
    const leftMs = paceLeftMs(this.#first, { done: this.#done, atMs: this.#now() }, this.#images);
    return leftMs === null ? "" : `  about ${durationText(leftMs)} left`;
  }
}
