// Time and memory of a run, or an evaluation, before it starts: looks up what there is to compute, and what earlier runs took here.

import { isDeepStrictEqual } from "node:util";
import { LRUCache } from "lru-cache";
import type { RunWork } from "../../../src-shared/contract/engine-protocol.ts";
import type { Need } from "../../../src-shared/contract/machine-room.ts";
import { imageQuerySchema } from "../../../src-shared/contract/workbench/datasets.ts";
import type { EvaluationEstimate, StartEvaluation } from "../../../src-shared/contract/workbench/evaluations.ts";
import type { CheckpointId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import type {
  ImageRunConfig,
  Machine,
  Run,
  RunEstimate,
  StartRun,
} from "../../../src-shared/contract/workbench/runs.ts";
import type { Jobs } from "../../jobs/open-jobs.ts";
import { containedPath } from "../../workspace/contained-path.ts";
import type { Workspace } from "../../workspace/open-workspace.ts";
import { networkSource } from "./network-source.ts";
import {
  type CostEstimate,
  calculatedCost,
  type EarlierRun,
  expectedPeak,
  measuredCost,
  runOfEvaluation,
  workingBytes,
} from "./run-cost-model.ts";

export interface EstimateParts {
  readonly workspace: Pick<Workspace, "runs" | "datasets" | "checkpoints">;
  readonly jobs: Pick<Jobs, "engine" | "background" | "queue">;
}

type Size = NonNullable<Run["size"]>;

export interface EvaluatedRun {
  readonly images: number;
  readonly run: StartRun;
  /** Predictions of each image. */
  readonly passes: number;
}

export interface RunsOfImage extends Pick<StartRun, "imageId" | "checkpointId" | "machine"> {
  readonly configs: readonly ImageRunConfig[];
}

/** Earlier runs that are looked at: the newest tell most. */
const MAX_EARLIER = 6;
/** Works that are remembered: the form asks again for every change. */
const MAX_WORKS = 200;
/** For its size alone, which nobody has looked at yet. */
const SMALL_PX = 16;
/** Of an evaluation: scores of images that wait to be recorded. */
const IMAGES_BESIDE = 2;

export class RunEstimator {
  readonly #parts: EstimateParts;
  readonly #works = new LRUCache<string, Promise<RunWork>>({ max: MAX_WORKS });
  #speed: Promise<{ readonly gigaflopsPerSecond: number }> | undefined;

  constructor(parts: EstimateParts) {
    this.#parts = parts;
  }

  async estimate(request: StartRun): Promise<RunEstimate> {
    const plan = await this.#plan(request);
    return this.#withMemory(plan.cost(plan.isWarm));
  }

  /**
   * Of a whole evaluation, by its first image: each costs what a run of it costs that keeps no more than its results, the
   * first also the laying out, and a few wait to be scored beside it. Passes of MC dropout count as predictions.
   *
   * @returns null where the split has no images
   */
  async estimateEvaluation(request: StartEvaluation): Promise<EvaluationEstimate | null> {
    const evaluated = this.evaluatedRun(request);
    if (evaluated === null) return null;
    const { images, run, passes } = evaluated;
    const { cost, work } = await this.#plan(run);
    const [cold, warm] = [cost(false), cost(true)];
    const eachMs = warm.milliseconds * passes;
    return {
      ...this.#withMemory({
        ...cold,
        milliseconds: cold.milliseconds - warm.milliseconds + images * eachMs,
        peakBytes: cold.peakBytes + IMAGES_BESIDE * work.scoreBytes,
      }),
      images,
    };
  }

  /**
   * Memory that runs on an image need, the largest of them: they come one after the other.
   *
   * @param held  bytes of the process that computes them, which it gives back or uses again
   */
  async memoryNeeds(
    { imageId, checkpointId, machine, configs }: RunsOfImage,
    held: number = this.#parts.jobs.engine.memoryBytes,
  ): Promise<Need[]> {
    const size = await this.sizeOf(imageId);
    const works = configs.map(async (config) => ({ config, work: await this.#workOf(checkpointId, size, config) }));
    const plans = await Promise.all(works);
    const earlier = await this.#earlierRuns(checkpointId, machine);
    const { bytes } = await this.#parts.jobs.background.request("freeDeviceMemory", machine);
    const needs: Need[] = [];
    if (bytes !== null) {
      const neededBytes = Math.max(...plans.map(workingBytes));
      needs.push({ resource: "device memory", neededBytes, freeBytes: bytes });
    }
    // Without earlier runs it is not known how much of a run that computes on a device stays beside it.
    if (bytes === null || earlier.length > 0) {
      const peakBytes = Math.max(...plans.map((plan) => expectedPeak(plan, earlier)));
      needs.push({
        resource: "memory",
        neededBytes: Math.max(peakBytes, held),
        freeBytes: process.availableMemory() + held,
      });
    }
    return needs;
  }

  /** What an evaluation computes of its first image, and of how many; null where the split has none. */
  evaluatedRun({ datasetId, split, checkpointId, config, machine }: StartEvaluation): EvaluatedRun | null {
    const filter = split === null ? {} : { splits: [split] };
    const query = imageQuerySchema.parse({ datasetId, filter, limit: 1 });
    const { total: images, items } = this.#parts.workspace.datasets.images(query);
    const [first] = items;
    if (first === undefined) return null;
    const passes = config.method === "mc-dropout" ? config.passes : 1;
    const run = { imageId: first.id, checkpointId, config: runOfEvaluation(config), machine };
    return { images, run, passes };
  }

  async #plan({ imageId, checkpointId, config, machine }: StartRun) {
    const size = await this.sizeOf(imageId);
    const work = await this.#workOf(checkpointId, size, config);
    const earlier = await this.#earlierRuns(checkpointId, machine);
    const speed = earlier.length === 0 ? await this.machineSpeed() : null;
    const plan = { config, work };
    // Where there are earlier runs, they give an estimate.
    const cost = (isWarm: boolean): CostEstimate =>
      speed === null ? (measuredCost(plan, isWarm, earlier) as CostEstimate) : calculatedCost(plan, isWarm, speed);
    return { work, cost, isWarm: this.#isWarm(checkpointId, machine, config, size) };
  }

  /** What the engine holds from before it does not give back: a smaller run does not make it smaller. */
  #withMemory(cost: CostEstimate): RunEstimate {
    const { memoryBytes } = this.#parts.jobs.engine;
    const peakBytes = Math.max(cost.peakBytes, memoryBytes);
    return { ...cost, peakBytes, freeBytes: process.availableMemory() + memoryBytes };
  }

  /** As it was looked at before, or now. */
  async sizeOf(id: ImageId): Promise<Size> {
    const { datasets } = this.#parts.workspace;
    const known = datasets.image(id).size;
    if (known !== null) return known;
    const { root, key } = datasets.files(id);
    const path = await containedPath(root, key);
    const { size } = await this.#parts.jobs.background.request("thumbnail", { path, maxPx: SMALL_PX });
    datasets.setSize(id, size);
    return size;
  }

  #workOf(id: CheckpointId, size: Size, config: ImageRunConfig): Promise<RunWork> {
    const key = JSON.stringify([id, size, ...decisiveOf(config)]);
    const known = this.#works.get(key);
    if (known !== undefined) return known;
    const { checkpoints } = this.#parts.workspace;
    const network = networkSource(checkpoints.get(id), checkpoints.keys(id));
    const work = this.#parts.jobs.background.request("measureWork", { network, size, config });
    this.#works.set(key, work);
    work.catch(() => this.#works.delete(key));
    return work;
  }

  async #earlierRuns(id: CheckpointId, machine: Machine): Promise<EarlierRun[]> {
    const earlier = this.#parts.workspace.runs.costsOf(id, MAX_EARLIER);
    const alike = earlier.filter(({ run }) => isDeepStrictEqual(run.machine, machine));
    const worked = alike.map(async ({ run, cost }): Promise<EarlierRun[]> => {
      if (run.size === null) return [];
      return [{ config: run.config, cost, work: await this.#workOf(id, run.size, run.config) }];
    });
    return (await Promise.all(worked)).flat();
  }

  /** Whether the engine did just this with an image of this size last: then everything is laid out. */
  #isWarm(checkpointId: CheckpointId, machine: Machine, config: ImageRunConfig, size: Size): boolean {
    const { lastRun } = this.#parts.jobs.queue;
    const last = lastRun === undefined ? undefined : this.#parts.workspace.runs.find(lastRun);
    if (last === undefined) return false;
    const laidOut = ({ method, alpha, ...parameters }: ImageRunConfig) => [method, alpha, scalesOf(parameters)];
    return (
      last.checkpoint.id === checkpointId &&
      isDeepStrictEqual([last.machine, last.size, ...laidOut(last.config)], [machine, size, ...laidOut(config)])
    );
  }

  /** Measured once, by a test convolution. */
  machineSpeed(): Promise<{ readonly gigaflopsPerSecond: number }> {
    this.#speed ??= this.#parts.jobs.background.request("measureSpeed", null);
    this.#speed.catch(() => {
      this.#speed = undefined;
    });
    return this.#speed;
  }
}

/** What decides how much there is to compute of an image. */
function decisiveOf(config: ImageRunConfig): readonly unknown[] {
  const { method, window, overlap } = config;
  if (method === "predict") return [method, window, overlap, config.fit];
  if (method === "tta") return [method, window, overlap, config.fit, config.scales];
  const { scales, resnetLayers, hrnetLayers, vggLayers, mitLayers, dropout, momentum, weightDecay, numEpochs } = config;
  const layers = [resnetLayers, hrnetLayers, vggLayers, mitLayers];
  return [method, window, overlap, scales, layers, dropout, momentum > 0, weightDecay > 0, numEpochs > 0];
}

function scalesOf(parameters: object): unknown {
  return "scales" in parameters ? parameters.scales : null;
}
