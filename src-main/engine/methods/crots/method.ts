// CROTS as methods of the training house: stage 1 on pseudo-labels of target images, stage 2 on mixed ones and hard patches. Neither
// opens an image of the source: in both the labelled images of the house, its "source", come from the target.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import {
  type CrotsBaselineConfig,
  type CrotsConfig,
  crotsBaselineConfigSchema,
  crotsConfigSchema,
} from "../../../../src-shared/contract/training/crots.ts";
import type { StateDict } from "../../checkpoints/state-dict.ts";
import type { LabelledImage } from "../../datasets/labelled-images.ts";
import type { ConfusionMatrix } from "../../metrics/confusion-matrix.ts";
import type { Architecture } from "../../models/architecture.ts";
import { withGivenWeights } from "../../models/given-weights.ts";
import { initialStateDict } from "../../models/initial-state-dict.ts";
import { shuffledSampler } from "../../training/samples/sampler.ts";
import type { GivenWeights, SamplePlan, TrainingImages, TrainingMethod } from "../../training/training-method.ts";
import { CrotsBaselineRunner, STUDENT } from "./baseline-step.ts";
import { meanOf } from "./means.ts";
import { CrotsStepRunner, TEACHER } from "./mixing-step.ts";
import { crotsNetwork } from "./network.ts";
import { patchSize, preparedImage, preparedLabels } from "./prepared.ts";
import { crotsSampleMaker, type StreamSettings } from "./sample-maker.ts";
import { baselineWork, mixingWork } from "./step-work.ts";

type Config = CrotsBaselineConfig | CrotsConfig;

const shared = {
  hasTarget: true,
  isSourceFree: true,
  sampleMaker: crotsSampleMaker,
  validationView,
  validationScore,
} as const;

/** Stage 1. Source: spec "6. Step 2". */
export const crotsBaseline: TrainingMethod<CrotsBaselineConfig> = {
  ...shared,
  name: "crots-baseline",
  config: crotsBaselineConfigSchema,
  networks: (config, given) => {
    const architecture = crotsNetwork(config);
    return { [STUDENT]: { architecture, start: startOf(architecture, config.seed, given) } };
  },
  samples: (config, { source }) => {
    requireImages(source);
    const { trainBatchSize: batchSize, seed, cropSize } = config;
    const sampler = shuffledSampler({ count: source, batchSize, seed }, "dropped");
    const settings: StreamSettings = { size: cropSize, hasLabels: true };
    return planOf(config, sampler.stepsPerEpoch, { source: { data: "source", sampler, settings } });
  },
  open: async (environment) => new CrotsBaselineRunner(environment),
  work: baselineWork,
};

/** Stage 2; without patches it is the original's module `spatial_mix`. Source: spec "9. Step 5". */
export const crots: TrainingMethod<CrotsConfig> = {
  ...shared,
  name: "crots",
  config: crotsConfigSchema,
  networks: (config, given) => {
    const architecture = crotsNetwork(config);
    const start = startOf(architecture, config.seed, given);
    return { [STUDENT]: { architecture, start }, [TEACHER]: { architecture, start } };
  },
  samples: (config, { source: patches, target = 0 }: TrainingImages) => {
    requireImages(target);
    const { trainBatchSize: batchSize, seed, cropSize } = config;
    const sampler = shuffledSampler({ count: target, batchSize, seed }, "dropped");
    const settings: StreamSettings = { size: cropSize, hasLabels: false };
    const images = { data: "target", sampler, settings } as const;
    if (patches === 0) return planOf(config, sampler.stepsPerEpoch, { target: images });
    const ofPatches: StreamSettings = { size: patchSize(cropSize), hasLabels: true };
    // All of them in an order of their own, the last batch smaller. Source: spec "8.1 Patch loader at training time".
    const patchSampler = shuffledSampler({ count: patches, batchSize, seed: seed + 1 }, "smaller");
    return planOf(config, sampler.stepsPerEpoch, {
      target: images,
      patches: { data: "source", sampler: patchSampler, settings: ofPatches },
    });
  },
  open: async (environment) => new CrotsStepRunner(environment),
  work: mixingWork,
};

function startOf(architecture: Architecture, seed: number, given: GivenWeights | null): StateDict {
  const scratch = initialStateDict(architecture, 0, seed);
  return given === null ? scratch : withGivenWeights(scratch, given, architecture);
}

function planOf({ numEpochs }: Config, stepsPerEpoch: number, streams: SamplePlan["streams"]): SamplePlan {
  return { steps: stepsPerEpoch * numEpochs, stepsPerEpoch, streams };
}

function requireImages(count: number): void {
  if (count > 0) return;
  throw new AppError("input.option", "The target has no images; name a folder that holds some.");
}

/** Validation predicts images in the network's size. */
function validationView({ cropSize }: Config) {
  return ({ image, labels }: LabelledImage): LabelledImage => ({
    image: preparedImage(image, cropSize),
    labels: preparedLabels(labels, cropSize),
  });
}

function validationScore({ scoredClasses }: Config) {
  return (confusion: ConfusionMatrix): number => {
    const mean = meanOf(confusion, scoredClasses);
    return Number.isNaN(mean) ? 0 : mean;
  };
}
