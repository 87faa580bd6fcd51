// Time and memory of a training as arithmetic: from what an earlier one like it took, or from nothing but its graphs.
import type { TrainingWork } from "../../../src-shared/contract/engine-protocol.ts";
import type { SourceTrainingConfig } from "../../../src-shared/contract/training/source-training.ts";
import type { Training } from "../../../src-shared/contract/workbench/trainings.ts";
import { type CostEstimate, PROCESS_BYTES, partMs, type Speed } from "./run-cost-model.ts";

export interface PlannedTraining {
  readonly config: Pick<SourceTrainingConfig, "batchSize" | "numEpochs" | "validationStart" | "validationStep">;
  readonly work: TrainingWork;
  readonly images: number;
  /** Images that are predicted at every validation. */
  readonly validated: number;
}

/** What an earlier training took. */
export type EarlierTraining = Pick<Training, "imagesPerSecond" | "memoryBytes">;

// Fitted to docs/performance.md, "Training", and to trainings of the sample.
/** Results that are needed at one moment, with what the allocator loses between them. */
const HELD_COPIES = 1.1;
/** The weights as given, as trained, their velocities and gradients, as they are saved. */
const WEIGHT_COPIES = 6;
/** Steps whose images are in memory: three that are read ahead, and the one that is computed. */
const BATCHES = 4;
/** Of an image that is validated: scores as computed, enlarged, and copied. */
const SCORE_COPIES = 4;

/** The best, the last, and the state: weights, velocities, averages. */
const KEPT_WEIGHTS = 5;

/** @param earlier  like it in all that matters; null: from the arithmetic alone */
export function trainingCost(plan: PlannedTraining, speed: Speed, earlier: EarlierTraining | null): CostEstimate {
  const validationMs = predictions(plan) * predictionMs(plan, speed);
  if (earlier?.imagesPerSecond == null || earlier.memoryBytes === null) {
    const stepMs = plan.work.parts * partMs(plan.work.part, speed);
    const milliseconds = steps(plan) * stepMs + validationMs;
    return { milliseconds, peakBytes: trainingPeak(plan.work), basis: "calculated" };
  }
  const seen = plan.images * plan.config.numEpochs;
  const milliseconds = (1000 * seen) / earlier.imagesPerSecond + validationMs;
  return { milliseconds, peakBytes: earlier.memoryBytes, basis: "measured" };
}

/** Bytes of the process, with the threads that read images. */
export function trainingPeak(work: TrainingWork): number {
  return PROCESS_BYTES + work.readingThreads * work.threadBytes + trainingBytes(work);
}

/** What lies where it is computed, on a graphics card say. */
export function trainingBytes(work: TrainingWork): number {
  const validating = (work.prediction?.heldBytes ?? 0) + SCORE_COPIES * work.scoreBytes;
  return (
    Math.max(HELD_COPIES * work.part.heldBytes, validating) +
    WEIGHT_COPIES * work.weightBytes +
    BATCHES * work.batchBytes
  );
}

/** Of all the weights that it may leave: where it is validated, some for each alpha. */
export function keptBytes({ weightBytes, prediction, predictions }: TrainingWork): number {
  return (KEPT_WEIGHTS + (prediction === null ? 0 : predictions)) * weightBytes;
}

export function steps({ images, config }: PlannedTraining): number {
  return Math.ceil(images / config.batchSize) * config.numEpochs;
}

/** Of all validations: every image once for each alpha. */
function predictions({ config, validated, work }: PlannedTraining): number {
  const { numEpochs, validationStart, validationStep } = config;
  const epochs = Array.from({ length: numEpochs }, (_, epoch) => epoch);
  const validations = epochs.filter((epoch) => epoch >= validationStart && epoch % validationStep === 0).length;
  return validations * validated * work.predictions;
}

function predictionMs({ work }: PlannedTraining, speed: Speed): number {
  return work.prediction === null ? 0 : partMs(work.prediction, speed);
}
