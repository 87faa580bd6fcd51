// The weights of one adaptation: start as the model's, change step by step, and never touch the model's own.

import type { AdaptationConfig } from "../../../../src-shared/contract/adaptation-config.ts";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { allFinite } from "../../all-finite.ts";
import { VELOCITY_PREFIX } from "../../checkpoints/momentum.ts";
import { elementCount } from "../../graph/node.ts";
import type { Shape } from "../../graph/types.ts";
import type { DropoutMask } from "../../models/model-scope.ts";
import { BATCH_NORM_MOMENTUM, normKeys } from "../../models/normalization.ts";
import type { DeviceTensor, NamedTensors } from "../../runtimes/runtime.ts";
import { type DropoutMasks, seededMasks, uploadMasks } from "../shared/dropout-masks.ts";
import { outputOf, type SegmentationModel } from "../shared/segmentation-model.ts";
import {
  constantPartGraph,
  dropoutPlacesOf,
  FEATURE_PREFIX,
  frozenLayersOf,
  iterationGraph,
  iterationMasks,
  MEAN_PREFIX,
  type Split,
  VARIANCE_PREFIX,
} from "./adaptation-graphs.ts";

/** SGD's velocity of each trained parameter, by key. */
export type Velocities = ReadonlyMap<string, DeviceTensor>;

export class AdaptedWeights {
  readonly #model: SegmentationModel;
  readonly #split: Split;
  readonly #config: AdaptationConfig;
  readonly #scalars: NamedTensors;
  readonly #masks: DropoutMasks;
  /** Of one iteration, by name; known from the first one on. */
  #wantedMasks: ReadonlyMap<string, DropoutMask> | undefined;
  /** Dropout masks used so far. */
  #maskCount = 0;
  /** What differs from the model's weights after the last step. */
  #changed = new Map<string, DeviceTensor>();
  /** What the constant part's normalisation layers see of the image, by the key of the running statistic. */
  readonly #seen = new Map<string, Float32Array>();
  /** Running statistics of the constant part. */
  readonly #drifted = new Map<string, DeviceTensor>();
  #velocities: Map<string, DeviceTensor>;

  constructor(
    model: SegmentationModel,
    split: Split,
    config: AdaptationConfig,
    velocities: Velocities = new Map(),
    masks: DropoutMasks = seededMasks(config.seed),
  ) {
    this.#model = model;
    this.#masks = masks;
    this.#split = split;
    this.#config = config;
    this.#velocities = new Map(velocities);
    const scalar = (value: number) => model.runtime.upload(Float32Array.of(value), []);
    this.#scalars = new Map([
      ["learningRate", scalar(config.baseLr)],
      ["momentum", scalar(config.momentum)],
      ["weightDecay", scalar(config.weightDecay)],
    ]);
  }

  /** All weights and running statistics by key, for an evaluation pass. */
  get tensors(): NamedTensors {
    return new Map([...this.#model.base, ...this.#drifted, ...this.#changed]);
  }

  /** The velocities after the last step, for a next image that carries them on: they are the caller's from now on. */
  takeVelocities(): Velocities {
    const velocities = this.#velocities;
    this.#velocities = new Map();
    return velocities;
  }

  /** Feature maps that enter the iterated part, computed once for all iterations. */
  async computeConstantPart(pixels: DeviceTensor): Promise<Map<string, DeviceTensor>> {
    if (this.#split.constant.length === 0) return new Map([[`${FEATURE_PREFIX}0`, pixels]]);
    const { constant } = this.#split;
    const { architecture, programs } = this.#model;
    const key = `constant ${constant.length} ${pixels.shape}`;
    const program = await programs.get(key, () => constantPartGraph(architecture, constant, pixels.shape));
    const outputs = await program.run(new Map([...this.#model.base, ["image", pixels]]));
    const features = new Map<string, DeviceTensor>();
    for (const [name, tensor] of outputs) {
      if (name.startsWith(FEATURE_PREFIX)) {
        features.set(name, tensor);
        continue;
      }
      const isMean = name.startsWith(MEAN_PREFIX);
      const layer = name.slice((isMean ? MEAN_PREFIX : VARIANCE_PREFIX).length);
      const { mean, variance } = normKeys(layer, architecture.normalization);
      this.#seen.set(isMean ? mean : variance, Float32Array.from(await tensor.read()));
      tensor.dispose();
    }
    return features;
  }

  /**
   * Lets the constant part's running statistics be those after so many iterations. No iteration uses them, only evaluation
   * passes do, and they follow in closed form: r_T = 0.9^T·r_0 + (1 − 0.9^T)·s.
   * Source: spec "10.4 Is the prefix output constant across the adaptation iterations?".
   */
  async driftTo(iterations: number): Promise<void> {
    const keep = (1 - BATCH_NORM_MOMENTUM) ** iterations;
    for (const [key, seen] of this.#seen) {
      const start = this.#model.base.get(key);
      if (start === undefined) throw new AppError("checkpoint.mismatch", `The checkpoint has no "${key}".`);
      const before = await start.read();
      const after = Float32Array.from(before, (value, k) => keep * value + (1 - keep) * (seen[k] ?? 0));
      this.#drifted.get(key)?.dispose();
      this.#drifted.set(key, this.#model.runtime.upload(after, start.shape));
    }
  }

  /** One iteration; returns its loss, that of the weights before the step. */
  async step(features: ReadonlyMap<string, DeviceTensor>, target: DeviceTensor): Promise<number> {
    const program = await this.#model.programs.get(this.#iterationKey(features, target), () =>
      this.#graph(features, target),
    );
    const masks = this.#uploadMasks(features);
    const inputs = new Map([
      ...this.tensors,
      ...this.#startVelocities(),
      ...this.#scalars,
      ...features,
      ...masks,
      ["target", target],
    ]);
    const outputs = await program.run(inputs);
    for (const tensor of masks.values()) tensor.dispose();
    const [loss] = await outputOf(outputs, "loss").read();
    outputOf(outputs, "loss").dispose();
    outputs.delete("loss");
    for (const tensor of [...this.#changed.values(), ...this.#velocities.values()]) tensor.dispose();
    this.#velocities = new Map([...outputs].filter(([name]) => name.startsWith(VELOCITY_PREFIX)));
    this.#changed = new Map([...outputs].filter(([name]) => !name.startsWith(VELOCITY_PREFIX)));
    return loss ?? Number.NaN;
  }

  /** Whether the weights and running statistics after the last step are numbers: a finite loss does not say so. */
  async areFinite(): Promise<boolean> {
    for (const tensor of [...this.#changed.values(), ...this.#drifted.values()]) {
      if (!allFinite((await tensor.read()) as Float32Array)) return false;
    }
    return true;
  }

  dispose(): void {
    for (const tensors of [this.#changed, this.#velocities, this.#drifted, this.#scalars]) {
      for (const tensor of tensors.values()) tensor.dispose();
    }
  }

  /** New masks for one iteration. */
  #uploadMasks(features: ReadonlyMap<string, DeviceTensor>): NamedTensors {
    const { architecture, runtime } = this.#model;
    this.#wantedMasks ??= iterationMasks(architecture, this.#split.iterated, shapesOf(features), this.#settings.places);
    const first = this.#maskCount;
    this.#maskCount += this.#wantedMasks.size;
    return uploadMasks(runtime, this.#wantedMasks, this.#masks, first);
  }

  #graph(features: ReadonlyMap<string, DeviceTensor>, target: DeviceTensor) {
    const [, , height = 0, width = 0] = target.shape;
    const { architecture } = this.#model;
    return iterationGraph(architecture, this.#split.iterated, shapesOf(features), [height, width], this.#settings);
  }

  get #settings() {
    const { momentum, weightDecay } = this.#config;
    return {
      frozenLayers: frozenLayersOf(this.#model.architecture, this.#config),
      places: dropoutPlacesOf(this.#config),
      hasMomentum: momentum > 0,
      hasWeightDecay: weightDecay > 0,
    };
  }

  #iterationKey(features: ReadonlyMap<string, DeviceTensor>, target: DeviceTensor): string {
    const shapes = shapesOf(features).map((shape) => shape.join("x"));
    return `iteration ${this.#split.constant.length} ${shapes} ${target.shape} ${JSON.stringify(this.#settings)}`;
  }

  /** Velocities to start the step with: the last ones, or zeros for each trained parameter. */
  #startVelocities(): NamedTensors {
    if (this.#config.momentum === 0 || this.#velocities.size > 0) return this.#velocities;
    for (const [key, shape] of this.#model.architecture.keys) {
      if (this.#model.architecture.isFrozen(key, this.#settings.frozenLayers)) continue;
      this.#velocities.set(
        `${VELOCITY_PREFIX}${key}`,
        this.#model.runtime.upload(new Float32Array(elementCount(shape)), shape, true),
      );
    }
    return this.#velocities;
  }
}

function shapesOf(features: ReadonlyMap<string, DeviceTensor>): Shape[] {
  return [...features.values()].map(({ shape }) => shape);
}
