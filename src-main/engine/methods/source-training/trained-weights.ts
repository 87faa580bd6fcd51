// The weights of a training run: start as the model's, change step by step, and never touch the model's own.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import type { TrainingConfig } from "../../../../src-shared/contract/training-config.ts";
import { elementCount, type StateDict, type StateTensor } from "../../checkpoints/state-dict.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Shape } from "../../graph/types.ts";
import type { DeviceTensor, NamedTensors } from "../../runtimes/runtime.ts";
import { outputOf, type SegmentationModel } from "../shared/segmentation-model.ts";
import { VELOCITY_PREFIX } from "../shared/sgd-update.ts";
import type { TrainingBatch } from "./training-batch.ts";
import { trainingGraph } from "./training-graph.ts";

/** Parameters of the update, in the names of the original options. */
export type SgdConfig = Pick<TrainingConfig, "momentum" | "weightDecay">;

export class TrainedWeights {
  readonly #model: SegmentationModel;
  readonly #config: SgdConfig;
  /** Parameters, running statistics and velocities after the last step. */
  #state = new Map<string, DeviceTensor>();
  #steps = 0;

  constructor(model: SegmentationModel, config: SgdConfig) {
    this.#model = model;
    this.#config = config;
  }

  /** All weights, running statistics and velocities by key, for an evaluation pass. */
  get tensors(): NamedTensors {
    return new Map([...this.#model.base, ...this.#state]);
  }

  /** One step; returns its loss, that of the weights before the step. */
  async step(batch: TrainingBatch, size: readonly [number, number], learningRate: number): Promise<number> {
    const { momentum, weightDecay } = this.#config;
    const settings = { hasMomentum: momentum > 0, hasWeightDecay: weightDecay > 0 };
    const key = `train ${batch.size} ${size} ${JSON.stringify(settings)}`;
    const graph = () => trainingGraph(this.#model.architecture, batch.size, size, settings);
    const program = await this.#model.programs.get(key, graph);
    if (this.#steps === 0 && settings.hasMomentum) this.#startVelocities(graph());
    const { runtime } = this.#model;
    const given = new Map([
      ["image", runtime.upload(batch.images, [batch.size, 3, ...size])],
      ["labels", runtime.upload(batch.labels, [batch.size, 1, ...size])],
      ["learningRate", runtime.upload(Float32Array.of(learningRate), [])],
      ["momentum", runtime.upload(Float32Array.of(momentum), [])],
      ["weightDecay", runtime.upload(Float32Array.of(weightDecay), [])],
    ]);
    const outputs = await program.run(new Map([...this.tensors, ...given]));
    const [loss] = await outputOf(outputs, "loss").read();
    for (const tensor of [...given.values(), outputOf(outputs, "loss")]) tensor.dispose();
    outputs.delete("loss");
    for (const tensor of this.#state.values()) tensor.dispose();
    this.#state = outputs;
    this.#steps += 1;
    return loss ?? Number.NaN;
  }

  /** A copy as a state dict, in the order of the architecture's keys. */
  async stateDict(): Promise<StateDict> {
    const { tensors } = this;
    const copies = new Map<string, StateTensor>();
    for (const [key, shape] of this.#model.architecture.keys) {
      const tensor = tensors.get(key);
      if (tensor === undefined) throw new BugError(`the trained weights have no "${key}"`);
      const data = Float32Array.from(await tensor.read());
      const isCount = key.endsWith(".num_batches_tracked");
      copies.set(key, isCount ? this.#countAfter(data, shape) : { dtype: "float32", shape, data });
    }
    return copies;
  }

  dispose(): void {
    for (const tensor of this.#state.values()) tensor.dispose();
  }

  /** Each layer counts the training passes it has seen. */
  #countAfter([before = 0]: Float32Array, shape: Shape): StateTensor {
    return { dtype: "int64", shape, data: BigInt64Array.of(BigInt(before + this.#steps)) };
  }

  #startVelocities({ inputs }: Graph): void {
    for (const [name, { shape }] of inputs) {
      if (!name.startsWith(VELOCITY_PREFIX)) continue;
      this.#state.set(name, this.#model.runtime.upload(new Float32Array(elementCount(shape)), shape));
    }
  }
}
