// What `train` learns from and validates on, from the flags.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { DataChoice } from "../../engine/methods/source-training/training-data.ts";
import type { TrainingFlags } from "../options/training-options.ts";

/** Sample scenes to validate on where nothing else is asked for. */
const SAMPLE_VALIDATION_COUNT = 8;
/** In place of a split: every image. */
const ALL_IMAGES = "all";

export interface DataChoices {
  readonly training: DataChoice;
  readonly validation: DataChoice | null;
}

/** @throws AppError `input.option` when it is not clear what to train or validate on */
export function dataChoices(flags: TrainingFlags): DataChoices {
  const { sample, count, datasetRoot, split } = flags;
  if (sample === (datasetRoot !== undefined)) {
    throw new AppError("input.option", "Say what to train on: either --sample or --dataset-root FOLDER.");
  }
  return {
    training: datasetRoot === undefined ? { kind: "sample", count } : folder(datasetRoot, split),
    validation: validationOf(flags),
  };
}

function validationOf({ sample, valDatasetRoot, valSplit, valCount }: TrainingFlags): DataChoice | null {
  if (valDatasetRoot !== undefined) {
    if (valCount === undefined) return folder(valDatasetRoot, valSplit);
    throw new AppError("input.option", "Say what to validate on: either --val-count or --val-dataset-root FOLDER.");
  }
  const count = valCount ?? (sample ? SAMPLE_VALIDATION_COUNT : 0);
  return count === 0 ? null : { kind: "sample", count };
}

function folder(root: string, split: string): DataChoice {
  return { kind: "folder", root, split: split === ALL_IMAGES ? null : split };
}
