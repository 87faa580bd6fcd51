// One training from its files to its files: initial weights and reading threads are made for it and given up after it.
import { availableParallelism } from "node:os";
import type { TrainingConfig } from "../../../../src-shared/contract/training-config.ts";
import type { Checkpoint } from "../../checkpoints/load-checkpoint.ts";
import type { Runtime } from "../../runtimes/runtime.ts";
import { givenWeights } from "./given-weights.ts";
import { train } from "./train.ts";
import type { TrainingData } from "./training-data.ts";
import { fileStore, type TrainingState, type Writing } from "./training-store.ts";
import type { TrainingOptions, TrainingResult } from "./training-task.ts";
import { workerSamples } from "./worker-samples.ts";

export interface TrainingRequest {
  readonly config: TrainingConfig;
  readonly data: TrainingData;
  /** The weights to begin with; from scratch where there are none. */
  readonly checkpoint: Checkpoint | undefined;
  /** The file of the best weights; its folder is there. See `trainingFiles`. */
  readonly output: string;
  /** The state of the run to go on with. */
  readonly resumed: TrainingState | undefined;
  /** That read and augment images; 0: none. */
  readonly readingThreads: number;
  /** The caller disposes of it. */
  readonly runtime: Runtime;
  /** Carries out what writes a file; at once unless it is given. */
  readonly write?: Writing;
}

/** The original's number of threads that read images, or one a core. */
export function defaultReadingThreads(): number {
  return Math.min(8, availableParallelism());
}

/**
 * @throws AppError `checkpoint.mismatch`, and those of `train`
 * @throws CancelledError; the state to go on from is kept
 */
export async function trainIntoFiles(
  { config, data, checkpoint, output, resumed, readingThreads, runtime, write }: TrainingRequest,
  options: Omit<TrainingOptions, "store" | "resumed">,
): Promise<TrainingResult> {
  const initial = checkpoint === undefined ? {} : { initial: givenWeights(checkpoint, config) };
  const validation = data.validation === undefined ? {} : { validationData: data.validation };
  const given = checkpoint === undefined ? {} : { initialWeights: checkpoint.sha256 };
  const store = fileStore(output, config, { data: JSON.stringify(data.provenance), ...given }, write);
  const reader = readingThreads === 0 ? {} : { reader: workerSamples(data.source, config, readingThreads) };
  try {
    return await train(
      { runtime, config, data: data.training, ...validation, ...initial, ...reader },
      { ...options, store, ...(resumed === undefined ? {} : { resumed }) },
    );
  } finally {
    await reader.reader?.dispose();
  }
}
