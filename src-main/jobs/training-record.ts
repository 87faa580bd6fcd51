// Keeps what a training tells, a few times a second, and tells the windows: after any crash the curve is there.
import type { EngineEvent } from "../../src-shared/contract/engine-protocol.ts";
import type { TrainingEvent } from "../../src-shared/contract/training/training-events.ts";
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import type { TrainingId } from "../../src-shared/contract/workbench/ids.ts";
import type { CurvePoint } from "../workspace/step-blocks.ts";
import type { TrainingChanges, TrainingStore } from "../workspace/training-store.ts";
import { Coalescer } from "./run-progress.ts";

type Told = EngineEvent<"train">;

/** Four times a second. */
const INTERVAL_MS = 250;
/** For what comes after a step: the state is written. */
const SAVING_MS = 10_000;
const STARTING_MS = 2000;

export interface TrainingRecordOptions {
  readonly id: TrainingId;
  readonly trainings: TrainingStore;
  readonly publish: (event: WorkbenchEvent) => void;
  /** Called when something can't be kept: the training is to stop. */
  readonly onFailed: (error: unknown) => void;
}

export class TrainingRecord {
  readonly #options: TrainingRecordOptions;
  readonly #coalescer = new Coalescer<Told>((events) => this.#keepAll(events), INTERVAL_MS);
  #longestStepMs = 0;

  constructor(options: TrainingRecordOptions) {
    this.#options = options;
  }

  /**
   * How long a training that is to stop may go on: until the step it is in is over and its state is written. Before its
   * first step there is nothing to lose.
   */
  get patienceMs(): number {
    return this.#longestStepMs === 0 ? STARTING_MS : SAVING_MS + 2 * this.#longestStepMs;
  }

  hear(told: Told): void {
    if (told.type === "noticed") {
      const { id, publish } = this.#options;
      publish({ type: "noticed", level: "warning", message: told.message, about: id });
      return;
    }
    if (told.type === "progressed" && told.event.type === "trainingStepFinished") {
      this.#longestStepMs = Math.max(this.#longestStepMs, told.event.elapsedMs);
    }
    this.#coalescer.push(told);
  }

  /** Before the end is told. */
  flush(): void {
    this.#coalescer.flush();
  }

  #keepAll(events: readonly Told[]): void {
    try {
      this.#keep(events);
    } catch (error) {
      this.#options.onFailed(error);
    }
  }

  #keep(events: readonly Told[]): void {
    const { id, trainings, publish } = this.#options;
    const points: CurvePoint[] = [];
    let changes: TrainingChanges = {};
    for (const told of events) {
      if (told.type === "previewWritten") trainings.addPreview(id, told.preview);
      if (told.type !== "progressed") continue;
      const { event } = told;
      if (event.type === "trainingStepFinished") {
        points.push({ step: event.step, metrics: event.metrics });
      }
      if (event.type === "validationFinished") this.#addValidation(event, changes.step);
      changes = { ...changes, ...this.#changesOf(event, changes) };
    }
    if (points.length > 0) trainings.addSteps(id, points);
    publish({ type: "trainingChanged", training: trainings.update(id, changes) });
  }

  #changesOf(event: TrainingEvent, changes: TrainingChanges): TrainingChanges {
    switch (event.type) {
      case "trainingStarted":
        return { steps: event.steps, step: event.finishedSteps, counted: null };
      case "targetCounted":
        return { counted: { done: event.done, images: event.images } };
      case "trainingStepFinished": {
        const { step, steps, epoch, metrics, imagesPerSecond, leftMs, memoryBytes } = event;
        const { loss: lastLoss, learningRate = null } = metrics;
        return { step, steps, epoch, lastLoss, learningRate, imagesPerSecond, leftMs, memoryBytes };
      }
      case "validationFinished": {
        const before = changes.bestMiou ?? this.#options.trainings.get(this.#options.id).bestMiou;
        return { bestMiou: Math.max(before ?? 0, event.best.miou) };
      }
      case "trainingPaused":
        return { isPaused: true };
      case "trainingResumed":
        return { isPaused: false };
      case "validationImageFinished":
      case "trainingPreviewed":
      case "trainingSaved":
        return {};
      default:
        return event satisfies never;
    }
  }

  /** @param step  told in the same moment, if one was */
  #addValidation({ epoch, scores }: TrainingEvent & { type: "validationFinished" }, step: number | undefined): void {
    const { id, trainings } = this.#options;
    trainings.addValidation(id, { epoch, step: step ?? trainings.get(id).step, scores });
  }
}
