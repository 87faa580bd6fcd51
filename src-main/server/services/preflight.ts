// Whether a job fits the machine, looked at before it is queued: refused where it clearly does not, warned of where it may not.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { type JobKind, type Need, requireRoom, tightWarnings } from "../../../src-shared/contract/machine-room.ts";
import { heaviestOfGrid } from "../../../src-shared/contract/parameter-grid.ts";
import type { StartEvaluation } from "../../../src-shared/contract/workbench/evaluations.ts";
import type { WorkbenchEvent } from "../../../src-shared/contract/workbench/events.ts";
import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { keptIterations } from "../../../src-shared/contract/workbench/kept-iterations.ts";
import {
  type ImageRunConfig,
  imageRunConfigSchema,
  MAX_ITERATIONS,
  type Run,
  type StartRun,
} from "../../../src-shared/contract/workbench/runs.ts";
import type { StartTraining } from "../../../src-shared/contract/workbench/trainings.ts";
import type { StartTuning } from "../../../src-shared/contract/workbench/tunings.ts";
import type { Jobs } from "../../jobs/open-jobs.ts";
import type { Workspace } from "../../workspace/open-workspace.ts";
import type { RunEstimator } from "./estimate-run.ts";
import type { TrainingEstimator } from "./estimate-training.ts";

export interface PreflightParts {
  readonly workspace: {
    readonly datasets: Pick<Workspace["datasets"], "image">;
    readonly artifacts: Pick<Workspace["artifacts"], "freeBytes">;
  };
  readonly jobs: { readonly background: Pick<Jobs["background"], "memoryBytes"> };
  readonly estimator: Pick<RunEstimator, "memoryNeeds" | "evaluatedRun">;
  readonly trainingEstimator: Pick<TrainingEstimator, "memoryNeeds" | "keptBytes">;
}

/** Runs that are started together: every configuration on every image. */
export interface PlannedRuns extends Pick<StartRun, "checkpointId" | "machine"> {
  readonly imageIds: readonly ImageId[];
  readonly configs: readonly ImageRunConfig[];
}

type Notice = WorkbenchEvent & { readonly type: "noticed" };
type Size = { readonly width: number; readonly height: number };

/** Three planes and the candidates' four, one byte each. */
const PLANE_BYTES_PER_PIXEL = 7;
/** What gzip leaves of planes of photographs, as a rule. */
const COMPRESSED_SHARE = 0.25;
/** Of a map of train ids as PNG: 0.02 to 0.05 in streets at 2048 x 1024, more in small images. */
export const LABEL_BYTES_PER_PIXEL = 0.1;
/** A line of figures with its confusion matrix. */
const RECORD_BYTES = 4096;

/** Every method takes `isForced`, which starts the job however little there is; answers warnings; throws `machine.short`. */
export class Preflight {
  readonly #parts: PreflightParts;

  constructor(parts: PreflightParts) {
    this.#parts = parts;
  }

  ofRuns({ imageIds, configs, ...request }: PlannedRuns, isForced: boolean): Promise<string[]> {
    return checkRoom("run", isForced, async () => {
      const { imageId, sizes } = this.#imagesOf(imageIds);
      const memory = await this.#parts.estimator.memoryNeeds({ ...request, imageId, configs });
      return [...memory, await this.#disk(sizes.reduce((sum, size) => sum + keptBytes(size, configs), 0))];
    });
  }

  ofEvaluation(request: StartEvaluation, isForced: boolean): Promise<string[]> {
    return checkRoom("evaluation", isForced, async () => {
      const evaluated = this.#parts.estimator.evaluatedRun(request);
      if (evaluated === null) return [];
      const { imageId, checkpointId, machine, config } = evaluated.run;
      const memory = await this.#parts.estimator.memoryNeeds({ imageId, checkpointId, machine, configs: [config] });
      const { size } = this.#parts.workspace.datasets.image(imageId);
      return size === null ? memory : [...memory, await this.#disk(evaluatedBytes(size, evaluated.images))];
    });
  }

  ofTuning({ imageIds, plan, checkpointId, machine }: StartTuning, isForced: boolean): Promise<string[]> {
    return checkRoom("tuning", isForced, async () => {
      const settings = heaviestOfGrid(plan.start, plan.grid);
      const configs = settings.map((one) =>
        imageRunConfigSchema.parse({ ...one, method: "adapt", keepEvery: MAX_ITERATIONS }),
      );
      const { imageId } = this.#imagesOf(imageIds);
      return this.#parts.estimator.memoryNeeds({ imageId, checkpointId, machine, configs });
    });
  }

  ofTraining(request: StartTraining, isForced: boolean): Promise<string[]> {
    const { trainingEstimator } = this.#parts;
    return checkRoom("training", isForced, async () => [
      ...(await trainingEstimator.memoryNeeds(request)),
      await this.#disk(await trainingEstimator.keptBytes(request)),
    ]);
  }

  /** @param repeated  those that are computed again  @param disk  of the folder that is written to */
  ofExport(repeated: readonly Run[], disk: Omit<Need, "resource">, isForced: boolean): Promise<string[]> {
    return checkRoom("export", isForced, async () => {
      const held = this.#parts.jobs.background.memoryBytes;
      const different = new Map(
        repeated.map((run) => [JSON.stringify([run.size, run.checkpoint.id, run.machine, run.config]), run]),
      );
      const needs = [...different.values()].map(({ image, checkpoint, machine, config }) =>
        this.#parts.estimator.memoryNeeds(
          { imageId: image.id, checkpointId: checkpoint.id, machine, configs: [config] },
          held,
        ),
      );
      // Where the memory can't be worked out, the disk is looked at all the same.
      const memory = await Promise.all(needs).catch(() => []);
      return [...memory.flat(), { resource: "disk", ...disk }];
    });
  }

  /** The largest as far as they have been looked at, else the first; and the sizes of all, as if the others were like it. */
  #imagesOf(ids: readonly ImageId[]): { readonly imageId: ImageId; readonly sizes: readonly Size[] } {
    const images = ids.map((id) => this.#parts.workspace.datasets.image(id));
    const known = images.flatMap(({ id, size }) => (size === null ? [] : [{ id, size }]));
    const largest = known.reduce<(typeof known)[number] | undefined>(
      (most, one) => (most === undefined || pixelsOf(one.size) > pixelsOf(most.size) ? one : most),
      undefined,
    );
    const imageId = largest?.id ?? ids[0];
    if (imageId === undefined) throw new AppError("input.option", "There are no images.");
    return { imageId, sizes: largest === undefined ? [] : images.map(({ size }) => size ?? largest.size) };
  }

  async #disk(neededBytes: number): Promise<Need> {
    return { resource: "disk", neededBytes, freeBytes: await this.#parts.workspace.artifacts.freeBytes() };
  }
}

/**
 * What can't be worked out does not hold a job up: whatever is wrong then, the job itself will say.
 *
 * @returns warnings, one sentence each
 * @throws AppError `machine.short`
 */
async function checkRoom(job: JobKind, isForced: boolean, needs: () => Promise<readonly Need[]>): Promise<string[]> {
  const known = await needs().catch(() => []);
  if (!isForced) requireRoom(job, known, "start it anyway");
  return tightWarnings(job, known);
}

/** @param about  the job, where it is a single one: with it the warning ends */
export function publishWarnings(
  publish: (event: WorkbenchEvent) => void,
  warnings: readonly string[],
  about: Notice["about"] = undefined,
): void {
  for (const message of warnings) {
    publish({ type: "noticed", level: "warning", message, ...(about === undefined ? {} : { about }) });
  }
}

/** What runs keep of an image. @param config  of each of them */
function keptBytes({ width, height }: Size, configs: readonly ImageRunConfig[]): number {
  const kept = configs.reduce((sum, config) => sum + keptIterations(config).length, 0);
  return width * height * kept * PLANE_BYTES_PER_PIXEL * COMPRESSED_SHARE;
}

/** What an evaluation keeps of so many images of a size. */
function evaluatedBytes({ width, height }: Size, images: number): number {
  return images * (width * height * LABEL_BYTES_PER_PIXEL + RECORD_BYTES);
}

function pixelsOf({ width, height }: Size): number {
  return width * height;
}
