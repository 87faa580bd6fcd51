// The seam between the training house and its methods: what a method says of itself, and what the house gives it.
import type { z } from "zod";
import type { LoopConfig } from "../../../src-shared/contract/training/loop-config.ts";
import type { TrainingConfig } from "../../../src-shared/contract/training/training-config.ts";
import type { Metrics } from "../../../src-shared/contract/training/training-events.ts";
import type { Variant } from "../../../src-shared/contract/training/variant-score.ts";
import type { StateDict } from "../checkpoints/state-dict.ts";
import type { LabelledImage } from "../datasets/labelled-images.ts";
import type { Graph } from "../graph/graph.ts";
import type { LabelMap, RgbImage } from "../images/rgb-image.ts";
import type { SegmentationModel } from "../methods/shared/segmentation-model.ts";
import type { ConfusionMatrix } from "../metrics/confusion-matrix.ts";
import type { Architecture } from "../models/architecture.ts";
import type { TrainingSnapshot } from "../models/training-snapshot.ts";
import type { NamedTensors, Runtime } from "../runtimes/runtime.ts";
import type { NetworkSpec, NetworkState } from "./network-state.ts";
import type { Batch, SampleMaker } from "./samples/sample.ts";
import type { Sampler } from "./samples/sampler.ts";

export type { Metrics };

/** A method of training: plain functions of its configuration, and the steps. */
export interface TrainingMethod<C extends LoopConfig = TrainingConfig> {
  readonly name: C["method"];
  /** With its defaults: the configuration of a run, whoever asks for it, has been through it. */
  readonly config: z.ZodType<C, unknown>;
  /** Whether images of a second domain, without labels, belong to it. */
  readonly hasTarget: boolean;
  /** Whether no source is asked for: labelled images, the house's "source", are then made of the target's. */
  readonly isSourceFree?: boolean;
  /**
   * The networks by name, the main one first.
   *
   * @param given  the file to begin with; null: from scratch
   * @throws AppError `checkpoint.mismatch` for a file that does not fit, `input.option` for what can't be trained
   */
  networks(config: C, given: GivenWeights | null): Readonly<Record<string, NetworkSpec>>;
  /**
   * Which images meet in a step, and how many steps there are.
   *
   * @throws AppError `input.option` for images that the steps can't be made of
   */
  samples(config: C, images: TrainingImages): SamplePlan;
  /**
   * What makes samples of a stream of `samples`. It runs on reading threads, too, where it is looked up by the method's name.
   *
   * @param settings  those of the stream
   */
  sampleMaker(settings: unknown): SampleMaker;
  /** What validation predicts in place of an image; the image itself unless it is given. */
  validationView?(config: C): (image: LabelledImage) => LabelledImage;
  /** What validation makes of the counts of all images, 0..1; the mean IoU over the classes that occur unless it is given. */
  validationScore?(config: C): (confusion: ConfusionMatrix) => number;
  /** Makes ready for steps. Weights and running statistics are on the runtime; the method adds slots and programs. */
  open(environment: StepEnvironment<C>): Promise<StepRunner>;
  /** What a step has to compute, for estimates; absent: nobody can say before it runs. */
  work?(config: C): StepWork;
  /** Makes what an earlier version kept as progress into today's; see `trainingProgressSchema`. */
  upgradeProgress?(progress: unknown): unknown;
}

/** A step as it is before anything runs: its graphs, built to be counted. */
export interface StepWork {
  /** Of the network that learns. */
  readonly architecture: Architecture;
  /** The passes of a step, and how often each; what takes no time beside them is left out. */
  readonly passes: readonly { readonly graph: Graph; readonly times: number }[];
  /** Numbers that the optimizer keeps of each parameter. */
  readonly slots: number;
  /** Networks of the same size beside the one that learns. */
  readonly others: number;
  /** Images that are read for a step, and all numbers that are made of them. */
  readonly images: number;
  readonly numbers: number;
  /** Variants that a validation predicts each image by. */
  readonly variants: number;
  /** Of what validation predicts in place of an image; null: the image itself. */
  readonly validatedSize: { readonly width: number; readonly height: number } | null;
}

/** A checkpoint or an ImageNet file. */
export interface GivenWeights {
  readonly stateDict: StateDict;
  /** The optimizer's, by the key of its parameter; absent or empty where the file has none. */
  readonly momentum?: StateDict;
  /** What else a snapshot of a training holds: its teacher, and the class prior. */
  readonly training?: TrainingSnapshot;
  /** For messages. */
  readonly path: string;
}

/** "source": labelled images, whatever domain they are from; "target": images of the domain to adapt to. */
export type DataRole = "source" | "target";

/** Of every data set that the run has. */
export type ImageCounts = Readonly<{ source: number; target?: number }>;

/** What of the images decides which of them meet. */
export interface TrainingImages extends ImageCounts {
  /** Of each target image, by train id, the share of all pixels of a class that it has; absent: nobody knows. */
  readonly targetShares?: readonly ClassShares[];
  /** Of each source image, by train id, its pixels of a class; absent: the method does not ask. */
  readonly sourcePixels?: readonly ClassPixels[];
}
export type ClassShares = ReadonlyMap<number, number>;
export type ClassPixels = ReadonlyMap<number, number>;

export interface SamplePlan {
  /** Of the whole run. */
  readonly steps: number;
  /** An epoch is so many steps, whatever decides that; the last one may be shorter. */
  readonly stepsPerEpoch: number;
  /** By name: planes of "source" come as "source.image" and so on. */
  readonly streams: Readonly<Record<string, SampleStream>>;
}

export interface SampleStream {
  readonly data: DataRole;
  readonly sampler: Sampler;
  /** Plain data for `sampleMaker`. */
  readonly settings: unknown;
}

export interface StepEnvironment<C> {
  readonly config: C;
  readonly runtime: Runtime;
  readonly networks: NetworkState;
  /** Of the whole run. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
  /** What `state` gave when the run that goes on was kept; null at its beginning. */
  readonly state: MethodState | null;
}

/** Numbers by name, kept as they are; whatever is large is a buffer of a network. */
export type MethodState = Readonly<Record<string, readonly number[]>>;

/** Where a step is in the run. */
export interface StepAt {
  /** From 0, over all epochs. */
  readonly index: number;
  /** From 0. */
  readonly epoch: number;
  /** From 0, within the epoch. */
  readonly indexInEpoch: number;
  /** Whoever asks to stop is heard between two programs of a step at the latest. */
  readonly signal: AbortSignal | undefined;
}

export interface StepRunner {
  /**
   * One update. It may run several programs; when it throws, the networks are as they were before it. Everything random in
   * it follows from the seed, the step and a purpose.
   *
   * @returns the loss and what else is followed, all finite; null where the batch had nothing to learn from
   */
  step(batch: Batch, at: StepAt): Promise<Metrics | null>;
  /** The variants to validate, as the weights are now: at least one. */
  evaluations(): readonly EvaluatedVariant[];
  /** The one to show and to write where no validation has chosen any. */
  unscored(): EvaluatedVariant;
  /** What going on needs besides the networks. */
  state(): MethodState;
  /**
   * Pictures to look at.
   *
   * @param image   always the same one, so that progress shows
   * @param chosen  the best variant so far
   */
  previews(image: RgbImage, chosen: EvaluatedVariant): Promise<readonly Preview[]>;
  dispose(): Promise<void>;
}

/** Weights that can be predicted with, validated and kept. */
export interface EvaluatedVariant extends Variant {
  /** Whether its score decides which weights are the best; those of others are only followed. */
  readonly isCandidate: boolean;
  readonly model: SegmentationModel;
  /** For an evaluation pass of the model; the method's, not to be disposed of. */
  readonly weights: NamedTensors;
  /** A copy, in the order of the architecture's keys, as a checkpoint has them. */
  stateDict(): Promise<StateDict>;
}

export interface Preview {
  /** "prediction", "pseudo-label" */
  readonly name: string;
  readonly labels: LabelMap;
  /** What the labels are of where it is not the image, in the same size. */
  readonly picture?: RgbImage;
}
