// One line that says how far an evaluation is: images, mean of their scores so far, time left.
import type { EvaluationEvent } from "../../../src-shared/contract/evaluation.ts";
import { durationText, percentText } from "./format.ts";

const BAR_WIDTH = 16;

/** Follows the events, of one process or of several at once. */
export class EvaluationProgress {
  readonly #now: () => number;
  readonly #startedAt: number;
  #images = 0;
  #done = 0;
  #name = "";
  #scored = 0;
  #scoreSum = 0;

  /** @param now  milliseconds on a clock that only goes forward */
  constructor(now: () => number) {
    this.#now = now;
    this.#startedAt = now();
  }

  /** What is worth a line of its own; "" mostly. */
  hear(event: EvaluationEvent): string {
    this.#images = event.images;
    switch (event.type) {
      case "imageStarted":
        this.#name = event.key;
        return "";
      case "imageEvaluated":
        this.#done = event.done;
        if (event.miou !== null) {
          this.#scored += 1;
          this.#scoreSum += event.miou;
        }
        return "";
      case "imageFailed":
        this.#done = event.done;
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
    return `${bar} ${this.#done}/${this.#images} ${this.#name}${score}${this.#timeLeft(share)}`;
  }

  #timeLeft(share: number): string {
    if (this.#done < 2 || share >= 1) return "";
    const elapsedMs = this.#now() - this.#startedAt;
    return `  about ${durationText((elapsedMs * (1 - share)) / share)} left`;
  }
}
