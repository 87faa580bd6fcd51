// Time and memory of a training before it starts: looks up its images, what there is to compute, and what one like it took here.
import { isDeepStrictEqual } from "node:util";
import type { Need } from "../../../src-shared/contract/machine-room.ts";
import { COUNTED } from "../../../src-shared/contract/training/da-sac.ts";
import { traitsOf } from "../../../src-shared/contract/training/method-traits.ts";
import type { TrainingConfig } from "../../../src-shared/contract/training/training-config.ts";
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

/** Of a method without a target. */
const NONE: Images = { count: 0, first: null };

export class TrainingEstimator {
  readonly #parts: TrainingEstimateParts;

  constructor(parts: TrainingEstimateParts) {
    this.#parts = parts;
  }

  /** @returns null where there are no images, and for a method that can't say what its steps compute */
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

  async #plan(request: StartTraining): Promise<PlannedTraining | null> {
    const { data, target, validation, config } = request;
    const { isSourceFree } = traitsOf(config);
    const adapted = target === null ? NONE : this.#imagesOf(target, "any");
    // Without a source the target is what is learnt from.
    const source = isSourceFree ? adapted : this.#imagesOf(data, "labelled");
    if (source === null || adapted === null) return null;
    const validated = validation === null ? null : this.#imagesOf(validation, "labelled");
    const sizeOf = async ({ first }: Images) => (first === null ? null : await this.#parts.estimator.sizeOf(first));
    const work = await this.#parts.jobs.background.request("measureTraining", {
      config,
      images: {
        size: await sizeOf(source),
        validated: validated === null ? null : { size: await sizeOf(validated) },
        counted: request.importanceWeights === COUNTED ? { size: await sizeOf(adapted) } : null,
      },
    });
    if (work === null) return null;
    const images = { source: source.count, target: adapted.count };
    const drawn = (chosen: TrainingData | null): number => (chosen?.kind === "sample" ? chosen.count : 0);
    const counted = request.importanceWeights === COUNTED ? drawn(target) : 0;
    const scenes = { read: (isSourceFree ? 0 : drawn(data)) + drawn(target), predicted: drawn(validation) + counted };
    return { config, work, images, validated: validated?.count ?? 0, scenes };
  }

  #imagesOf(data: TrainingData, use: "labelled" | "any"): Images | null {
    if (data.kind === "sample") return { count: data.count, first: null };
    const filter = {
      ...(use === "labelled" ? { hasLabels: true } : {}),
      ...(data.split === null ? {} : { splits: [data.split] }),
    };
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
      .filter((one) => isDeepStrictEqual(whatMatters(one), wanted));
    return alike.toSorted((a, b) => b.createdAt - a.createdAt)[0] ?? null;
  }
}

/** Where only the memory is asked for. */
const ANY_SPEED = { gigaflopsPerSecond: 1 };

/** What neither time nor memory of a step depends on; whatever else differs makes another training of it. */
const OF_NO_MATTER: ReadonlySet<string> = new Set([
  ...["seed", "baseLr", "momentum", "weightDecay", "numEpochs", "epochSteps", "ignoredClasses"],
  ...["validationStart", "validationStep", "previewStep", "saveStep"],
]);

function whatMatters({ data, target, machine, config }: StartTraining | Training) {
  const sourceOf = (chosen: TrainingData | null) => (chosen?.kind === "dataset" ? chosen.datasetId : chosen?.kind);
  const parameters = Object.fromEntries(Object.entries(config).filter(([name]) => !OF_NO_MATTER.has(name)));
  return { source: sourceOf(data), target: sourceOf(target), machine, hasVelocity: hasVelocity(config), parameters };
}

/** Whether the optimizer keeps something of each parameter. */
function hasVelocity(config: TrainingConfig): boolean {
  return !("momentum" in config) || config.momentum > 0;
}
