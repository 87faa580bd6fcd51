// Steps of DA-SAC's baseline: an update by labelled source images, then target images that only move the running statistics.
import type { DaSacBaselineConfig } from "../../../../src-shared/contract/training/da-sac.ts";
import { joinMomentum, VELOCITY_PREFIX } from "../../checkpoints/momentum.ts";
import type { StateDict, StateTensor } from "../../checkpoints/state-dict.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import type { NamedTensors } from "../../runtimes/runtime.ts";
import { checkpointOf, type Network } from "../../training/network-state.ts";
import type { Optimizer } from "../../training/optimizers/optimizer.ts";
import { sgd } from "../../training/optimizers/sgd.ts";
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
import { stopIfCancelled } from "../shared/cancellation.ts";
import { takeNumber } from "../shared/outputs.ts";
import { SegmentationModel } from "../shared/segmentation-model.ts";
import { StepPrograms } from "../shared/step-programs.ts";
import { type MasksOfPass, seededPasses } from "./dropout-passes.ts";
import { daSacGroups } from "./parameter-groups.ts";
import { sourceGraph, targetStatisticsGraph } from "./step-graphs.ts";

/** The name of the network that learns. */
export const STUDENT = "student";

export class BaselineStepRunner implements StepRunner {
  readonly #config: DaSacBaselineConfig;
  readonly #network: Network;
  readonly #model: SegmentationModel;
  readonly #optimizer: Optimizer;
  readonly #programs: StepPrograms;
  readonly #masks: MasksOfPass;
  /** In training mode, of source and target: normalisation layers count them, and dropout masks follow from them. */
  #passes: number;

  constructor({ config, runtime, networks, state }: StepEnvironment<DaSacBaselineConfig>, masks?: MasksOfPass) {
    this.#config = config;
    this.#network = networks.network(STUDENT);
    this.#model = new SegmentationModel(runtime, this.#network.architecture, new Map());
    this.#optimizer = sgd(config.momentum, daSacGroups(this.#network.architecture, config.weightDecay));
    this.#programs = new StepPrograms(runtime);
    this.#masks = masks ?? seededPasses(config.seed);
    [this.#passes = 0] = state?.passes ?? [];
  }

  async step(batch: Batch, { index, signal }: StepAt): Promise<Metrics> {
    const passes = this.#passes;
    const loss = await this.#learnFrom(batch, index, passes);
    stopIfCancelled(signal);
    await this.#lookAt(batch, passes + 1);
    this.#passes = passes + 2;
    return { loss, learningRate: this.#config.baseLr };
  }

  evaluations(): readonly EvaluatedVariant[] {
    return [this.unscored()];
  }

  unscored(): EvaluatedVariant {
    const { architecture, tensors } = this.#network;
    return {
      name: STUDENT,
      value: null,
      isCandidate: true,
      model: this.#model,
      weights: tensors,
      stateDict: async () => {
        const stateDict = await checkpointOf(architecture, tensors, this.#passes);
        return joinMomentum({ stateDict, momentum: await velocitiesOf(tensors) });
      },
    };
  }

  state(): MethodState {
    return { passes: [this.#passes] };
  }

  async previews(image: RgbImage, chosen: EvaluatedVariant): Promise<readonly Preview[]> {
    return [{ name: "prediction", labels: await predictOne(chosen, image) }];
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
    await this.#model.dispose();
  }

  /** The update. @returns the loss */
  async #learnFrom(batch: Batch, index: number, pass: number): Promise<number> {
    const { cropSize, baseLr } = this.#config;
    const { architecture } = this.#network;
    const [image, labels] = [planeOf(batch, "source.image"), planeOf(batch, "source.labels")];
    const images = image.shape[0] ?? 0;
    const outputs = await this.#programs.runOn(
      this.#network,
      this.#optimizer,
      `source ${images}`,
      () => sourceGraph(architecture, { images, size: cropSize }, "batch", this.#optimizer, "update"),
      {
        tensors: new Map(),
        planes: { image, labels },
        scalars: this.#optimizer.scalars(baseLr, index),
        masks: this.#masks(pass),
      },
    );
    return takeNumber(outputs, "loss");
  }

  async #lookAt(batch: Batch, pass: number): Promise<void> {
    const { architecture } = this.#network;
    const image = planeOf(batch, "target.image");
    const images = image.shape[0] ?? 0;
    await this.#programs.runOn(
      this.#network,
      this.#optimizer,
      `target ${images}`,
      () => targetStatisticsGraph(architecture, { images, size: this.#config.cropSize }),
      { tensors: new Map(), planes: { image }, masks: this.#masks(pass) },
    );
  }
}

/** A copy, for the consistency step to go on from. Source: spec "10. Snapshots", loading for training. */
async function velocitiesOf(tensors: NamedTensors): Promise<StateDict> {
  const velocities = new Map<string, StateTensor>();
  for (const [name, tensor] of tensors) {
    if (!name.startsWith(VELOCITY_PREFIX)) continue;
    const data = Float32Array.from(await tensor.read());
    velocities.set(name.slice(VELOCITY_PREFIX.length), { dtype: "float32", shape: tensor.shape, data });
  }
  return velocities;
}
