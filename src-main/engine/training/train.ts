// The loop of every training: steps of a method, epoch by epoch, with what is validated, shown and kept on the way.

import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import type { TrainingConfig } from "../../../src-shared/contract/training/training-config.ts";
import type { TrainingEvent } from "../../../src-shared/contract/training/training-events.ts";
import {
  type BestScore,
  isSameVariant,
  type Variant,
  type VariantScore,
} from "../../../src-shared/contract/training/variant-score.ts";
import { noNumbers } from "../checkpoints/no-numbers.ts";
import type { StateDict } from "../checkpoints/state-dict.ts";
import type { LabelledImage, LabelledImages, SourceImages } from "../datasets/labelled-images.ts";
import type { RgbImage } from "../images/rgb-image.ts";
import { stopIfCancelled, untilCancelled } from "../methods/shared/cancellation.ts";
import { LabelWatch } from "./label-watch.ts";
import { LossWatch } from "./loss-watch.ts";
import { type OpenTraining, openTraining } from "./open-training.ts";
import { prefetched } from "./prefetched.ts";
import { type RoleImages, readBatch, sampleReader } from "./samples/read-samples.ts";
import type { Batch, SampleReader } from "./samples/sample.ts";
import { isOneImage, leftOutWords, withoutBadImages } from "./samples/without-bad-images.ts";
import { TrainingClock } from "./training-clock.ts";
import type { EvaluatedVariant, ImageCounts, Metrics } from "./training-method.ts";
import { bestOf, noProgress, type TrainingProgress, withScore } from "./training-progress.ts";
import type { CheckpointKind, TrainedCheckpoint } from "./training-store.ts";
import type { TrainingOptions, TrainingResult, TrainingTask } from "./training-task.ts";
import { validate } from "./validate.ts";

/** Steps whose images are read while one is computed. */
const READ_AHEAD = 3;
/** Writing the state of the largest network takes some two seconds. */
const SAVE_AFTER_MS = 120_000;

/**
 * Trains. What the method has learnt goes to the store: "last" and the state after every epoch, "best" (and "variant", where
 * there are several) whenever the mean IoU rises, and "best" at the end where nothing was validated. The state is also kept
 * every `saveStep` steps, and when the run is paused or stopped. A run that goes on from a state computes what it would have
 * computed without the interruption.
 *
 * @throws AppError `method.diverged` when the loss or a weight is no number, or the loss grows far above its beginning;
 *         what was saved before stays
 * @throws CancelledError between steps, when the signal says so
 */
export async function train<C extends TrainingConfig>(
  task: TrainingTask<C>,
  options: TrainingOptions = {},
): Promise<TrainingResult> {
  const run = new TrainingRun(task, await openTraining(task, options.resumed), options);
  try {
    return await run.finish();
  } finally {
    await run.dispose();
  }
}

interface LoadedStep {
  /** From 1, over all epochs. */
  readonly step: number;
  readonly batch: Batch;
  readonly images: number;
}

class TrainingRun<C extends TrainingConfig> {
  readonly #task: TrainingTask<C>;
  readonly #options: TrainingOptions;
  readonly #open: OpenTraining;
  readonly #reader: SampleReader;
  readonly #watch: LossWatch;
  readonly #labels: LabelWatch;
  readonly #clock = new TrainingClock();
  readonly #noticed = new Set<string>();
  #progress: TrainingProgress;
  /** The progress that the store holds; before anything is kept, where the run begins: a new start gives the same. */
  #saved: TrainingProgress;
  #savedAt = performance.now();

  constructor(task: TrainingTask<C>, open: OpenTraining, options: TrainingOptions) {
    const { config, data, method } = task;
    this.#task = task;
    this.#options = options;
    this.#open = open;
    this.#progress = options.resumed?.progress ?? noProgress(open.images);
    this.#saved = this.#progress;
    const { streams } = open.plan;
    this.#reader = withoutBadImages(
      task.reader ?? sampleReader(data, streams, (settings) => method.sampleMaker(settings)),
      (stream) => data[streams[stream]?.data ?? "source"]?.count ?? 0,
      (message) => this.#noticeOnce(message),
    );
    this.#watch = new LossWatch(config.numClasses, this.#progress.watch);
    this.#labels = new LabelWatch(config.numClasses, open.plan.stepsPerEpoch);
  }

  async finish(): Promise<TrainingResult> {
    try {
      requireSameImages(this.#progress.images, this.#open.images);
      await this.#run();
    } catch (error) {
      if (error instanceof CancelledError) await this.#saveState();
      throw error;
    }
    const { bests, epochs } = this.#progress;
    const { meanImagesPerSecond: imagesPerSecond, waitShare } = this.#clock;
    return { steps: this.#steps, best: this.#best(bests), bests, epochs, imagesPerSecond, waitShare };
  }

  /** A file that is read again and again is named once. */
  #noticeOnce(message: string): void {
    if (this.#noticed.has(message)) return;
    this.#noticed.add(message);
    this.#options.onNotice?.(message);
  }

  async dispose(): Promise<void> {
    await this.#open.dispose();
  }

  get #steps(): number {
    return this.#open.plan.steps;
  }

  async #run(): Promise<void> {
    const { stepsPerEpoch } = this.#open.plan;
    this.#tell({
      type: "trainingStarted",
      steps: this.#steps,
      epochs: Math.ceil(this.#steps / stepsPerEpoch),
      images: this.#images,
      finishedSteps: this.#progress.step,
    });
    // A run may have been stopped in the validation after an epoch's last step.
    await this.#finishEpochIfDue();
    const coming = prefetched(this.#stepsToDo(), (step) => this.#load(step), READ_AHEAD);
    for (;;) {
      await this.#waitWhilePaused();
      const started = performance.now();
      const { value: loaded } = await untilCancelled(coming.next(), this.#options.signal);
      if (loaded === undefined) break;
      await this.#step(loaded, started, performance.now() - started);
      await this.#finishEpochIfDue();
    }
    this.#labels.requireLabels();
    if (this.#best(this.#progress.bests) === null) await this.#saveCheckpoints([], true);
    await this.#options.store?.removeState();
  }

  /** Those of the plan's first stream: what an epoch goes through. */
  get #images(): number {
    const [first] = Object.values(this.#open.plan.streams);
    return this.#open.images[first?.data ?? "source"] ?? 0;
  }

  *#stepsToDo(): Generator<number> {
    for (let step = this.#progress.step + 1; step <= this.#steps; step += 1) yield step;
  }

  async #load(step: number): Promise<LoadedStep> {
    return { step, ...(await readBatch(this.#reader, this.#open.plan.streams, step - 1)) };
  }

  async #step({ step, batch, images }: LoadedStep, started: number, waitMs: number): Promise<void> {
    const { config } = this.#task;
    const { runner, networks, plan } = this.#open;
    const index = step - 1;
    const epoch = Math.floor(index / plan.stepsPerEpoch);
    const { signal } = this.#options;
    const nothing = this.#labels.hear(batch, step);
    if (nothing !== null) this.#noticeOnce(nothing);
    const metrics = await networks.atomically(() =>
      runner.step(batch, { index, epoch, indexInEpoch: index % plan.stepsPerEpoch, signal }),
    );
    if (metrics === null) {
      this.#progress = { ...this.#progress, step };
      return;
    }
    this.#hear(metrics, step);
    const elapsedMs = performance.now() - started;
    this.#clock.hearStep(images, elapsedMs, waitMs);
    this.#tell({
      type: "trainingStepFinished",
      step,
      steps: this.#steps,
      epoch: epoch + 1,
      metrics,
      elapsedMs,
      waitMs,
      imagesPerSecond: this.#clock.imagesPerSecond,
      leftMs: this.#clock.leftMs(this.#steps - step, this.#validationsFrom(epoch)),
      memoryBytes: process.memoryUsage.rss(),
    });
    if (config.previewStep > 0 && step % config.previewStep === 0) await this.#preview(step);
    if (config.saveStep > 0 && (step % config.saveStep === 0 || this.#isSaveDue())) await this.#saveState();
  }

  #hear(metrics: Metrics, step: number): void {
    const trouble = this.#watch.hear(metrics.loss) ?? notFinite(metrics);
    if (trouble !== null) throw this.#diverged(`${trouble} in step ${step}`);
    const { lossSum, lossCount } = this.#progress;
    this.#progress = {
      ...this.#progress,
      step,
      lossSum: lossSum + metrics.loss,
      lossCount: lossCount + 1,
      watch: this.#watch.state,
      method: plainState(this.#open.runner.state()),
    };
  }

  /** Validation and saving after an epoch's last step. */
  async #finishEpochIfDue(): Promise<void> {
    const { step, finishedEpochs } = this.#progress;
    const { stepsPerEpoch } = this.#open.plan;
    const epoch = step === this.#steps ? Math.ceil(step / stepsPerEpoch) : step / stepsPerEpoch;
    if (!Number.isInteger(epoch) || epoch <= finishedEpochs) return;
    const scores = await this.#validateIfDue(epoch - 1);
    const { lossSum, lossCount, epochs } = this.#progress;
    const row = { epoch, loss: lossCount === 0 ? null : lossSum / lossCount, scores };
    this.#progress = { ...this.#progress, lossSum: 0, lossCount: 0, epochs: [...epochs, row] };
    await this.#saveCheckpoints(scores, false);
    this.#progress = { ...this.#progress, finishedEpochs: epoch };
    await this.#saveState();
  }

  async #validateIfDue(epoch: number): Promise<VariantScore[]> {
    const { validationData, config } = this.#task;
    if (validationData === undefined || !this.#isValidated(epoch)) return [];
    const started = performance.now();
    this.#requireNumbers(await this.#open.networks.snapshot());
    const { signal } = this.#options;
    const score = this.#task.method.validationScore?.(config);
    const seen = viewed(validationData, this.#task.method.validationView?.(config));
    const scores = await validate(this.#open.runner.evaluations(), seen, config.numClasses, {
      ...(signal === undefined ? {} : { signal }),
      ...(score === undefined ? {} : { score }),
      onImage: (image) =>
        this.#tell({ type: "validationImageFinished", epoch: epoch + 1, image, images: validationData.count }),
      onLeftOut: (message) => this.#noticeOnce(message),
    });
    this.#clock.hearValidation(performance.now() - started);
    const best = this.#best(scores);
    if (best !== null) this.#tell({ type: "validationFinished", epoch: epoch + 1, scores, best });
    return scores;
  }

  #isValidated(epoch: number): boolean {
    const { validationStart, validationStep } = this.#task.config;
    return epoch >= validationStart && epoch % validationStep === 0;
  }

  /** How many validations are to come from this epoch on. */
  #validationsFrom(epoch: number): number {
    if (this.#task.validationData === undefined) return 0;
    const epochs = Math.ceil(this.#steps / this.#open.plan.stepsPerEpoch);
    return Array.from({ length: epochs - epoch }, (_, k) => epoch + k).filter((due) => this.#isValidated(due)).length;
  }

  /** The weights as they are now, wherever the scores say that they are worth keeping. */
  async #saveCheckpoints(scores: readonly VariantScore[], isResult: boolean): Promise<void> {
    const before = this.#progress.bests;
    const epoch = Math.ceil(this.#progress.step / this.#open.plan.stepsPerEpoch);
    const bests = scores.reduce<readonly BestScore[]>((kept, score) => withScore(kept, { ...score, epoch }), before);
    const variants = this.#open.runner.evaluations();
    const save = async (kind: CheckpointKind, variant: EvaluatedVariant, miou: number | null): Promise<void> => {
      const stateDict = await variant.stateDict();
      this.#requireNumbers(stateDict);
      const saved: Variant = { name: variant.name, value: variant.value };
      const checkpoint: TrainedCheckpoint = { epoch, variant: saved, miou, stateDict };
      await this.#options.store?.saveCheckpoint(kind, checkpoint);
      this.#tell({ type: "trainingSaved", kind, step: this.#progress.step, variant: saved });
    };
    if (variants.length > 1) {
      for (const improved of bests.filter((one) => !before.includes(one))) {
        await save("variant", this.#variant(improved), improved.miou);
      }
    }
    const best = this.#best(bests);
    if (best !== null && best !== this.#best(before)) await save("best", this.#variant(best), best.miou);
    const last = this.#best(scores);
    await save(isResult ? "best" : "last", this.#variant(last ?? best), last?.miou ?? null);
    this.#progress = { ...this.#progress, bests: [...bests] };
  }

  /** Of those that the best weights are chosen from. */
  #best<S extends VariantScore>(scores: readonly S[]): S | null {
    const candidates = this.#open.runner.evaluations().filter(({ isCandidate }) => isCandidate);
    return bestOf(scores.filter((score) => candidates.some((one) => isSameVariant(one, score))));
  }

  /** As the weights are now. */
  #variant(chosen: Variant | null): EvaluatedVariant {
    const { runner } = this.#open;
    if (chosen === null) return runner.unscored();
    return runner.evaluations().find((variant) => isSameVariant(variant, chosen)) ?? runner.unscored();
  }

  /** However slow its steps are: a crash, or whoever stops at once, loses little. */
  #isSaveDue(): boolean {
    return performance.now() - this.#savedAt > SAVE_AFTER_MS;
  }

  async #saveState(): Promise<void> {
    const { store } = this.#options;
    if (store === undefined || this.#saved === this.#progress) return;
    const tensors = await this.#open.networks.snapshot();
    this.#requireNumbers(tensors);
    await store.saveState({ config: this.#task.config, progress: this.#progress, tensors });
    this.#saved = this.#progress;
    this.#savedAt = performance.now();
    this.#tell({ type: "trainingSaved", kind: "state", step: this.#progress.step, variant: null });
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
    const index = 0; // always the same one, so that its progress shows
    const image = await this.#previewed(validationData ?? shownOf(data), index);
    if (image === null) return;
    const chosen = this.#variant(this.#best(this.#progress.bests));
    for (const { name, labels, picture } of await this.#open.runner.previews(image, chosen)) {
      const { width, height } = labels;
      const planes = { labels: labels.data.slice(), picture: picture?.data.slice() ?? null };
      this.#tell({ type: "trainingPreviewed", step, name, from, index, width, height, ...planes });
    }
  }

  /** Null for an image that can't be used: there is no preview then. */
  async #previewed(images: SourceImages, index: number): Promise<RgbImage | null> {
    try {
      return (await images.read(index)).image;
    } catch (error) {
      if (!isOneImage(error)) throw error;
      this.#noticeOnce(leftOutWords(error));
      return null;
    }
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

/** Images that previews are of where there are none to validate on. */
export function shownOf({ source, target }: RoleImages): SourceImages {
  return source.count === 0 && target !== undefined ? target : source;
}

function notFinite(metrics: Metrics): string | null {
  const found = Object.entries(metrics).find(([, value]) => !Number.isFinite(value));
  return found === undefined ? null : `"${found[0]}" is ${found[1]}`;
}

function plainState(state: Readonly<Record<string, readonly number[]>>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(state).map(([name, numbers]) => [name, [...numbers]]));
}

/** The images as a method wants to predict them. */
function viewed(
  images: LabelledImages,
  view: (image: LabelledImage) => LabelledImage = (image) => image,
): LabelledImages {
  return { count: images.count, read: async (index) => view(await images.read(index)) };
}

function requireSameImages(before: ImageCounts, now: ImageCounts): void {
  for (const [role, word] of [
    ["source", "training"],
    ["target", "target"],
  ] as const) {
    if (before[role] === now[role]) continue;
    throw new AppError(
      "input.option",
      `The run to go on with has ${before[role] ?? 0} ${word} images, the data set ${now[role] ?? 0}; give the same images, or start anew.`,
    );
  }
}
