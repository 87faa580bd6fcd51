// Weights of CROTS's networks as variants, and what counts as a label.
import { checkpointOf, type Network } from "../../training/network-state.ts";
import type { Plane } from "../../training/samples/sample.ts";
import type { EvaluatedVariant } from "../../training/training-method.ts";
import type { SegmentationModel } from "../shared/segmentation-model.ts";

/** @param passes  that normalisation has counted in this run */
export function variantOf(
  name: string,
  { architecture, tensors }: Network,
  model: SegmentationModel,
  passes: number,
  isCandidate = true,
): EvaluatedVariant {
  return {
    name,
    value: null,
    isCandidate,
    model,
    weights: tensors,
    stateDict: () => checkpointOf(architecture, tensors, passes),
  };
}

/** Whether any pixel has a class. */
export function hasLabels({ data }: Pick<Plane, "data">, numClasses: number): boolean {
  return data.some((id) => id >= 0 && id < numClasses);
}
