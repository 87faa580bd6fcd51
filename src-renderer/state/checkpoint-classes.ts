// The classes of a checkpoint that may not be chosen yet.
import type { Checkpoint } from "../../src-shared/contract/workbench/checkpoints.ts";
import { labelSetOf } from "../../src-shared/labels/label-set-data.ts";
import { CITYSCAPES_19, type LabelSet } from "../../src-shared/labels/label-sets.ts";

/** Cityscapes' until there is one: most checkpoints have these. */
export function classesOfCheckpoint(checkpoint: Checkpoint | null | undefined): LabelSet {
  if (checkpoint === null || checkpoint === undefined || checkpoint.numClasses === null) return CITYSCAPES_19;
  const { numClasses, labelSet } = checkpoint;
  return labelSetOf({ numClasses, labelSet });
}
