// What another screen asks the form of a new training to begin with.
import { create } from "zustand";
import type { CheckpointId, DatasetId } from "../../src-shared/contract/workbench/ids.ts";
import { useNavigation } from "./navigation.ts";

/** Consistency: from a checkpoint, to the images that importance weights are of. */
export interface WeightedTarget {
  readonly checkpointId: CheckpointId;
  readonly datasetId: DatasetId;
  readonly split: string | null;
  /** Path of the file. */
  readonly importanceWeights: string;
}

/** Null once the form has taken it. */
export const useTrainingToOpen = create<{ readonly wanted: WeightedTarget | null }>(() => ({ wanted: null }));

export function openTrainingBy(wanted: WeightedTarget): void {
  useTrainingToOpen.setState({ wanted });
  useNavigation.getState().go({ screen: "train" });
}
