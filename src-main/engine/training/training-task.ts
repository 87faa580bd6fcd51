// What a training run is given, what it may be told while it runs, and what comes out.
import type { TrainingConfig } from "../../../src-shared/contract/training/training-config.ts";
import type { TrainingListener } from "../../../src-shared/contract/training/training-events.ts";
import type { BestScore } from "../../../src-shared/contract/training/variant-score.ts";
import type { LabelledImages } from "../datasets/labelled-images.ts";
import type { Runtime } from "../runtimes/runtime.ts";
import type { PauseSwitch } from "./pause-switch.ts";
import type { RoleImages } from "./samples/read-samples.ts";
import type { SampleReader } from "./samples/sample.ts";
import type { ClassPixels, ClassShares, GivenWeights, TrainingMethod } from "./training-method.ts";
import type { EpochRow } from "./training-progress.ts";
import type { TrainingState, TrainingStore } from "./training-store.ts";

export interface TrainingTask<C extends TrainingConfig = TrainingConfig> {
  readonly runtime: Runtime;
  readonly method: TrainingMethod<C>;
  readonly config: C;
  readonly data: RoleImages;
  /** Labelled images of other scenes, by which the best epoch is chosen; without them the last one is. */
  readonly validationData?: LabelledImages;
  /** See `TrainingImages`. */
  readonly targetShares?: readonly ClassShares[];
  readonly sourcePixels?: readonly ClassPixels[];
  /** The weights to begin with; from scratch where there are none. */
  readonly given?: GivenWeights;
  /** Gives the samples of `data`; without it they are made in this thread. The caller disposes of it. */
  readonly reader?: SampleReader;
}

export interface TrainingOptions {
  readonly onEvent?: TrainingListener;
  /** Hears, in a sentence, of files that are left out and of what label files hold that is of no class. */
  readonly onNotice?: (message: string) => void;
  readonly signal?: AbortSignal;
  /** Holds the run between two steps. */
  readonly pause?: PauseSwitch;
  /** Where checkpoints and the state to go on from are kept. */
  readonly store?: TrainingStore;
  /** The state of the run to go on with, of the same configuration and data. */
  readonly resumed?: TrainingState;
}

export interface TrainingResult {
  /** Of the whole run. */
  readonly steps: number;
  /** The best weights of all; null where no validation gave a score, and the last ones are the result. */
  readonly best: BestScore | null;
  /** The best of each variant. */
  readonly bests: readonly BestScore[];
  readonly epochs: readonly EpochRow[];
  /** Since this start. */
  readonly imagesPerSecond: number;
  /** Share of the steps' time in which nothing was computed because images were not there yet, 0..1. */
  readonly waitShare: number;
}
