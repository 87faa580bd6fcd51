// DAFormer and entropy balancing as methods of the training house.
import {
  type DaformerConfig,
  daformerConfigSchema,
  type EntropyBalancingConfig,
  entropyBalancingConfigSchema,
} from "../../../../src-shared/contract/training/entropy-balancing.ts";
import type { StateDict } from "../../checkpoints/state-dict.ts";
import type { LabelledImage } from "../../datasets/labelled-images.ts";
import { fusionNamed } from "../../models/daformer-head.ts";
import { withGivenWeights } from "../../models/given-weights.ts";
import { initialStateDict } from "../../models/initial-state-dict.ts";
import { daformerOf } from "../../models/mmseg-networks.ts";
import type { NetworkSpec } from "../../training/network-state.ts";
import { pairSamplers, type Sampler, uniformSampler } from "../../training/samples/sampler.ts";
import type { GivenWeights, SamplePlan, TrainingImages, TrainingMethod } from "../../training/training-method.ts";
import { fitted } from "./pair-sample.ts";
import { type RareClasses, rareClasses, rareClassImages } from "./rare-classes.ts";
import { entropyBalancingSampleMaker, type StreamSettings } from "./sample-maker.ts";
import { EntropyBalancingStepRunner, FROZEN, STUDENT, TEACHER } from "./step.ts";
import { entropyBalancingWork } from "./step-work.ts";

type Config = DaformerConfig | EntropyBalancingConfig;

/** What both are, but for name and configuration. */
const shared = {
  hasTarget: true,
  networks,
  samples,
  sampleMaker: entropyBalancingSampleMaker,
  validationView,
  work: entropyBalancingWork,
} as const;

export const daformer: TrainingMethod<DaformerConfig> = {
  ...shared,
  name: "daformer",
  config: daformerConfigSchema,
  open: async (environment) => new EntropyBalancingStepRunner(environment),
};

export const entropyBalancing: TrainingMethod<EntropyBalancingConfig> = {
  ...shared,
  name: "entropy-balancing",
  config: entropyBalancingConfigSchema,
  open: async (environment) => new EntropyBalancingStepRunner(environment),
};

/** All three begin with the same weights; the teacher's statistics begin anew. Source: spec "7.1 Modules". */
function networks(config: Config, given: GivenWeights | null): Readonly<Record<string, NetworkSpec>> {
  const { encoder, head, numClasses, seed, featureDistance } = config;
  const architecture = daformerOf(encoder, numClasses, fusionNamed(head));
  const scratch = initialStateDict(architecture, 0, seed);
  const start: StateDict = given === null ? scratch : withGivenWeights(scratch, given, architecture);
  const teacher = new Map(
    [...start].map(([key, tensor]) => [key, isStatistic(key) ? (scratch.get(key) ?? tensor) : tensor]),
  );
  return {
    [STUDENT]: { architecture, start },
    [TEACHER]: { architecture, start: teacher },
    ...(featureDistance > 0 ? { [FROZEN]: { architecture, start } } : {}),
  };
}

function isStatistic(key: string): boolean {
  return /\.(running_mean|running_var|num_batches_tracked)$/.test(key);
}

function samples(config: Config, images: TrainingImages): SamplePlan {
  const { batchSize, seed, numEpochs, epochSteps } = config;
  const rare = images.sourcePixels === undefined ? null : rareClasses(images.sourcePixels, config);
  const [source, target] = samplersOf(rare, images, batchSize, seed);
  const settings = (domain: StreamSettings["domain"]): StreamSettings => ({ domain, config, rare });
  return {
    steps: numEpochs * epochSteps,
    stepsPerEpoch: epochSteps,
    streams: {
      source: { data: "source", sampler: source, settings: settings("source") },
      target: { data: "target", sampler: target, settings: settings("target") },
    },
  };
}

/** Source: spec "8. Rare Class Sampling". */
function samplersOf(
  rare: RareClasses | null,
  { source, target = 0 }: TrainingImages,
  batchSize: number,
  seed: number,
): readonly [Sampler, Sampler] {
  if (rare === null) return pairSamplers([source, target], batchSize, seed);
  return [rareClassImages(rare, batchSize, seed), uniformSampler({ count: target, batchSize, seed })];
}

/** Images of the validation are fitted into the target's box, and so are their labels. */
function validationView({ targetSize }: Config) {
  return (read: LabelledImage): LabelledImage => {
    const { image, labels } = fitted(read, targetSize);
    return { image, labels: labels ?? read.labels };
  };
}
