// Time and memory of a training before it starts: looks up its images, what there is to compute, and what one like it took here.
import { isDeepStrictEqual } from "node:util";
import type { TrainingWork } from "../../../src-shared/contract/engine-protocol.ts";
import type { Need } from "../../../src-shared/contract/machine-room.ts";
import type { SourceTrainingConfig } from "../../../src-shared/contract/training/source-training.ts";
import { imageQuerySchema } from "../../../src-shared/contract/workbench/datasets.ts";
import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import type {
  StartTraining,
  Training,
  TrainingData,
  TrainingEstimate,
} from "../../../src-shared/contract/workbench/trainings.ts";
import type { Jobs } from "../../jobs/open-jobs.ts";
import type { Workspace } from "../../workspace/open-workspace.ts";
import type { RunEstimator } from "./estimate-run.ts";
import {
  type EarlierTraining,
  keptBytes,
  type PlannedTraining,
  steps,
  trainingBytes,
  trainingCost,
} from "./training-cost-model.ts";

export interface TrainingEstimateParts {
  readonly workspace: {
    readonly datasets: Pick<Workspace["datasets"], "images">;
    readonly trainings: Pick<Workspace["trainings"], "list">;
  };
  readonly jobs: {
    readonly engine: Pick<Jobs["engine"], "memoryBytes">;
    readonly background: Pick<Jobs["background"], "request">;
  };
  readonly estimator: Pick<RunEstimator, "sizeOf" | "machineSpeed">;
}

interface Images {
  readonly count: number;
  /** Null: scenes of the generator. */
  readonly first: ImageId | null;
}

export class TrainingEstimator {
  readonly #parts: TrainingEstimateParts;

  constructor(parts: TrainingEstimateParts) {
    this.#parts = parts;
  }

  /** @returns null where there are no labelled images, and for methods whose steps nobody has counted yet */
  async estimate(request: StartTraining): Promise<TrainingEstimate | null> {
    const plan = await this.#plan(request);
    if (plan === null) return null;
    const cost = trainingCost(plan, await this.#parts.estimator.machineSpeed(), this.#earlier(request));
    const { memoryBytes } = this.#parts.jobs.engine;
    return { ...cost, freeBytes: process.availableMemory() + memoryBytes, steps: steps(plan) };
  }

  /** Memory that it needs, of the machine or of the device that computes. */
  async memoryNeeds(request: StartTraining): Promise<Need[]> {
    const plan = await this.#plan(request);
    if (plan === null) return [];
    const { engine, background } = this.#parts.jobs;
    const { bytes } = await background.request("freeDeviceMemory", request.machine);
    if (bytes !== null) return [{ resource: "device memory", neededBytes: trainingBytes(plan.work), freeBytes: bytes }];
    const { peakBytes } = trainingCost(plan, ANY_SPEED, this.#earlier(request));
    const freeBytes = process.availableMemory() + engine.memoryBytes;
    return [{ resource: "memory", neededBytes: peakBytes, freeBytes }];
  }

  /** Of all the weights it may leave, in bytes. */
  async keptBytes(request: StartTraining): Promise<number> {
    const plan = await this.#plan(request);
    return plan === null ? 0 : keptBytes(plan.work);
  }

  async #plan({ data, validation, config }: StartTraining): Promise<PlannedTraining | null> {
    const images = this.#imagesOf(data);
    if (images === null || config.method !== "source-training") return null;
    const validated = validation === null ? null : this.#imagesOf(validation);
    const work = await this.#workOf(config, images, validated);
    return { config, work, images: images.count, validated: validated?.count ?? 0 };
  }

  async #workOf(config: SourceTrainingConfig, images: Images, validated: Images | null): Promise<TrainingWork> {
    const sizeOf = async ({ first }: Images) => (first === null ? null : await this.#parts.estimator.sizeOf(first));
    return this.#parts.jobs.background.request("measureTraining", {
      config,
      imageSize: await sizeOf(images),
      validated: validated === null ? null : { size: await sizeOf(validated) },
    });
  }

  #imagesOf(data: TrainingData): Images | null {
    if (data.kind === "sample") return { count: data.count, first: null };
    const filter = { hasLabels: true, ...(data.split === null ? {} : { splits: [data.split] }) };
    const query = imageQuerySchema.parse({ datasetId: data.datasetId, filter, limit: 1 });
    const { total, items } = this.#parts.workspace.datasets.images(query);
    const [first] = items;
    return first === undefined ? null : { count: total, first: first.id };
  }

  /** The newest that has made steps with the same network, crops and data on the same machine. */
  #earlier(request: StartTraining): EarlierTraining | null {
    const wanted = whatMatters(request);
    const alike = this.#parts.workspace.trainings
      .list()
      .filter((one) => one.memoryBytes !== null && one.imagesPerSecond !== null)
      .filter((one) => wanted !== null && isDeepStrictEqual(whatMatters(one), wanted));
    return alike.toSorted((a, b) => b.createdAt - a.createdAt)[0] ?? null;
  }
}

/** Where only the memory is asked for. */
const ANY_SPEED = { gigaflopsPerSecond: 1 };

/** Null for methods that are not estimated. */
function whatMatters({ data, machine, config }: StartTraining | Training) {
  if (config.method !== "source-training") return null;
  const { archType, backboneName, width, numClasses, dropout, auxWeight, ema, momentum } = config;
  const { batchSize, microBatchSize, cropSize } = config;
  const network = { archType, backboneName, width, numClasses, dropout, hasHead: auxWeight > 0, hasAverage: ema > 0 };
  const source = data.kind === "sample" ? "sample" : data.datasetId;
  return { source, machine, network, hasVelocity: momentum > 0, batchSize, microBatchSize, cropSize };
}
