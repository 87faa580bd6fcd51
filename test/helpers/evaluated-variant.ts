// A model's weights as a variant that a training validates.
import type { SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import type { NamedTensors } from "../../src-main/engine/runtimes/runtime.ts";
import type { EvaluatedVariant } from "../../src-main/engine/training/training-method.ts";

export function variantOf(model: SegmentationModel, weights: NamedTensors = model.base): EvaluatedVariant {
  return {
    name: "network",
    value: null,
    isCandidate: true,
    model,
    weights,
    stateDict: () => Promise.reject(new Error("not asked for")),
  };
}
