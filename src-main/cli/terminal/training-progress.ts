// How far a training run is, in words: one line that changes, and a notice now and then.
import type { TrainingEvent } from "../../../src-shared/contract/run-events.ts";
import { durationText } from "./format.ts";

/** Steps between notices: enough for their mean loss to say something. */
const STEPS_PER_NOTICE = 100;

export class TrainingProgress {
  readonly #now: () => number;
  readonly #startedAt: number;
  #line = "";
  #lossSum = 0;
  #lossCount = 0;

  /** @param now  milliseconds on a clock that only goes forward */
  constructor(now: () => number) {
    this.#now = now;
    this.#startedAt = now();
  }

  /** Of the last step, with the time left. */
  get line(): string {
    return this.#line;
  }

  /** Follows the run. Returns what is worth keeping on the screen, or nothing. */
  hear(event: TrainingEvent): string {
    switch (event.type) {
      case "trainingStepFinished":
        return this.#hearStep(event);
      case "validationFinished":
        return `epoch ${event.epoch}: mean IoU ${(100 * event.miou).toFixed(1)} % on the validation images`;
      default:
        event satisfies never;
        return "";
    }
  }

  #hearStep({ step, steps, loss, learningRate }: Extract<TrainingEvent, { type: "trainingStepFinished" }>): string {
    const leftMs = ((this.#now() - this.#startedAt) * (steps - step)) / step;
    this.#line = `step ${step}/${steps}  loss ${loss.toFixed(4)}  about ${durationText(leftMs)} left`;
    this.#lossSum += loss;
    this.#lossCount += 1;
    if (step % STEPS_PER_NOTICE !== 0) return "";
    const mean = this.#lossSum / this.#lossCount;
    this.#lossSum = 0;
    this.#lossCount = 0;
    return `step ${step}/${steps}: mean loss ${mean.toFixed(4)}, learning rate ${learningRate.toPrecision(3)}`;
  }
}
