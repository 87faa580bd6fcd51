// Steps of CROTS's stage 1: cross-entropy on the pseudo-labels of target images.
import type { CrotsBaselineConfig } from "../../../../src-shared/contract/training/crots.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import type { Network } from "../../training/network-state.ts";
import type { Batch } from "../../training/samples/sample.ts";
import type {
  EvaluatedVariant,
  MethodState,
  Metrics,
  Preview,
  StepAt,
  StepEnvironment,
  StepRunner,
} from "../../training/training-method.ts";
import { predictOne } from "../../training/validate.ts";
import { planeOf } from "../shared/batch-planes.ts";
import { SegmentationModel } from "../shared/segmentation-model.ts";
import { Learning } from "./learning.ts";
import { labelledPreview } from "./previews.ts";
import { hasLabels, variantOf } from "./variants.ts";

/** The name of the network that learns. */
export const STUDENT = "student";

export class CrotsBaselineRunner implements StepRunner {
  readonly #config: CrotsBaselineConfig;
  readonly #student: Network;
  readonly #model: SegmentationModel;
  readonly #learning: Learning;
  /** Steps that learnt: normalisation counts them, and Adam. */
  #updates: number;
  #last: Batch | null = null;

  constructor({ config, runtime, networks, state }: StepEnvironment<CrotsBaselineConfig>) {
    this.#config = config;
    this.#student = networks.network(STUDENT);
    this.#model = new SegmentationModel(runtime, this.#student.architecture, new Map());
    this.#learning = new Learning(runtime, this.#student, config);
    [this.#updates = 0] = state?.updates ?? [];
  }

  /** Source: spec "6. Step 2". */
  async step(batch: Batch, { epoch }: StepAt): Promise<Metrics | null> {
    const [image, labels] = [planeOf(batch, "source.image"), planeOf(batch, "source.labels")];
    if (!hasLabels(labels, this.#config.numClasses)) return null;
    const learningRate = this.#learning.rateOf(epoch);
    try {
      const loss = await this.#learning.learn({ image, labels, weight: 1 });
      await this.#learning.update(this.#updates, learningRate);
      this.#updates += 1;
      this.#last = batch;
      return { loss, learningRate };
    } finally {
      this.#learning.forget();
    }
  }

  evaluations(): readonly EvaluatedVariant[] {
    return [this.unscored()];
  }

  unscored(): EvaluatedVariant {
    return variantOf(STUDENT, this.#student, this.#model, this.#updates);
  }

  state(): MethodState {
    return { updates: [this.#updates] };
  }

  async previews(image: RgbImage, chosen: EvaluatedVariant): Promise<readonly Preview[]> {
    const prediction = { name: "prediction", labels: await predictOne(chosen, image) };
    return [prediction, ...(this.#last === null ? [] : [labelledPreview("pseudo-labels", this.#last, "source")])];
  }

  async dispose(): Promise<void> {
    await this.#learning.dispose();
    await this.#model.dispose();
  }
}
