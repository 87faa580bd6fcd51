// The weights of a training run: start as the model's, change step by step, and never touch the model's own.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import type { TrainingConfig } from "../../../../src-shared/contract/training-config.ts";
import { elementCount, type StateDict, type StateTensor, toFloat32 } from "../../checkpoints/state-dict.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Shape } from "../../graph/types.ts";
import { mixSeeds } from "../../random.ts";
import type { DeviceTensor, NamedTensors } from "../../runtimes/runtime.ts";
import { stopIfCancelled } from "../shared/cancellation.ts";
import { type DropoutMasks, seededMasks, uploadMasks } from "../shared/dropout-masks.ts";
import { outputOf, type SegmentationModel } from "../shared/segmentation-model.ts";
import { VELOCITY_PREFIX } from "../shared/sgd-update.ts";
import type { TrainingBatch } from "./training-batch.ts";
import {
  AVERAGE_PREFIX,
  GRADIENT_PREFIX,
  type TrainingGraph,
  type TrainingSettings,
  trainingGraph,
} from "./training-graph.ts";

/** Parameters of the update, in the names of the original options. */
export type UpdateConfig = Pick<
  TrainingConfig,
  "momentum" | "weightDecay" | "dropout" | "auxWeight" | "ema" | "seed" | "cropSize"
>;

/** Random stream of the dropout masks; those of order and augmentation are in training-batch.ts. */
const DROPOUT_STREAM = 3;

/** What has happened to the weights so far. */
export interface UpdateCounts {
  readonly updates: number;
  /** Normalisation layers count them: a step of several parts has several. */
  readonly passes: number;
}

export class TrainedWeights {
  readonly #model: SegmentationModel;
  readonly #config: UpdateConfig;
  readonly #graphs = new Map<string, TrainingGraph>();
  /** Parameters, running statistics, velocities, averages, and within a step summed gradients, by name. */
  readonly #state = new Map<string, DeviceTensor>();
  /** What the parts of the step under way have replaced, as it was before it: null where there was nothing. */
  readonly #before = new Map<string, DeviceTensor | null>();
  #counts: UpdateCounts;

  /**
   * @param start   what goes beyond the model's weights or replaces them: the auxiliary head, or all of `snapshot`
   * @param counts  those of the run that goes on
   */
  constructor(
    model: SegmentationModel,
    config: UpdateConfig,
    start: StateDict = new Map(),
    { updates, passes }: UpdateCounts = { updates: 0, passes: 0 },
  ) {
    this.#model = model;
    this.#config = config;
    this.#counts = { updates, passes };
    for (const [name, tensor] of start) {
      this.#state.set(name, model.runtime.upload(Float32Array.from(toFloat32(tensor)), tensor.shape));
    }
  }

  get counts(): UpdateCounts {
    return this.#counts;
  }

  /** All weights and running statistics by key, and what else training keeps. */
  get tensors(): NamedTensors {
    return new Map([...this.#model.base, ...this.#state]);
  }

  /** For an evaluation pass: the same, with the moving averages in the weights' places where there are any. */
  get evaluated(): NamedTensors {
    const averages = [...this.#state].filter(([name]) => name.startsWith(AVERAGE_PREFIX));
    return new Map([
      ...this.tensors,
      ...averages.map(([name, tensor]) => [name.slice(AVERAGE_PREFIX.length), tensor] as const),
    ]);
  }

  /**
   * One step over the labelled pixels of all parts together; normalisation sees each part by itself.
   *
   * @param parts  each with labelled pixels; usually one
   * @returns      the loss, that of the weights before the step
   * @throws CancelledError between two parts; everything is then as before the step
   */
  async step(parts: readonly TrainingBatch[], learningRate: number, signal?: AbortSignal): Promise<number> {
    const before = this.#counts;
    try {
      return await this.#allParts(parts, learningRate, signal);
    } catch (error) {
      this.#takeBack();
      this.#counts = before;
      throw error;
    }
  }

  async #allParts(parts: readonly TrainingBatch[], learningRate: number, signal?: AbortSignal): Promise<number> {
    const labelled = parts.reduce((sum, { labelledPixels }) => sum + labelledPixels, 0);
    let loss = 0;
    for (const [index, part] of parts.entries()) {
      stopIfCancelled(signal);
      const settings: TrainingSettings = {
        ...this.#settings,
        isPart: parts.length > 1,
        addsGradients: index > 0,
        result: index === parts.length - 1 ? "update" : "gradients",
      };
      const scalars = this.#scalars(learningRate, part.labelledPixels / labelled);
      loss += await this.#pass(part, settings, scalars);
    }
    this.#drop(GRADIENT_PREFIX);
    this.#forgetBefore();
    this.#counts = { ...this.#counts, updates: this.#counts.updates + 1 };
    return loss;
  }

  /** A copy as a state dict, in the order of the architecture's keys; the averages where there are any. */
  async stateDict(): Promise<StateDict> {
    const { evaluated } = this;
    const copies = new Map<string, StateTensor>();
    for (const [key, shape] of this.#model.architecture.keys) {
      const tensor = evaluated.get(key);
      if (tensor === undefined) throw new BugError(`the trained weights have no "${key}"`);
      copies.set(key, await this.#copied(key, tensor, shape));
    }
    return copies;
  }

  /** A copy of all that differs from the model's weights, for a run that goes on from here. */
  async snapshot(): Promise<StateDict> {
    const copies = new Map<string, StateTensor>();
    for (const [name, tensor] of this.#state) {
      const data = await copyOf(tensor);
      copies.set(name, { dtype: "float32", shape: tensor.shape, data });
    }
    return copies;
  }

  dispose(): void {
    this.#forgetBefore();
    for (const tensor of this.#state.values()) tensor.dispose();
  }

  get #settings() {
    const { momentum, weightDecay, dropout, auxWeight, ema } = this.#config;
    return {
      hasMomentum: momentum > 0,
      hasWeightDecay: weightDecay > 0,
      places: dropout ? ("everyRelu" as const) : ("ownLayers" as const),
      auxWeight,
      hasAverage: ema > 0,
    };
  }

  #scalars(learningRate: number, share: number): ReadonlyMap<string, number> {
    const { momentum, weightDecay, ema } = this.#config;
    // The first averages would hang on to the initial weights: as in TensorFlow's moving average, the decay grows into its own.
    const { updates } = this.#counts;
    const emaDecay = Math.min(ema, (1 + updates) / (10 + updates));
    return new Map(Object.entries({ learningRate, momentum, weightDecay, share, emaDecay }));
  }

  async #pass(part: TrainingBatch, settings: TrainingSettings, scalars: ReadonlyMap<string, number>): Promise<number> {
    const { runtime, programs } = this.#model;
    const { cropSize } = this.#config;
    const key = `train ${part.size} ${cropSize} ${JSON.stringify(settings)}`;
    const { graph, masks } = this.#graph(key, part.size, settings);
    const program = await programs.get(key, () => graph);
    await this.#start(graph);
    const given = new Map<string, DeviceTensor>([
      ["image", runtime.upload(part.images, [part.size, 3, ...cropSize])],
      ["labels", runtime.upload(part.labels, [part.size, 1, ...cropSize])],
      ...[...scalars].map(([name, value]) => [name, runtime.upload(Float32Array.of(value), [])] as const),
      ...uploadMasks(runtime, masks, this.#masks(), 0),
    ]);
    const outputs = await program.run(new Map([...this.tensors, ...given]));
    const [loss] = await outputOf(outputs, "loss").read();
    for (const tensor of [...given.values(), outputOf(outputs, "loss")]) tensor.dispose();
    outputs.delete("loss");
    for (const [name, tensor] of outputs) {
      this.#replace(name, tensor, settings.result === "gradients");
    }
    this.#counts = { ...this.#counts, passes: this.#counts.passes + 1 };
    return loss ?? Number.NaN;
  }

  /** @param mayGoBack  whether the step may still be given up: then what it began with is needed again */
  #replace(name: string, tensor: DeviceTensor, mayGoBack: boolean): void {
    const old = this.#state.get(name);
    this.#state.set(name, tensor);
    if (mayGoBack && !name.startsWith(GRADIENT_PREFIX) && !this.#before.has(name)) this.#before.set(name, old ?? null);
    else old?.dispose();
  }

  #forgetBefore(): void {
    for (const tensor of this.#before.values()) tensor?.dispose();
    this.#before.clear();
  }

  #takeBack(): void {
    this.#drop(GRADIENT_PREFIX);
    for (const [name, tensor] of this.#before) {
      this.#state.get(name)?.dispose();
      if (tensor === null) this.#state.delete(name);
      else this.#state.set(name, tensor);
    }
    this.#before.clear();
  }

  /** Of this pass. */
  #masks(): DropoutMasks {
    return seededMasks(mixSeeds(this.#config.seed, DROPOUT_STREAM, this.#counts.passes));
  }

  #graph(key: string, size: number, settings: TrainingSettings): TrainingGraph {
    const known = this.#graphs.get(key);
    if (known !== undefined) return known;
    const built = trainingGraph(this.#model.architecture, size, this.#config.cropSize, settings);
    this.#graphs.set(key, built);
    return built;
  }

  /** Velocities start at 0, averages as the weights. */
  async #start({ inputs }: Graph): Promise<void> {
    const { tensors } = this;
    for (const [name, { shape }] of inputs) {
      if (this.#state.has(name)) continue;
      const averaged = name.startsWith(AVERAGE_PREFIX) ? tensors.get(name.slice(AVERAGE_PREFIX.length)) : undefined;
      const isNew = averaged !== undefined || name.startsWith(VELOCITY_PREFIX);
      if (!isNew) continue;
      const data = averaged === undefined ? new Float32Array(elementCount(shape)) : await copyOf(averaged);
      this.#state.set(name, this.#model.runtime.upload(data, shape));
    }
  }

  #drop(prefix: string): void {
    for (const [name, tensor] of this.#state) {
      if (!name.startsWith(prefix)) continue;
      tensor.dispose();
      this.#state.delete(name);
    }
  }

  async #copied(key: string, tensor: DeviceTensor, shape: Shape): Promise<StateTensor> {
    const data = await copyOf(tensor);
    if (!key.endsWith(".num_batches_tracked")) return { dtype: "float32", shape, data };
    return { dtype: "int64", shape, data: BigInt64Array.of(BigInt((data[0] ?? 0) + this.#counts.passes)) };
  }
}

async function copyOf(tensor: DeviceTensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.read());
}
