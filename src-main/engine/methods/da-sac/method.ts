// DA-SAC as methods of the training house: the baseline, and augmentation consistency from its weights on.

import { AppError } from "../../../../src-shared/contract/errors.ts";
import {
  type DaSacBaselineConfig,
  type DaSacConfig,
  daSacBaselineConfigSchema,
  daSacConfigSchema,
} from "../../../../src-shared/contract/training/da-sac.ts";
import { joinMomentum } from "../../checkpoints/momentum.ts";
import { requireNumbers } from "../../checkpoints/no-numbers.ts";
import type { StateDict, StateTensor } from "../../checkpoints/state-dict.ts";
import type { LabelledImage } from "../../datasets/labelled-images.ts";
import { sameShape } from "../../graph/node.ts";
import type { ConfusionMatrix } from "../../metrics/confusion-matrix.ts";
import { jaccardScores } from "../../metrics/jaccard.ts";
import type { Architecture } from "../../models/architecture.ts";
import { daSacNetwork } from "../../models/da-sac-networks.ts";
import { withGivenWeights } from "../../models/given-weights.ts";
import { initialStateDict } from "../../models/initial-state-dict.ts";
import { importanceSampler } from "../../training/samples/importance-sampler.ts";
import { type Sampler, shuffledSampler } from "../../training/samples/sampler.ts";
import type { GivenWeights, SamplePlan, TrainingImages, TrainingMethod } from "../../training/training-method.ts";
import { BaselineStepRunner, STUDENT } from "./baseline-step.ts";
import { freshPrior } from "./class-prior.ts";
import { ConsistencyStepRunner, IS_STARTED, TEACHER } from "./consistency-step.ts";
import { imageDistributions } from "./image-distributions.ts";
import { validationPicture } from "./plain-sample.ts";
import { baselineSampleMaker, consistencySampleMaker, type StreamSettings } from "./sample-maker.ts";
import { PRIOR } from "./step-graphs.ts";
import { baselineWork, consistencyWork } from "./step-work.ts";

/** Step 1: labelled source images, while normalisation sees the target too. Source: spec "5. Step 1". */
export const daSacBaseline: TrainingMethod<DaSacBaselineConfig> = {
  name: "da-sac-baseline",
  config: daSacBaselineConfigSchema,
  hasTarget: true,
  networks: (config, given) => {
    const architecture = architectureOf(config);
    requireStatistics(architecture, config);
    return { [STUDENT]: { architecture, start: startOf(architecture, config.seed, given) } };
  },
  samples: (config, { source, target = 0 }) => {
    const { targetBatchSize: batchSize, seed } = config;
    const targets = shuffledSampler({ count: target, batchSize, seed: seed + 1 }, "dropped");
    return planOf(config, source, targets);
  },
  sampleMaker: baselineSampleMaker,
  validationView,
  validationScore,
  work: baselineWork,
  open: async (environment) => new BaselineStepRunner(environment),
};

/** Step 3: augmentation consistency. Source: spec "7. Step 3". */
export const daSac: TrainingMethod<DaSacConfig> = {
  name: "da-sac",
  config: daSacConfigSchema,
  hasTarget: true,
  networks: (config, given) => {
    const architecture = architectureOf(config);
    const start = startOf(architecture, config.seed, given);
    return {
      [STUDENT]: { architecture, start },
      [TEACHER]: { architecture, start: teacherStart(architecture, config, given) ?? newTeacher(start, config) },
    };
  },
  samples: (config, images) => {
    const plan = planOf(config, images.source, targetSampler(config, images));
    const { source: _source, ...targetAlone } = plan.streams;
    return config.targetOnly ? { ...plan, streams: targetAlone } : plan;
  },
  sampleMaker: consistencySampleMaker,
  validationView,
  validationScore,
  work: consistencyWork,
  open: async (environment) => new ConsistencyStepRunner(environment),
};

function architectureOf({ network, numClasses, width }: DaSacBaselineConfig | DaSacConfig): Architecture {
  return daSacNetwork(network, numClasses, width);
}

/** Its normalisation layers have no alpha of their own. */
function startOf(architecture: Architecture, seed: number, given: GivenWeights | null): StateDict {
  const scratch = initialStateDict(architecture, 0, seed);
  if (given === null) return scratch;
  return joinMomentum({
    stateDict: withGivenWeights(scratch, given, architecture),
    momentum: momentumOf(given, architecture),
  });
}

/** The optimizer goes on where that of the given weights was. Source: spec "10. Snapshots", loading for training. */
function momentumOf({ momentum = new Map(), path }: GivenWeights, { keys }: Architecture): StateDict {
  const copies = new Map<string, StateTensor>();
  for (const [key, tensor] of momentum) {
    if (!sameShape(tensor.shape, keys.get(key) ?? [])) {
      throw new AppError(
        "checkpoint.mismatch",
        `"${path}" holds a momentum of "${key}", which the network has not, or in another shape; begin with another file.`,
      );
    }
    copies.set(key, { ...tensor, data: tensor.data.slice() });
  }
  requireNumbers(copies, path);
  return copies;
}

/** It copies the student in the first iteration. Source: spec "7.6 Teacher". */
function newTeacher(student: StateDict, config: DaSacConfig): StateDict {
  return withTeacherState(student, freshPrior(config.numClasses, config), 0);
}

/** Teacher and class prior of a snapshot go on; null where it has none. Source: spec "10. Snapshots", loading for training. */
function teacherStart(architecture: Architecture, { seed }: DaSacConfig, given: GivenWeights | null): StateDict | null {
  const { teacher, classPrior, slowInit } = given?.training ?? { teacher: null, classPrior: null, slowInit: null };
  if (given === null || teacher === null || classPrior === null) return null;
  const start = withGivenWeights(
    initialStateDict(architecture, 0, seed),
    { ...given, stateDict: teacher },
    architecture,
  );
  return withTeacherState(start, classPrior, slowInit ?? 1);
}

function withTeacherState(weights: StateDict, prior: Float32Array, isStarted: number): StateDict {
  return new Map([...weights, [PRIOR, numbers(prior.slice())], [IS_STARTED, numbers(Float32Array.of(isStarted))]]);
}

/** An epoch is as long as the source has whole batches. Source: spec "5", "8". */
function planOf<C extends DaSacBaselineConfig | DaSacConfig>(config: C, source: number, targets: Sampler): SamplePlan {
  const { sourceBatchSize: batchSize, numEpochs, seed } = config;
  const sources = shuffledSampler({ count: source, batchSize, seed }, "dropped");
  const settings = (domain: StreamSettings<C>["domain"]): StreamSettings<C> => ({ domain, config });
  return {
    steps: sources.stepsPerEpoch * numEpochs,
    stepsPerEpoch: sources.stepsPerEpoch,
    streams: {
      source: { data: "source", sampler: sources, settings: settings("source") },
      target: { data: "target", sampler: targets, settings: settings("target") },
    },
  };
}

/** Classes take turns, sample by sample. Source: spec "6.3 Sampling". */
function targetSampler(config: DaSacConfig, { target = 0, targetShares }: TrainingImages): Sampler {
  const distributions = imageDistributions(targetShares ?? null, target, config);
  return importanceSampler(distributions, { batchSize: config.targetImages, seed: config.seed });
}

/** Validation predicts crops, or images of the crop's size. Source: spec "8. Training loop". */
function validationView({ cropSize, validationBy }: DaSacBaselineConfig | DaSacConfig) {
  return (read: LabelledImage): LabelledImage => {
    const { image, labels } = validationPicture(read, { fixedSize: null, size: cropSize, by: validationBy });
    return { image, labels };
  };
}

/** Classes that occur nowhere count as 0, ignored ones not at all. Source: spec "8. Training loop". */
function validationScore({ ignoredClasses }: DaSacBaselineConfig | DaSacConfig) {
  return (confusion: ConfusionMatrix): number => jaccardScores(confusion, ignoredClasses).meanIou;
}

/** By the batch's own statistics a variance divides by the number of values less one. */
function requireStatistics({ coarsestStride }: Architecture, { cropSize, sourceBatchSize }: DaSacBaselineConfig): void {
  if (sourceBatchSize > 1 || cropSize.some((size) => size > coarsestStride)) return;
  throw new AppError(
    "image.size",
    `--crop-size: the network reduces ${cropSize.join(" x ")} pixels to a single one, which has no variance; use more than ` +
      `${coarsestStride}.`,
  );
}

function numbers(data: Float32Array): StateTensor {
  return { dtype: "float32", shape: [data.length], data };
}
