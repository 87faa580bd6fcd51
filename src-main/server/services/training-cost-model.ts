// Time and memory of a training as arithmetic: from what an earlier one like it took, or from nothing but its graphs.
import type { TrainingWork } from "../../../src-shared/contract/engine-protocol.ts";
import { type DomainCounts, traitsOf } from "../../../src-shared/contract/training/method-traits.ts";
import type { TrainingConfig } from "../../../src-shared/contract/training/training-config.ts";
import type { Training } from "../../../src-shared/contract/workbench/trainings.ts";
import { type CostEstimate, PROCESS_BYTES, partMs, type Speed } from "./run-cost-model.ts";

export interface PlannedTraining {
  readonly config: TrainingConfig;
  readonly work: TrainingWork;
  readonly images: DomainCounts;
  /** Images that are predicted at every validation. */
  readonly validated: number;
  /** Of the generator, drawn on first use: by the threads that read for the steps, and beside them to be predicted. */
  readonly scenes: { readonly read: number; readonly predicted: number };
}

/** What an earlier training took. */
export type EarlierTraining = Pick<Training, "imagesPerSecond" | "memoryBytes">;

// Fitted to docs/performance.md, "Training", and to trainings of the sample.
/** Results that are needed at one moment, with what the allocator loses between them. */
const HELD_COPIES = 1.1;
/** The weights as given, as trained, their gradients and averages, as they are saved; the optimizer's slots come to that. */
const WEIGHT_COPIES = 5;
/** Of a network that does not learn: as given, as held, as saved. */
const OTHER_COPIES = 3;
/** Steps whose images are in memory: three that are read ahead, and the one that is computed. */
const BATCHES = 4;
/** Of an image that is validated: scores as computed, enlarged, and copied. */
const SCORE_COPIES = 4;

/** To draw a scene, on two cores at 2 GHz: in a short training more than anything else. */
const SCENE_MS = 450;

/** The best, the last, and of the state weights and averages. */
const KEPT_WEIGHTS = 4;

/** @param earlier  like it in all that matters; null: from the arithmetic alone */
export function trainingCost(plan: PlannedTraining, speed: Speed, earlier: EarlierTraining | null): CostEstimate {
  const { work } = plan;
  const otherMs = drawingMs(plan) + countingMs(plan, speed) + predictions(plan) * predictionMs(plan, speed);
  if (earlier?.imagesPerSecond == null || earlier.memoryBytes === null) {
    const stepMs = work.passes.reduce((sum, pass) => sum + pass.times * partMs(pass, speed), 0);
    return { milliseconds: steps(plan) * stepMs + otherMs, peakBytes: trainingPeak(work), basis: "calculated" };
  }
  const milliseconds = (1000 * steps(plan) * work.images) / earlier.imagesPerSecond + otherMs;
  return { milliseconds, peakBytes: earlier.memoryBytes, basis: "measured" };
}

/** Bytes of the process, with the threads that read images. */
export function trainingPeak(work: TrainingWork): number {
  return PROCESS_BYTES + work.readingThreads * work.threadBytes + trainingBytes(work);
}

/** What lies where it is computed, on a graphics card say. */
export function trainingBytes(work: TrainingWork): number {
  const validating = (work.prediction?.heldBytes ?? 0) + SCORE_COPIES * work.scoreBytes;
  const held = Math.max(...work.passes.map(({ heldBytes }) => heldBytes));
  return (
    Math.max(HELD_COPIES * held, validating) +
    (WEIGHT_COPIES + work.slots) * work.weightBytes +
    OTHER_COPIES * work.otherWeightBytes +
    BATCHES * work.batchBytes
  );
}

/** Of all the weights that it may leave: where it is validated, some for each variant. */
export function keptBytes({ weightBytes, otherWeightBytes, slots, prediction, predictions }: TrainingWork): number {
  return (KEPT_WEIGHTS + slots + (prediction === null ? 0 : predictions)) * weightBytes + otherWeightBytes;
}

export function steps({ images, config }: PlannedTraining): number {
  return traitsOf(config).steps(config, images).total;
}

/** Of all validations: every image once for each variant. */
function predictions({ config, validated, work }: PlannedTraining): number {
  const { numEpochs, validationStart, validationStep } = config;
  const epochs = Array.from({ length: numEpochs }, (_, epoch) => epoch);
  const validations = epochs.filter((epoch) => epoch >= validationStart && epoch % validationStep === 0).length;
  return validations * validated * work.predictions;
}

function predictionMs({ work }: PlannedTraining, speed: Speed): number {
  return work.prediction === null ? 0 : partMs(work.prediction, speed);
}

/** Each thread keeps what it has drawn, and comes to nearly all scenes in time. */
function drawingMs({ scenes: { read, predicted }, config, work }: PlannedTraining): number {
  const threads = Math.max(1, work.readingThreads);
  return SCENE_MS * (predicted + (read * Math.min(threads, config.numEpochs)) / threads);
}

/** Of all target images, where importance weights are counted by their predictions. */
function countingMs({ work, images }: PlannedTraining, speed: Speed): number {
  return work.counting === null ? 0 : images.target * partMs(work.counting, speed);
}
