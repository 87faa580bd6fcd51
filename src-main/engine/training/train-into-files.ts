// One training from its files to its files: reading threads are started for it and ended after it.
import { availableParallelism } from "node:os";
import type { LabelSetData } from "../../../src-shared/contract/label-set.ts";
import type { TrainingConfig } from "../../../src-shared/contract/training/training-config.ts";
import { LABEL_SET_KEY } from "../models/checkpoint-classes.ts";
import type { Checkpoint } from "../models/load-checkpoint.ts";
import type { Runtime } from "../runtimes/runtime.ts";
import type { StreamRecipes } from "./samples/read-samples.ts";
import { type ReadingThreads, threadReader } from "./samples/reading-threads.ts";
import type { SampleReader } from "./samples/sample.ts";
import { train } from "./train.ts";
import type { TrainingData } from "./training-data.ts";
import type { ClassPixels, ClassShares, SamplePlan, TrainingMethod } from "./training-method.ts";
import { fileStore, type TrainingState, type Writing } from "./training-store.ts";
import type { TrainingOptions, TrainingResult } from "./training-task.ts";

export interface TrainingRequest {
  readonly method: TrainingMethod;
  readonly config: TrainingConfig;
  readonly data: TrainingData;
  /** See `TrainingImages`. */
  readonly targetShares?: readonly ClassShares[];
  readonly sourcePixels?: readonly ClassPixels[];
  /** The weights to begin with; from scratch where there are none. */
  readonly checkpoint: Checkpoint | undefined;
  /** What the classes are, where that is more than their number: it is stored with the weights. */
  readonly labelSet?: LabelSetData | undefined;
  /** The file of the best weights; its folder is there. See `trainingFiles`. */
  readonly output: string;
  /** The state of the run to go on with. */
  readonly resumed: TrainingState | undefined;
  readonly readingThreads: ReadingThreads;
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
 * @throws AppError what the method refuses, and those of `train`
 * @throws CancelledError; the state to go on from is kept
 */
export async function trainIntoFiles(
  request: TrainingRequest,
  options: Omit<TrainingOptions, "store" | "resumed">,
): Promise<TrainingResult> {
  const { method, config, data, checkpoint, targetShares, sourcePixels, output, resumed, runtime, write, labelSet } =
    request;
  const given = {
    ...(checkpoint === undefined ? {} : { initialWeights: checkpoint.sha256 }),
    ...(labelSet === undefined ? {} : { [LABEL_SET_KEY]: JSON.stringify(labelSet) }),
  };
  const store = fileStore(output, config, { data: JSON.stringify(data.provenance), ...given }, write);
  const reader = readerOf(request, options.onNotice);
  try {
    return await train(
      {
        runtime,
        method,
        config,
        data: data.images,
        ...(data.validation === undefined ? {} : { validationData: data.validation }),
        ...(checkpoint === undefined ? {} : { given: checkpoint }),
        ...(targetShares === undefined ? {} : { targetShares }),
        ...(sourcePixels === undefined ? {} : { sourcePixels }),
        ...(reader === null ? {} : { reader }),
      },
      { ...options, store, ...(resumed === undefined ? {} : { resumed }) },
    );
  } finally {
    await reader?.dispose();
  }
}

/** Null: samples are made in this thread. */
function readerOf(
  { method, config, data, targetShares, sourcePixels, readingThreads }: TrainingRequest,
  onNotice: TrainingOptions["onNotice"],
): SampleReader | null {
  if (readingThreads.count === 0) return null;
  const { source, target } = data.images;
  const counts = { source: source.count, ...(target === undefined ? {} : { target: target.count }) };
  const shares = {
    ...(targetShares === undefined ? {} : { targetShares }),
    ...(sourcePixels === undefined ? {} : { sourcePixels }),
  };
  const streams = recipesOf(method.samples(config, { ...counts, ...shares }).streams);
  return threadReader({ method: method.name, images: data.listed, streams }, readingThreads, onNotice);
}

/** What of the streams is plain data. */
function recipesOf(streams: SamplePlan["streams"]): StreamRecipes {
  return Object.fromEntries(
    Object.entries(streams).map(([name, { data, settings }]) => [name, { data, settings }] as const),
  );
}
