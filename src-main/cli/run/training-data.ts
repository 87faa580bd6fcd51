// What `train` learns from, adapts to and validates on, from the flags.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { SAMPLE_DOMAINS } from "../../../src-shared/contract/sample-domains.ts";
import type { SplitChoice } from "../../engine/datasets/split-choice.ts";
import type { DataChoice, DataChoices } from "../../engine/training/training-data.ts";
import type { TrainingMethod } from "../../engine/training/training-method.ts";
import type { TrainingFlags } from "../options/training-options.ts";

/** Sample scenes to validate on where nothing else is asked for. */
const SAMPLE_VALIDATION_COUNT = 8;
/** In place of a split: every image. */
const ALL_IMAGES = "all";

/** @throws AppError `input.option` when it is not clear what to train, adapt to or validate on */
export function dataChoices(
  flags: TrainingFlags,
  { name, hasTarget, isSourceFree = false }: Pick<TrainingMethod, "name" | "hasTarget" | "isSourceFree">,
): DataChoices {
  const { sample, count, datasetRoot, split } = flags;
  if (isSourceFree) {
    if (datasetRoot === undefined) {
      return { training: null, target: targetOf(flags, hasTarget), validation: validationOf(flags) };
    }
    throw new AppError(
      "input.option",
      `--dataset-root: the method ${name} needs no image of the source; leave it out, and name the target with --target-dataset-root.`,
    );
  }
  if (sample === (datasetRoot !== undefined)) {
    throw new AppError("input.option", "Say what to train on: either --sample or --dataset-root FOLDER.");
  }
  return {
    training: datasetRoot === undefined ? { kind: "sample", count } : folder(datasetRoot, split, TRAINING),
    target: targetOf(flags, hasTarget),
    validation: validationOf(flags),
  };
}

function targetOf(
  { sample, count, targetDatasetRoot, targetSplit, targetCount, targetDomains }: TrainingFlags,
  hasTarget: boolean,
): DataChoice | null {
  if (targetDatasetRoot !== undefined) {
    if (targetCount === undefined) return folder(targetDatasetRoot, targetSplit, TRAINING);
    throw new AppError("input.option", "Say what to adapt to: either --target-count or --target-dataset-root FOLDER.");
  }
  const scenes = targetCount ?? (sample && hasTarget ? count : 0);
  return scenes === 0 ? null : { kind: "sample", count: scenes, domains: targetDomains ?? SAMPLE_DOMAINS.slice(1) };
}

function validationOf(flags: TrainingFlags): DataChoice | null {
  const { sample, valDatasetRoot, valSplit, valCount, valDomains: domains } = flags;
  if (valDatasetRoot !== undefined) {
    if (valCount === undefined) return folder(valDatasetRoot, valSplit, VALIDATION);
    throw new AppError("input.option", "Say what to validate on: either --val-count or --val-dataset-root FOLDER.");
  }
  const count = valCount ?? (sample ? SAMPLE_VALIDATION_COUNT : 0);
  return count === 0 ? null : { kind: "sample", count, domains };
}

/** What is taken where nobody names a split. Images to validate on are never those that are trained on. */
const TRAINING: SplitChoice = { split: "train", otherwise: "all" };
const VALIDATION: SplitChoice = { split: "val", otherwise: "allOfUnsplit" };

function folder(root: string, named: string | undefined, usual: SplitChoice): DataChoice {
  if (named === undefined) return { kind: "folder", root, ...usual };
  return { kind: "folder", root, split: named === ALL_IMAGES ? null : named };
}
