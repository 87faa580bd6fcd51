// Source training as a method of the training house: SGD on labelled images alone.

import { AppError } from "../../../../src-shared/contract/errors.ts";
import {
  type SourceTrainingConfig,
  sourceTrainingConfigSchema,
} from "../../../../src-shared/contract/training/source-training.ts";
import type { Architecture } from "../../models/architecture.ts";
import { withGivenWeights } from "../../models/given-weights.ts";
import { initialStateDict } from "../../models/initial-state-dict.ts";
import { shuffledSampler } from "../../training/samples/sampler.ts";
import type { TrainingMethod } from "../../training/training-method.ts";
import { initialAlpha } from "./alpha-grid.ts";
import { auxiliaryKeys } from "./auxiliary-head.ts";
import { type SampleSettings, sourceSampleMaker } from "./source-samples.ts";
import { NETWORK, SourceStepRunner } from "./source-step.ts";
import { sourceTrainingWork } from "./step-work.ts";
import { architectureOf } from "./training-architecture.ts";
import { upgradeProgress } from "./upgrade-progress.ts";

/** Far from the seeds of the network's own keys, which are counted from 0. */
const AUXILIARY_SEED = 0x417578;

/** Source: spec "3. Source training". */
export const sourceTraining: TrainingMethod<SourceTrainingConfig> = {
  name: "source-training",
  config: sourceTrainingConfigSchema,
  hasTarget: false,
  networks: (config, given) => {
    const architecture = architectureOf(config);
    requireStatistics(architecture, config);
    const alpha = initialAlpha(config);
    const initial = initialStateDict(architecture, alpha, config.seed);
    const base = given === null ? initial : withGivenWeights(initial, given, architecture);
    if (config.auxWeight === 0) return { [NETWORK]: { architecture, start: base } };
    const head = { ...architecture, keys: auxiliaryKeys(architecture) };
    const auxiliary = initialStateDict(head, alpha, config.seed + AUXILIARY_SEED);
    return { [NETWORK]: { architecture, start: new Map([...base, ...auxiliary]) } };
  },
  samples: ({ batchSize, numEpochs, seed, cropSize, augmentation }, { source }) => {
    const sampler = shuffledSampler({ count: source, batchSize, seed });
    const settings: SampleSettings = { seed, cropSize, augmentation };
    return {
      steps: sampler.stepsPerEpoch * numEpochs,
      stepsPerEpoch: sampler.stepsPerEpoch,
      streams: { source: { data: "source", sampler, settings } },
    };
  },
  sampleMaker: sourceSampleMaker,
  open: async (environment) => new SourceStepRunner(environment),
  work: sourceTrainingWork,
  upgradeProgress,
};

/** Normalisation in training divides by the number of values less one, and the last batch may be a single image. */
function requireStatistics(
  { coarsestStride, copiesOfLoneImage }: Architecture,
  { cropSize }: SourceTrainingConfig,
): void {
  if (copiesOfLoneImage > 1 || cropSize.some((size) => size > coarsestStride)) return;
  throw new AppError(
    "image.size",
    `--crop-size: the network reduces ${cropSize.join(" x ")} pixels to a single one, which has no variance; use more than ` +
      `${coarsestStride}.`,
  );
}
