// Source training: fits a network to labelled images, epoch by epoch.
import { AppError, CancelledError } from "../../../../src-shared/contract/errors.ts";
import type { TrainingEvent } from "../../../../src-shared/contract/run-events.ts";
import { atAlpha } from "../../checkpoints/at-alpha.ts";
import { noNumbers } from "../../checkpoints/no-numbers.ts";
import type { StateDict } from "../../checkpoints/state-dict.ts";
import type { LabelledImages } from "../../datasets/labelled-images.ts";
import { stopIfCancelled, untilCancelled } from "../shared/cancellation.ts";
import { alphaGrid, initialAlpha } from "./alpha-grid.ts";
import { learningRateAt } from "./learning-rate.ts";
import { LossWatch } from "./loss-watch.ts";
import { type OpenTraining, openTraining } from "./open-training.ts";
import { prefetched } from "./prefetched.ts";
import {
  chunks,
  epochBatches,
  readBatch,
  type SampleReader,
  sampleReader,
  type TrainingBatch,
} from "./training-batch.ts";
import { TrainingClock } from "./training-clock.ts";
import { type BestScore, bestOf, noProgress, type TrainingProgress, withScore } from "./training-progress.ts";
import type { CheckpointKind, TrainedCheckpoint } from "./training-store.ts";
import type { TrainingOptions, TrainingResult, TrainingTask } from "./training-task.ts";
import { type AlphaScore, predictOne, validate } from "./validate.ts";

/** Steps whose images are read while one is computed. */
const READ_AHEAD = 3;
/** Writing the state of the largest network takes some two seconds. */
const SAVE_AFTER_MS = 120_000;

/**
 * Trains. Source: spec "3. Source training". What it has learnt goes to the store: "last" and the state after every epoch,
 * "best" (and "alpha", where there is a grid) whenever the mean IoU rises, and "best" at the end where nothing was
 * validated. The state is also kept every `saveStep` steps, and when the run is paused or stopped. A run that goes on from
 * a state computes what it would have computed without the interruption.
 *
 * @throws AppError `method.diverged` when the loss or a weight is no number, or the loss grows far above its beginning;
 *         what was saved before stays
 * @throws CancelledError between steps, when the signal says so
 */
export async function train(task: TrainingTask, options: TrainingOptions = {}): Promise<TrainingResult> {
  const run = new TrainingRun(task, options);
  try {
    return await run.finish();
  } finally {
    await run.dispose();
  }
}

interface PlannedStep {
  /** From 1, over all epochs. */
  readonly step: number;
  /** From 0. */
  readonly epoch: number;
  /** The places of its images, by the parts that pass through the network at once. */
  readonly parts: readonly (readonly number[])[];
}

interface LoadedStep extends Omit<PlannedStep, "parts"> {
  /** Those with labelled pixels. */
  readonly parts: readonly TrainingBatch[];
}

class TrainingRun {
  readonly #task: TrainingTask;
  readonly #options: TrainingOptions;
  readonly #open: OpenTraining;
  readonly #reader: SampleReader;
  readonly #watch: LossWatch;
  readonly #clock = new TrainingClock();
  readonly #alphas: readonly number[];
  readonly #stepsPerEpoch: number;
  #progress: TrainingProgress;
  /** The progress that the store holds; before anything is kept, where the run begins: a new start gives the same. */
  #saved: TrainingProgress;
  #savedAt = performance.now();

  constructor(task: TrainingTask, options: TrainingOptions) {
    const { config, data } = task;
    this.#task = task;
    this.#options = options;
    this.#progress = options.resumed?.progress ?? noProgress(data.count);
    requireSameImages(this.#progress, data.count);
    this.#saved = this.#progress;
    this.#alphas = alphaGrid(config);
    this.#open = openTraining(task, options.resumed);
    this.#reader = task.reader ?? sampleReader(data, config);
    this.#watch = new LossWatch(config.numClasses, this.#progress.watch);
    this.#stepsPerEpoch = Math.ceil(data.count / config.batchSize);
  }

  async finish(): Promise<TrainingResult> {
    try {
      await this.#run();
    } catch (error) {
      if (error instanceof CancelledError) await this.#saveState();
      throw error;
    }
    const { bests, epochs } = this.#progress;
    const { meanImagesPerSecond: imagesPerSecond, waitShare } = this.#clock;
    return { steps: this.#steps, best: bestOf(bests), bests, epochs, imagesPerSecond, waitShare };
  }

  async dispose(): Promise<void> {
    await this.#open.dispose();
  }

  get #steps(): number {
    return this.#stepsPerEpoch * this.#task.config.numEpochs;
  }

  async #run(): Promise<void> {
    const { config, data } = this.#task;
    const finishedSteps = this.#progress.step;
    const { numEpochs: epochs } = config;
    this.#tell({ type: "trainingStarted", steps: this.#steps, epochs, images: data.count, finishedSteps });
    // A run may have been stopped in the validation after an epoch's last step.
    await this.#finishEpochIfDue();
    const coming = prefetched(this.#plan(), (planned) => this.#load(planned), READ_AHEAD);
    for (;;) {
      await this.#waitWhilePaused();
      const started = performance.now();
      const { value: loaded } = await untilCancelled(coming.next(), this.#options.signal);
      if (loaded === undefined) break;
      await this.#step(loaded, started, performance.now() - started);
      await this.#finishEpochIfDue();
    }
    if (bestOf(this.#progress.bests) === null) await this.#saveCheckpoints([], true);
    await this.#options.store?.removeState();
  }

  /** The steps that are still to do. */
  *#plan(): Generator<PlannedStep> {
    const { config, data } = this.#task;
    const perPass = config.microBatchSize ?? config.batchSize;
    for (let { step } = this.#progress; step < this.#steps; ) {
      const epoch = Math.floor(step / this.#stepsPerEpoch);
      const batches = epochBatches(data.count, epoch, config);
      for (const places of batches.slice(step % this.#stepsPerEpoch)) {
        step += 1;
        yield { step, epoch, parts: chunks(places, perPass) };
      }
    }
  }

  async #load({ step, epoch, parts }: PlannedStep): Promise<LoadedStep> {
    const { numClasses } = this.#task.config;
    const batches = await Promise.all(parts.map((places) => readBatch(this.#reader, places, epoch, numClasses)));
    // Crops without a single labelled pixel have no loss (0 / 0), so there is nothing to learn from them.
    return { step, epoch, parts: batches.filter(({ labelledPixels }) => labelledPixels > 0) };
  }

  async #step({ step, epoch, parts }: LoadedStep, started: number, waitMs: number): Promise<void> {
    const { config } = this.#task;
    const learningRate = learningRateAt(step - 1, this.#steps, config);
    if (parts.length === 0) {
      this.#progress = { ...this.#progress, step };
      return;
    }
    const loss = await this.#open.weights.step(parts, learningRate, this.#options.signal);
    const trouble = this.#watch.hear(loss);
    if (trouble !== null) throw this.#diverged(`${trouble} in step ${step}`);
    const { lossSum, lossCount } = this.#progress;
    this.#progress = {
      ...this.#progress,
      ...this.#open.weights.counts,
      step,
      lossSum: lossSum + loss,
      lossCount: lossCount + 1,
      watch: this.#watch.state,
    };
    const elapsedMs = performance.now() - started;
    this.#clock.hearStep(
      parts.reduce((sum, { size }) => sum + size, 0),
      elapsedMs,
      waitMs,
    );
    this.#tell({
      type: "trainingStepFinished",
      step,
      steps: this.#steps,
      epoch: epoch + 1,
      loss,
      learningRate,
      elapsedMs,
      waitMs,
      imagesPerSecond: this.#clock.imagesPerSecond,
      leftMs: this.#clock.leftMs(this.#steps - step, this.#validationsFrom(epoch)),
      memoryBytes: process.memoryUsage.rss(),
    });
    if (config.previewStep > 0 && step % config.previewStep === 0) await this.#preview(step);
    if (config.saveStep > 0 && (step % config.saveStep === 0 || this.#isSaveDue())) await this.#saveState();
  }

  /** Validation and saving after an epoch's last step. */
  async #finishEpochIfDue(): Promise<void> {
    const epoch = this.#progress.step / this.#stepsPerEpoch;
    if (!Number.isInteger(epoch) || epoch <= this.#progress.finishedEpochs) return;
    const scores = await this.#validateIfDue(epoch - 1);
    const { lossSum, lossCount, epochs } = this.#progress;
    const row = { epoch, loss: lossCount === 0 ? null : lossSum / lossCount, scores };
    this.#progress = { ...this.#progress, lossSum: 0, lossCount: 0, epochs: [...epochs, row] };
    await this.#saveCheckpoints(scores, false);
    this.#progress = { ...this.#progress, finishedEpochs: epoch };
    await this.#saveState();
  }

  /** Source: spec "3. Source training", validation. */
  async #validateIfDue(epoch: number): Promise<AlphaScore[]> {
    const { validationData } = this.#task;
    if (validationData === undefined || !this.#isValidated(epoch)) return [];
    const started = performance.now();
    this.#requireNumbers(await this.#open.weights.stateDict());
    const { signal } = this.#options;
    const scores = await validate(this.#open.model, this.#open.weights.evaluated, validationData, this.#alphas, {
      ...(signal === undefined ? {} : { signal }),
      onImage: (image) =>
        this.#tell({ type: "validationImageFinished", epoch: epoch + 1, image, images: validationData.count }),
    });
    this.#clock.hearValidation(performance.now() - started);
    const best = scores.reduce((a, b) => (b.miou > a.miou ? b : a));
    this.#tell({ type: "validationFinished", epoch: epoch + 1, scores, ...best });
    return scores;
  }

  #isValidated(epoch: number): boolean {
    const { validationStart, validationStep } = this.#task.config;
    return epoch >= validationStart && epoch % validationStep === 0;
  }

  /** How many validations are to come from this epoch on. */
  #validationsFrom(epoch: number): number {
    const { numEpochs } = this.#task.config;
    if (this.#task.validationData === undefined) return 0;
    return Array.from({ length: numEpochs - epoch }, (_, k) => epoch + k).filter((due) => this.#isValidated(due))
      .length;
  }

  /** The weights as they are now, wherever the scores say that they are worth keeping. */
  async #saveCheckpoints(scores: readonly AlphaScore[], isResult: boolean): Promise<void> {
    const before = this.#progress.bests;
    const epoch = Math.floor(this.#progress.step / this.#stepsPerEpoch);
    const bests = scores.reduce<readonly BestScore[]>((kept, score) => withScore(kept, { ...score, epoch }), before);
    const stateDict = await this.#open.weights.stateDict();
    this.#requireNumbers(stateDict);
    const save = async (kind: CheckpointKind, checkpoint: Omit<TrainedCheckpoint, "stateDict">): Promise<void> => {
      const { alpha } = checkpoint;
      await this.#options.store?.saveCheckpoint(kind, { ...checkpoint, stateDict: atAlpha(stateDict, alpha) });
      this.#tell({ type: "trainingSaved", kind, step: this.#progress.step, alpha });
    };
    if (this.#alphas.length > 1) {
      for (const improved of bests.filter((best) => !before.includes(best))) await save("alpha", improved);
    }
    const best = bestOf(bests);
    if (best !== null && best !== bestOf(before)) await save("best", best);
    const last = bestOf(scores.map((score) => ({ ...score, epoch })));
    const unscored = { epoch, alpha: best?.alpha ?? initialAlpha(this.#task.config), miou: null };
    await save(isResult ? "best" : "last", last ?? unscored);
    this.#progress = { ...this.#progress, bests: [...bests] };
  }

  /** However slow its steps are: a crash, or whoever stops at once, loses little. */
  #isSaveDue(): boolean {
    return performance.now() - this.#savedAt > SAVE_AFTER_MS;
  }

  async #saveState(): Promise<void> {
    const { store } = this.#options;
    if (store === undefined || this.#saved === this.#progress) return;
    const tensors = await this.#open.weights.snapshot();
    this.#requireNumbers(tensors);
    await store.saveState({ config: this.#task.config, progress: this.#progress, tensors });
    this.#saved = this.#progress;
    this.#savedAt = performance.now();
    this.#tell({ type: "trainingSaved", kind: "state", step: this.#progress.step, alpha: null });
  }

  async #waitWhilePaused(): Promise<void> {
    const { pause, signal } = this.#options;
    stopIfCancelled(signal);
    if (pause === undefined || !pause.isPaused) return;
    // Whoever pauses may switch the machine off.
    await this.#saveState();
    const { step } = this.#progress;
    this.#tell({ type: "trainingPaused", step });
    await pause.whenResumed(signal);
    stopIfCancelled(signal);
    this.#tell({ type: "trainingResumed", step });
  }

  async #preview(step: number): Promise<void> {
    const { data, validationData } = this.#task;
    const from = validationData === undefined ? "training" : "validation";
    const shown: LabelledImages = validationData ?? data;
    const index = 0; // always the same one, so that its progress shows
    const { image } = await shown.read(index);
    const alpha = bestOf(this.#progress.bests)?.alpha ?? initialAlpha(this.#task.config);
    const {
      width,
      height,
      data: labels,
    } = await predictOne(this.#open.model, this.#open.weights.evaluated, image, alpha);
    this.#tell({ type: "trainingPreviewed", step, from, index, width, height, labels: labels.slice() });
  }

  #tell(event: TrainingEvent): void {
    this.#options.onEvent?.(event);
  }

  #requireNumbers(tensors: StateDict): void {
    if (noNumbers(tensors).size > 0) throw this.#diverged(`A weight is no number after step ${this.#progress.step}`);
  }

  #diverged(what: string): AppError {
    const { baseLr } = this.#task.config;
    const kept = this.#saved.step === 0 ? "" : ` The weights after step ${this.#saved.step} are kept.`;
    return new AppError(
      "method.diverged",
      `${what}: the weights have run away; lower the learning rate (now ${baseLr}).${kept}`,
    );
  }
}

function requireSameImages({ images }: TrainingProgress, count: number): void {
  if (images === count) return;
  throw new AppError(
    "input.option",
    `The run to go on with has ${images} training images, the data set ${count}; give the same images, or start anew.`,
  );
}
