// From a checkpoint file to a model that is ready to run.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { LabelSetData } from "../../../src-shared/contract/label-set.ts";
import type { CheckpointSummary, WeightsChoice } from "../../../src-shared/contract/results.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { requireNumbers } from "../checkpoints/no-numbers.ts";
import type { StateDict } from "../checkpoints/state-dict.ts";
import { SegmentationModel } from "../methods/shared/segmentation-model.ts";
import { type Architecture, modelName } from "../models/architecture.ts";
import { architectureOf } from "../models/architecture-of.ts";
import { checkpointClasses } from "../models/checkpoint-classes.ts";
import { checkpointSummary } from "../models/inspect-checkpoint.ts";
import { type Checkpoint, loadCheckpoint } from "../models/load-checkpoint.ts";
import { requireMatch } from "../models/match-state-dict.ts";
import { normLayers } from "../models/normalization.ts";
import type { Runtime } from "../runtimes/runtime.ts";

/** A checkpoint in memory, known to fit its architecture. */
export interface ReadModel {
  readonly summary: CheckpointSummary;
  readonly stateDict: StateDict;
  readonly architecture: Architecture;
  readonly labelSet: LabelSet;
  /** What the file says beside its weights. */
  readonly metadata: Checkpoint["metadata"];
}

/** What somebody says of a checkpoint's file. */
export interface ModelChoice {
  /** Which of several networks; the student, or the one that is no moving average, if not given. */
  readonly weights?: WeightsChoice | undefined;
  /** What its classes are, in place of what the file says. */
  readonly labelSet?: LabelSetData | undefined;
}

/** @throws AppError `checkpoint.*`, `input.*` */
export async function readModel(path: string, { weights, labelSet: given }: ModelChoice = {}): Promise<ReadModel> {
  const checkpoint = await loadCheckpoint(path, weights);
  const architecture = architectureOf(checkpoint);
  requireMatch(checkpoint.stateDict, architecture, path);
  requireNumbers(checkpoint.stateDict, path);
  const classes = await checkpointClasses(checkpoint, architecture.numClasses, given);
  const summary = {
    ...checkpointSummary(checkpoint, architecture),
    ...(classes === undefined ? {} : { labelSet: classes }),
  };
  const { stateDict, metadata } = checkpoint;
  return { summary, stateDict, architecture, labelSet: labelSetOf(summary), metadata };
}

/**
 * @param alpha  in place of the checkpoint's in every normalisation layer; undefined leaves it
 * @throws AppError `input.option` for an alpha above 0 that no layer would take
 */
export function modelOn(runtime: Runtime, read: ReadModel, alpha: number | undefined): SegmentationModel {
  const { keys, normalization } = read.architecture;
  if (alpha !== undefined && alpha > 0 && normLayers(keys.keys(), normalization).length === 0) {
    throw new AppError(
      "input.option",
      `A ${modelName(read.architecture)} has layer norms alone, which have no statistics of a batch: leave alpha ${alpha} out.`,
    );
  }
  return new SegmentationModel(runtime, read.architecture, read.stateDict, alpha);
}
