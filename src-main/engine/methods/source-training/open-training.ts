// Puts a training run's network and weights on the runtime: new, given, or those of the run that goes on.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { TrainingConfig } from "../../../../src-shared/contract/training-config.ts";
import type { StateDict } from "../../checkpoints/state-dict.ts";
import type { Architecture } from "../../models/architecture.ts";
import { SegmentationModel } from "../shared/segmentation-model.ts";
import { alphaGrid, initialAlpha } from "./alpha-grid.ts";
import { auxiliaryKeys } from "./auxiliary-head.ts";
import { initialStateDict } from "./initial-state-dict.ts";
import { TrainedWeights } from "./trained-weights.ts";
import { architectureOf } from "./training-architecture.ts";
import type { TrainingState } from "./training-store.ts";
import type { TrainingTask } from "./training-task.ts";

export interface OpenTraining {
  readonly model: SegmentationModel;
  readonly weights: TrainedWeights;
  readonly dispose: () => Promise<void>;
}

/** Far from the seeds of the network's own keys, which are counted from 0. */
const AUXILIARY_SEED = 0x417578;

/** @throws AppError `checkpoint.architecture`, `input.option`, `image.size` for what can't be trained */
export function openTraining({ runtime, config, initial }: TrainingTask, resumed?: TrainingState): OpenTraining {
  const architecture = architectureOf(config);
  requireStatistics(architecture, config);
  const alpha = initialAlpha(config);
  const base = initial ?? initialStateDict(architecture, alpha, config.seed);
  const beyond: StateDict =
    config.auxWeight === 0
      ? new Map()
      : initialStateDict({ keys: auxiliaryKeys(architecture) }, alpha, config.seed + AUXILIARY_SEED);
  // With any alpha above 0 in the grid, evaluation passes mix the image's own statistics in.
  const model = new SegmentationModel(runtime, architecture, base, Math.max(...alphaGrid(config)));
  const weights = new TrainedWeights(model, config, resumed?.tensors ?? beyond, resumed?.progress);
  return {
    model,
    weights,
    dispose: async () => {
      weights.dispose();
      await model.dispose();
    },
  };
}

/** Normalisation in training divides by the number of values less one, and the last batch may be a single image. */
function requireStatistics({ coarsestStride, copiesOfLoneImage }: Architecture, { cropSize }: TrainingConfig): void {
  if (copiesOfLoneImage > 1 || cropSize.some((size) => size > coarsestStride)) return;
  throw new AppError(
    "image.size",
    `--crop-size: the network reduces ${cropSize.join(" x ")} pixels to a single one, which has no variance; use more than ` +
      `${coarsestStride}.`,
  );
}
