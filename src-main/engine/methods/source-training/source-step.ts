// The steps of source training: the parts of a batch pass through the network, and the last one updates the weights.
import type { SourceTrainingConfig } from "../../../../src-shared/contract/training/source-training.ts";
import type { Graph } from "../../graph/graph.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import { mixSeeds } from "../../random.ts";
import type { DeviceTensor, NamedTensors } from "../../runtimes/runtime.ts";
import type { Network } from "../../training/network-state.ts";
import { checkpointOf } from "../../training/network-state.ts";
import type { Optimizer } from "../../training/optimizers/optimizer.ts";
import type { Schedule } from "../../training/optimizers/schedules.ts";
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
import { stopIfCancelled } from "../shared/cancellation.ts";
import { type DropoutMasks, seededMasks, uploadMasks } from "../shared/dropout-masks.ts";
import { outputOf, SegmentationModel } from "../shared/segmentation-model.ts";
import { alphaGrid, initialAlpha } from "./alpha-grid.ts";
import { AlphaVariants } from "./alpha-variants.ts";
import { type BatchPart, partsOf } from "./batch-parts.ts";
import { optimizerOf, scheduleOf } from "./optimizer.ts";
import {
  AVERAGE_PREFIX,
  GRADIENT_PREFIX,
  type TrainingGraph,
  type TrainingSettings,
  trainingGraph,
} from "./training-graph.ts";

/** The name of the one network. */
export const NETWORK = "network";
/** Random stream of the dropout masks; those of samplers and samples are others. */
const DROPOUT_STREAM = 3;

/** What has happened to the weights so far. */
interface UpdateCounts {
  /** Fewer than steps where images had no labels. */
  readonly updates: number;
  /** Normalisation layers count them: a step of several parts has several. */
  readonly passes: number;
}

export class SourceStepRunner implements StepRunner {
  readonly #config: SourceTrainingConfig;
  readonly #network: Network;
  readonly #model: SegmentationModel;
  readonly #optimizer: Optimizer;
  readonly #schedule: Schedule;
  readonly #variants: AlphaVariants;
  readonly #graphs = new Map<string, TrainingGraph>();
  #counts: UpdateCounts;

  constructor({ config, runtime, networks, steps, state }: StepEnvironment<SourceTrainingConfig>) {
    this.#config = config;
    this.#network = networks.network(NETWORK);
    const alphas = alphaGrid(config, this.#network.architecture);
    // With any alpha above 0 in the grid, evaluation passes mix the image's own statistics in.
    this.#model = new SegmentationModel(runtime, this.#network.architecture, new Map(), Math.max(...alphas));
    this.#optimizer = optimizerOf(config);
    this.#schedule = scheduleOf(config, steps);
    this.#variants = new AlphaVariants({
      model: this.#model,
      alphas,
      initial: initialAlpha(config),
      weights: () => this.#evaluated,
      checkpoint: () => checkpointOf(this.#network.architecture, this.#evaluated, this.#counts.passes),
    });
    const [updates = 0] = state?.updates ?? [];
    const [passes = 0] = state?.passes ?? [];
    this.#counts = { updates, passes };
  }

  /** One step over the labelled pixels of all parts together; normalisation sees each part by itself. */
  async step(batch: Batch, { index, signal }: StepAt): Promise<Metrics | null> {
    const { batchSize, microBatchSize, numClasses, baseLr } = this.#config;
    // Crops without a single labelled pixel have no loss (0 / 0), so there is nothing to learn from them.
    const parts = partsOf(batch, microBatchSize ?? batchSize, numClasses).filter(
      ({ labelledPixels }) => labelledPixels > 0,
    );
    if (parts.length === 0) return null;
    const learningRate = baseLr * this.#schedule(index);
    return { loss: await this.#allParts(parts, learningRate, signal), learningRate };
  }

  evaluations(): readonly EvaluatedVariant[] {
    return this.#variants.grid();
  }

  unscored(): EvaluatedVariant {
    return this.#variants.initial();
  }

  state(): MethodState {
    const { updates, passes } = this.#counts;
    return { updates: [updates], passes: [passes] };
  }

  async previews(image: RgbImage, chosen: EvaluatedVariant): Promise<readonly Preview[]> {
    return [{ name: "prediction", labels: await predictOne(chosen, image) }];
  }

  async dispose(): Promise<void> {
    this.#variants.dispose();
    await this.#model.dispose();
  }

  /** For an evaluation pass: the weights, with the moving averages in their places where there are any. */
  get #evaluated(): NamedTensors {
    const { tensors } = this.#network;
    const averages = [...tensors].filter(([name]) => name.startsWith(AVERAGE_PREFIX));
    return new Map([
      ...tensors,
      ...averages.map(([name, tensor]) => [name.slice(AVERAGE_PREFIX.length), tensor] as const),
    ]);
  }

  async #allParts(parts: readonly BatchPart[], learningRate: number, signal: AbortSignal | undefined): Promise<number> {
    const labelled = parts.reduce((sum, { labelledPixels }) => sum + labelledPixels, 0);
    const { updates, passes } = this.#counts;
    const scalars = this.#optimizer.scalars(learningRate, updates);
    let summed: NamedTensors = new Map();
    let loss = 0;
    try {
      for (const [index, part] of parts.entries()) {
        stopIfCancelled(signal);
        const settings: TrainingSettings = {
          ...this.#settings,
          isPart: parts.length > 1,
          addsGradients: index > 0,
          result: index === parts.length - 1 ? "update" : "gradients",
        };
        const share = part.labelledPixels / labelled;
        const numbers = new Map([...scalars, ["share", share], ["emaDecay", this.#averageDecay]]);
        const result = await this.#pass(part, settings, numbers, summed, passes + index);
        for (const tensor of summed.values()) tensor.dispose();
        summed = result.gradients;
        loss += result.loss;
      }
    } finally {
      for (const tensor of summed.values()) tensor.dispose();
    }
    this.#counts = { updates: updates + 1, passes: passes + parts.length };
    return loss;
  }

  /** @param pass  how many came before */
  async #pass(
    part: BatchPart,
    settings: TrainingSettings,
    scalars: ReadonlyMap<string, number>,
    summed: NamedTensors,
    pass: number,
  ): Promise<{ readonly loss: number; readonly gradients: NamedTensors }> {
    const { runtime, programs } = this.#model;
    const { cropSize } = this.#config;
    const key = `train ${part.size} ${cropSize} ${JSON.stringify(settings)}`;
    const { graph, masks } = this.#graph(key, part.size, settings);
    const program = await programs.get(key, () => graph);
    await this.#addSlots(graph);
    const given = new Map<string, DeviceTensor>([
      ["image", runtime.upload(part.images, [part.size, 3, ...cropSize])],
      ["labels", runtime.upload(part.labels, [part.size, 1, ...cropSize])],
      ...[...scalars].map(([name, value]) => [name, runtime.upload(Float32Array.of(value), [])] as const),
      ...uploadMasks(runtime, masks, this.#masks(pass), 0),
    ]);
    try {
      const outputs = await program.run(new Map([...this.#network.tensors, ...summed, ...given]));
      const [loss = Number.NaN] = await outputOf(outputs, "loss").read();
      return { loss, gradients: this.#keep(outputs) };
    } finally {
      for (const tensor of given.values()) tensor.dispose();
    }
  }

  /** Weights, statistics and slots go to the network. @returns gradients of a part that is not the last */
  #keep(outputs: ReadonlyMap<string, DeviceTensor>): NamedTensors {
    const gradients = new Map<string, DeviceTensor>();
    for (const [name, tensor] of outputs) {
      if (name === "loss") tensor.dispose();
      else if (name.startsWith(GRADIENT_PREFIX)) gradients.set(name, tensor);
      else this.#network.set(name, tensor);
    }
    return gradients;
  }

  get #settings() {
    const { dropout, auxWeight, ema } = this.#config;
    return { places: dropout ? ("everyRelu" as const) : ("ownLayers" as const), auxWeight, hasAverage: ema > 0 };
  }

  /** The first averages would hang on to the initial weights: as in TensorFlow's moving average, the decay grows into its own. */
  get #averageDecay(): number {
    const { updates } = this.#counts;
    return Math.min(this.#config.ema, (1 + updates) / (10 + updates));
  }

  #masks(pass: number): DropoutMasks {
    return seededMasks(mixSeeds(this.#config.seed, DROPOUT_STREAM, pass));
  }

  #graph(key: string, size: number, settings: TrainingSettings): TrainingGraph {
    const known = this.#graphs.get(key);
    if (known !== undefined) return known;
    const built = trainingGraph(this.#network.architecture, size, this.#config.cropSize, settings, this.#optimizer);
    this.#graphs.set(key, built);
    return built;
  }

  /** The optimizer's slots start at 0, averages as the weights. */
  async #addSlots({ inputs }: Graph): Promise<void> {
    for (const [name, { shape }] of inputs) {
      if (this.#optimizer.slots.some((slot) => name.startsWith(`${slot}.`))) this.#network.setZeros(name, shape);
      if (!name.startsWith(AVERAGE_PREFIX)) continue;
      await this.#network.setCopy(name, this.#network.get(name.slice(AVERAGE_PREFIX.length)));
    }
  }
}
