// What is to be known of a training method before it runs, besides its parameters: which images, how many steps, what it follows.
import { TRAINING_METHOD_NAMES, type TrainingConfig, type TrainingMethodName } from "./training-config.ts";

type ConfigOf<N extends TrainingMethodName> = Extract<TrainingConfig, { method: N }>;

/** How many images of each domain. */
export interface DomainCounts {
  readonly source: number;
  readonly target: number;
}

export interface StepCount {
  readonly perEpoch: number;
  readonly total: number;
}

export interface MethodTraits<C = TrainingConfig> {
  /** Capitalised. */
  readonly title: string;
  /** Of a method that is one of several steps: what the step is called. */
  readonly stepTitle: string | null;
  /** A sentence. */
  readonly description: string;
  /** Whether images to adapt to belong to it. */
  readonly hasTarget: boolean;
  /** Whether no image of the source is asked for, or opened. */
  readonly isSourceFree: boolean;
  /** Whether importance weights can decide which target images are drawn. */
  readonly hasImportanceWeights: boolean;
  /** Whose checkpoint it begins with; null: it is a beginning itself. */
  readonly follows: TrainingMethodName | null;
  /** Crops that a step takes. */
  readonly cropsPerStep: (config: C) => DomainCounts;
  /** @param images  that there are */
  readonly steps: (config: C, images: DomainCounts) => StepCount;
}

/** An epoch is as long as the source has whole batches; with fewer images than a batch takes it is a step. Source: spec "5", "8". */
function wholeBatches(
  { sourceBatchSize, numEpochs }: { readonly sourceBatchSize: number; readonly numEpochs: number },
  { source }: DomainCounts,
): StepCount {
  const perEpoch = Math.max(1, Math.floor(source / sourceBatchSize));
  return { perEpoch, total: perEpoch * numEpochs };
}

/** The same of the target. */
function wholeTargetBatches(
  { trainBatchSize, numEpochs }: { readonly trainBatchSize: number; readonly numEpochs: number },
  { target }: DomainCounts,
): StepCount {
  return wholeBatches({ sourceBatchSize: trainBatchSize, numEpochs }, { source: target, target });
}

/** An epoch has as many steps as the configuration says, whatever the images. */
function ownEpochs({ epochSteps, numEpochs }: { readonly epochSteps: number; readonly numEpochs: number }): StepCount {
  return { perEpoch: epochSteps, total: epochSteps * numEpochs };
}

/** A method of the contract that is missing here does not compile; a test holds the steps to what the engine plans. */
const METHOD_TRAITS: { readonly [N in TrainingMethodName]: MethodTraits<ConfigOf<N>> } = {
  "source-training": {
    title: "Source training",
    stepTitle: null,
    description: "Learns from labelled images alone, and validates the alphas of self-adaptation.",
    hasTarget: false,
    isSourceFree: false,
    hasImportanceWeights: false,
    follows: null,
    cropsPerStep: ({ batchSize }) => ({ source: batchSize, target: 0 }),
    steps: ({ batchSize, numEpochs }, { source }) => {
      const perEpoch = Math.ceil(source / batchSize);
      return { perEpoch, total: perEpoch * numEpochs };
    },
  },
  "da-sac-baseline": {
    title: "DA-SAC: baseline",
    stepTitle: "Baseline",
    description: "Learns from labelled source images, while batch normalisation also sees the target.",
    hasTarget: true,
    isSourceFree: false,
    hasImportanceWeights: false,
    follows: null,
    cropsPerStep: ({ sourceBatchSize, targetBatchSize }) => ({ source: sourceBatchSize, target: targetBatchSize }),
    steps: wholeBatches,
  },
  "da-sac": {
    title: "DA-SAC: consistency",
    stepTitle: "Consistency",
    description:
      "Adapts a baseline: a student learns what its moving average, the teacher, agrees on over several crops.",
    hasTarget: true,
    isSourceFree: false,
    hasImportanceWeights: true,
    follows: "da-sac-baseline",
    cropsPerStep: ({ sourceBatchSize, targetImages, copies, targetOnly }) => ({
      source: targetOnly ? 0 : sourceBatchSize,
      target: targetImages * copies,
    }),
    steps: wholeBatches,
  },
  daformer: {
    title: "DAFormer",
    stepTitle: null,
    description:
      "Adapts a transformer: it learns from source images and from target images that half of their classes are pasted into.",
    hasTarget: true,
    isSourceFree: false,
    hasImportanceWeights: false,
    follows: null,
    cropsPerStep: ({ batchSize }) => ({ source: batchSize, target: batchSize }),
    steps: ownEpochs,
  },
  "entropy-balancing": {
    title: "Entropy balancing (EBDA)",
    stepTitle: null,
    description: "DAFormer, with the entropy of mixed images pulled to a balance point: neither unsure nor too sure.",
    hasTarget: true,
    isSourceFree: false,
    hasImportanceWeights: false,
    follows: null,
    cropsPerStep: ({ batchSize }) => ({ source: batchSize, target: batchSize }),
    steps: ownEpochs,
  },
  "crots-baseline": {
    title: "CROTS: pseudo-labels",
    stepTitle: "Pseudo-labels",
    description:
      "Adapts without the source: learns what a model of the source, or somebody else's predictions, say of target images.",
    hasTarget: true,
    isSourceFree: true,
    hasImportanceWeights: false,
    follows: null,
    cropsPerStep: ({ trainBatchSize }) => ({ source: 0, target: trainBatchSize }),
    steps: wholeTargetBatches,
  },
  crots: {
    title: "CROTS: mixing",
    stepTitle: "Mixing",
    description:
      "Goes on without the source: a student learns mixed target images that its moving average labels, and patches of rare classes.",
    hasTarget: true,
    isSourceFree: true,
    hasImportanceWeights: false,
    follows: "crots-baseline",
    cropsPerStep: ({ trainBatchSize }) => ({ source: 0, target: trainBatchSize }),
    steps: wholeTargetBatches,
  },
};

export function traitsOf({ method }: Pick<TrainingConfig, "method">): MethodTraits {
  // The table pairs each name with its own type; TypeScript does not follow a pair through a union.
  return METHOD_TRAITS[method] as MethodTraits;
}

/** The one that begins with this method's checkpoint; null where there is none. */
export function followerOf(method: TrainingMethodName): TrainingMethodName | null {
  return TRAINING_METHOD_NAMES.find((name) => traitsOf({ method: name }).follows === method) ?? null;
}

/** The methods that are steps of one sequence, from its beginning; this one alone where it stands alone. */
export function sequenceOf(method: TrainingMethodName): readonly TrainingMethodName[] {
  const sequence = [method];
  for (let first = traitsOf({ method }).follows; first !== null; first = traitsOf({ method: first }).follows) {
    sequence.unshift(first);
  }
  for (let next = followerOf(method); next !== null; next = followerOf(next)) sequence.push(next);
  return sequence;
}
