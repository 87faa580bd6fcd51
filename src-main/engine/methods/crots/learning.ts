// What the student learns with: passes whose gradients add up, then one step of Adam. Both stages have it.

import { behindCaffeInput } from "../../models/caffe-input.ts";
import type { DeviceTensor, Runtime } from "../../runtimes/runtime.ts";
import type { Network } from "../../training/network-state.ts";
import { adam } from "../../training/optimizers/adam.ts";
import type { Optimizer } from "../../training/optimizers/optimizer.ts";
import { allParameters } from "../../training/optimizers/parameter-groups.ts";
import { cosine, type Schedule } from "../../training/optimizers/schedules.ts";
import { ParameterUpdates } from "../../training/parameter-updates.ts";
import type { Plane } from "../../training/samples/sample.ts";
import { takeNumber } from "../shared/outputs.ts";
import { StepPrograms } from "../shared/step-programs.ts";
import { GRADIENT_PREFIX, learningGraph } from "./step-graphs.ts";

/** Images and labels of a pass. */
export interface LearnedBatch {
  /** float32 [N, 3, H, W] */
  readonly image: Plane;
  /** [N, H, W] */
  readonly labels: Pick<Plane, "data">;
  /** Of the loss. */
  readonly weight: number;
}

export interface LearningOptions {
  readonly baseLr: number;
  /** Epochs until the rate is 0. */
  readonly cosinePeriod: number;
}

/** Source: spec of CROTS, "11. Optimiser, schedule, iterations". */
export class Learning {
  readonly #student: Network;
  readonly #baseLr: number;
  readonly #schedule: Schedule;
  readonly #optimizer: Optimizer;
  readonly #updates: ParameterUpdates;
  readonly #programs: StepPrograms;
  #gradients = new Map<string, DeviceTensor>();

  constructor(runtime: Runtime, student: Network, { baseLr, cosinePeriod }: LearningOptions) {
    const groups = [allParameters(0)];
    this.#student = student;
    this.#baseLr = baseLr;
    this.#schedule = cosine(cosinePeriod);
    this.#optimizer = adam(groups);
    this.#updates = new ParameterUpdates(runtime, this.#optimizer, groups);
    this.#programs = new StepPrograms(runtime);
  }

  /** A pass, whose gradients add to those of the step's other passes. @returns the weighted loss */
  async learn({ image, labels, weight }: LearnedBatch): Promise<number> {
    const [images = 0, , height = 0, width = 0] = image.shape;
    const adds = this.#gradients.size > 0;
    const outputs = await this.#programs.runOn(
      this.#student,
      { slots: [] },
      `learn ${image.shape} ${adds}`,
      () => learningGraph(behindCaffeInput(this.#student.architecture), { images, size: [height, width] }, adds),
      { tensors: this.#gradients, planes: { image, labels }, scalars: new Map([["weight", weight]]) },
    );
    this.forget();
    this.#gradients = new Map([...outputs].filter(([name]) => name.startsWith(GRADIENT_PREFIX)));
    return takeNumber(outputs, "loss");
  }

  /** Of an epoch, from 0. */
  rateOf(epoch: number): number {
    return this.#baseLr * this.#schedule(epoch);
  }

  /** The step by all gradients since the last one. @param index  of the step, from 0 */
  async update(index: number, rate: number): Promise<void> {
    const byKey = new Map([...this.#gradients].map(([name, tensor]) => [name.slice(GRADIENT_PREFIX.length), tensor]));
    this.#gradients = new Map();
    await this.#updates.apply(this.#student, byKey, this.#optimizer.scalars(rate, index));
  }

  /** Gradients that are not to be used. */
  forget(): void {
    for (const tensor of this.#gradients.values()) tensor.dispose();
    this.#gradients = new Map();
  }

  async dispose(): Promise<void> {
    this.forget();
    await this.#programs.dispose();
    await this.#updates.dispose();
  }
}
