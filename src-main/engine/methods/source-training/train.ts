// Source training: fits a network to labelled images, epoch by epoch.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { TrainingListener } from "../../../../src-shared/contract/run-events.ts";
import type { TrainingConfig } from "../../../../src-shared/contract/training-config.ts";
import type { StateDict } from "../../checkpoints/state-dict.ts";
import type { LabelledImages } from "../../datasets/labelled-images.ts";
import { deepLabOf } from "../../models/detect-architecture.ts";
import type { Runtime } from "../../runtimes/runtime.ts";
import { stopIfCancelled } from "../shared/cancellation.ts";
import { SegmentationModel } from "../shared/segmentation-model.ts";
import { initialStateDict } from "./initial-state-dict.ts";
import { learningRateAt } from "./learning-rate.ts";
import { TrainedWeights } from "./trained-weights.ts";
import { epochBatches, readBatch } from "./training-batch.ts";
import { validate } from "./validate.ts";

export interface TrainingTask {
  readonly runtime: Runtime;
  readonly config: TrainingConfig;
  readonly data: LabelledImages;
  /** Labelled images of other scenes, by which the best epoch is chosen; without them the last one is. */
  readonly validationData?: LabelledImages;
}

export interface TrainedCheckpoint {
  /** Finished epochs. */
  readonly epochs: number;
  /** Mean IoU on the validation images, 0..1; null where they were not asked. */
  readonly miou: number | null;
  readonly stateDict: StateDict;
}

export interface TrainingOptions {
  readonly onEvent?: TrainingListener;
  readonly signal?: AbortSignal;
  /**
   * Keeps a checkpoint: `last` after every epoch; `best` whenever the mean IoU rises, and at the end where no epoch was
   * validated. Awaited.
   */
  readonly save?: (kind: "best" | "last", checkpoint: TrainedCheckpoint) => Promise<void>;
}

/**
 * Trains from scratch. Source: spec "3. Source training".
 *
 * @returns the checkpoint with the best mean IoU on the validation images; without validation the last
 * @throws AppError `method.diverged` when the loss is not a number
 * @throws CancelledError between steps, when the signal says so; what was saved before stays valid
 */
export async function train(task: TrainingTask, options: TrainingOptions = {}): Promise<TrainedCheckpoint> {
  const { runtime, config, data } = task;
  const architecture = deepLabOf(config.backboneName, config.numClasses, config.width);
  const model = new SegmentationModel(runtime, architecture, initialStateDict(architecture, config.alpha, config.seed));
  const weights = new TrainedWeights(model, config);
  const steps = Math.ceil(data.count / config.batchSize) * config.numEpochs;
  let best: TrainedCheckpoint | null = null;
  try {
    for (let epoch = 0; epoch < config.numEpochs; epoch++) {
      await trainEpoch(task, weights, epoch, steps, options);
      const miou = await validateEpoch(task, model, weights, epoch, options);
      const last = { epochs: epoch + 1, miou, stateDict: await weights.stateDict() };
      await options.save?.("last", last);
      if (miou !== null && miou > (best?.miou ?? 0)) {
        best = last;
        await options.save?.("best", last);
      }
    }
    if (best !== null) return best;
    const last = { epochs: config.numEpochs, miou: null, stateDict: await weights.stateDict() };
    await options.save?.("best", last);
    return last;
  } finally {
    weights.dispose();
    await model.dispose();
  }
}

async function trainEpoch(
  { config, data }: TrainingTask,
  weights: TrainedWeights,
  epoch: number,
  steps: number,
  { onEvent, signal }: TrainingOptions,
): Promise<void> {
  const batches = epochBatches(data.count, epoch, config);
  for (const [index, places] of batches.entries()) {
    stopIfCancelled(signal);
    const started = performance.now();
    const step = epoch * batches.length + index;
    const learningRate = learningRateAt(step, steps, config);
    const batch = await readBatch(data, places, epoch, config);
    // Crops without a single labelled pixel have no loss (0 / 0), so there is nothing to learn from them.
    if (batch.labelledPixels === 0) continue;
    const loss = await weights.step(batch, config.cropSize, learningRate);
    if (!Number.isFinite(loss)) throw diverged(step + 1, loss, config);
    const elapsedMs = performance.now() - started;
    onEvent?.({ type: "trainingStepFinished", step: step + 1, steps, loss, learningRate, elapsedMs });
  }
}

/** Mean IoU after this epoch, where the validation images are asked. Source: spec "3. Source training", validation. */
async function validateEpoch(
  { config, validationData }: TrainingTask,
  model: SegmentationModel,
  weights: TrainedWeights,
  epoch: number,
  { onEvent, signal }: TrainingOptions,
): Promise<number | null> {
  const isDue = epoch >= config.validationStart && epoch % config.validationStep === 0;
  if (validationData === undefined || !isDue) return null;
  const { meanIou } = await validate(model, weights.tensors, validationData, signal);
  onEvent?.({ type: "validationFinished", epoch: epoch + 1, miou: meanIou });
  return meanIou;
}

function diverged(step: number, loss: number, { baseLr }: TrainingConfig): AppError {
  return new AppError(
    "method.diverged",
    `The loss is ${loss} in step ${step}: the weights have run away; lower --base-lr (now ${baseLr}).`,
  );
}
