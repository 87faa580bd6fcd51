// From a checkpoint file to a model that is ready to run.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { CheckpointSummary, WeightsChoice } from "../../../src-shared/contract/results.ts";
import { type LabelSet, labelSetFor } from "../../../src-shared/labels/label-sets.ts";
import { requireNumbers } from "../checkpoints/no-numbers.ts";
import type { StateDict } from "../checkpoints/state-dict.ts";
import { SegmentationModel } from "../methods/shared/segmentation-model.ts";
import { type Architecture, modelName } from "../models/architecture.ts";
import { detectArchitecture } from "../models/detect-architecture.ts";
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

/**
 * @param weights  which network of a training's snapshot; the student, if not given
 * @throws AppError `checkpoint.*`, `input.*`
 */
export async function readModel(path: string, weights?: WeightsChoice): Promise<ReadModel> {
  const checkpoint = await loadCheckpoint(path, weights);
  const architecture = detectArchitecture(checkpoint.stateDict, path);
  requireMatch(checkpoint.stateDict, architecture, path);
  requireNumbers(checkpoint.stateDict, path);
  const labelSet = labelSetFor(architecture.numClasses);
  const { stateDict, metadata } = checkpoint;
  return { summary: checkpointSummary(checkpoint, architecture), stateDict, architecture, labelSet, metadata };
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
