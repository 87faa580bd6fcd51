// How far a training run is, in words: one line that changes, and a notice now and then.

import { metricWords } from "../../../src-shared/contract/training/metric-words.ts";
import type { TrainingEvent } from "../../../src-shared/contract/training/training-events.ts";
import { variantText } from "../../../src-shared/contract/training/variant-score.ts";
import { durationText, percentText, sizeText } from "./format.ts";

/** Steps between notices: enough for their mean loss to say something. */
const STEPS_PER_NOTICE = 100;

type StepEvent = Extract<TrainingEvent, { type: "trainingStepFinished" }>;

export class TrainingProgressLine {
  #line = "";
  #lossSum = 0;
  #lossCount = 0;

  /** Of the last step, with the time left. */
  get line(): string {
    return this.#line;
  }

  /** Follows the run. Returns what is worth keeping on the screen, or nothing. */
  hear(event: TrainingEvent): string {
    switch (event.type) {
      case "trainingStarted":
        return event.finishedSteps === 0 ? "" : `going on after step ${event.finishedSteps} of ${event.steps}`;
      case "targetCounted":
        this.#line = `counting classes ${event.done}/${event.images}`;
        return "";
      case "trainingStepFinished":
        return this.#hearStep(event);
      case "validationImageFinished":
        this.#line = `epoch ${event.epoch}: validating image ${event.image}/${event.images}`;
        return "";
      case "validationFinished":
        return `epoch ${event.epoch}: mean IoU ${percentText(event.best.miou)} % on the validation images, with ${variantText(event.best)}`;
      case "trainingPaused":
        return `paused after step ${event.step}`;
      case "trainingResumed":
        return `going on after step ${event.step}`;
      case "trainingPreviewed":
      case "trainingSaved":
        return "";
      default:
        event satisfies never;
        return "";
    }
  }

  #hearStep({ step, steps, metrics, imagesPerSecond, leftMs, memoryBytes }: StepEvent): string {
    const { loss, ...others } = metrics;
    const speed = `${imagesPerSecond.toPrecision(3)} images/s  about ${durationText(leftMs)} left`;
    this.#line = `step ${step}/${steps}  loss ${loss.toFixed(4)}  ${speed}  ${sizeText(memoryBytes)}`;
    this.#lossSum += loss;
    this.#lossCount += 1;
    if (step % STEPS_PER_NOTICE !== 0) return "";
    const mean = this.#lossSum / this.#lossCount;
    this.#lossSum = 0;
    this.#lossCount = 0;
    const further = Object.entries(others).map(([name, value]) => `, ${metricWords(name)} ${value.toPrecision(3)}`);
    return `step ${step}/${steps}: mean loss ${mean.toFixed(4)}${further.join("")}`;
  }
}
