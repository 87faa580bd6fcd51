// Trainings: started and queued, paused, taken up again, looked up, cancelled and removed.
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { traitsOf } from "../../../src-shared/contract/training/method-traits.ts";
import type { WorkbenchEvent } from "../../../src-shared/contract/workbench/events.ts";
import type { CheckpointId, TrainingId } from "../../../src-shared/contract/workbench/ids.ts";
import {
  type StartTraining,
  type Training,
  type TrainingCurves,
  type TrainingData,
  type TrainingEstimate,
  type WeightsQuery,
  weightsQueryOf,
} from "../../../src-shared/contract/workbench/trainings.ts";
import { labelSetFor } from "../../../src-shared/labels/label-sets.ts";
import { labelFolderOf } from "../../jobs/execute-training.ts";
import { type TrainingFiles, trainingFilesIn } from "../../jobs/job-files.ts";
import type { Jobs } from "../../jobs/open-jobs.ts";
import { newId } from "../../workspace/new-id.ts";
import type { Workspace } from "../../workspace/open-workspace.ts";
import type { CheckpointService, Content, TrainingService } from "../services.ts";
import type { TrainingEstimator } from "./estimate-training.ts";
import { type Preflight, publishWarnings } from "./preflight.ts";
import { trainingCommand } from "./training-command.ts";
import { requireEngine, requireFile, usableDataset } from "./usable.ts";

export interface TrainingParts {
  readonly workspace: Pick<Workspace, "trainings" | "trainingFolders" | "datasets" | "checkpoints">;
  readonly jobs: {
    readonly engine: Pick<Jobs["engine"], "state">;
    readonly background: Pick<Jobs["background"], "request">;
    readonly queue: Pick<Jobs["queue"], "add" | "cancel" | "stopped" | "ended" | "hold">;
  };
  readonly estimator: Pick<TrainingEstimator, "estimate">;
  readonly preflight: Pick<Preflight, "ofTraining">;
  readonly checkpoints: Pick<CheckpointService, "open" | "remove">;
  readonly publish: (event: WorkbenchEvent) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** More than any chart is wide. */
const CURVE_POINTS = 2000;

export class Trainings implements TrainingService {
  readonly #parts: TrainingParts;
  /** Of those that wait or run: resolves when their checkpoints are open. */
  readonly #settling = new Map<TrainingId, Promise<void>>();

  constructor(parts: TrainingParts) {
    this.#parts = parts;
  }

  async list(): Promise<Training[]> {
    return this.#parts.workspace.trainings.list();
  }

  async curves(id: TrainingId): Promise<TrainingCurves> {
    return this.#parts.workspace.trainings.curves(id, CURVE_POINTS);
  }

  estimate(request: StartTraining): Promise<TrainingEstimate | null> {
    return this.#parts.estimator.estimate(request);
  }

  async checkWeights({ file, datasetId, split, settings }: WeightsQuery): Promise<{ images: number }> {
    const { path: root } = await usableDataset(datasetId, split, this.#parts);
    return this.#parts.jobs.background.request("checkImportanceWeights", { file, target: { root, split }, settings });
  }

  async start(request: StartTraining, isForced = false): Promise<Training> {
    await this.#requireUsable(request);
    const warnings = await this.#parts.preflight.ofTraining(request, isForced);
    const training: Training = {
      ...request,
      id: newId<TrainingId>(),
      status: "queued",
      isPaused: false,
      createdAt: this.#parts.now(),
      startedAt: null,
      endedAt: null,
      error: null,
      counted: null,
      step: 0,
      steps: null,
      epoch: 0,
      lastLoss: null,
      learningRate: null,
      imagesPerSecond: null,
      leftMs: null,
      memoryBytes: null,
      bestMiou: null,
      checkpointIds: [],
    };
    this.#parts.workspace.trainings.create(training);
    this.#enqueue(training, warnings);
    return training;
  }

  async pause(id: TrainingId): Promise<void> {
    this.#parts.workspace.trainings.get(id);
    if (this.#parts.jobs.queue.hold(id, true)) return;
    throw new AppError("input.option", "This training is not running; only one that is can be paused.");
  }

  async resume(id: TrainingId, isForced = false): Promise<Training> {
    const { workspace, jobs } = this.#parts;
    if (jobs.queue.hold(id, false)) return workspace.trainings.get(id);
    const stopped = workspace.trainings.get(id);
    requireStopped(stopped.status);
    await this.#requireUsable(stopped);
    const warnings = await this.#parts.preflight.ofTraining(stopped, isForced);
    // Another window may have been faster.
    requireStopped(workspace.trainings.get(id).status);
    const training = workspace.trainings.update(id, { status: "queued", endedAt: null, error: null });
    this.#enqueue(training, warnings);
    return training;
  }

  async cancel(id: TrainingId): Promise<void> {
    this.#parts.jobs.queue.cancel([id]);
  }

  async remove(id: TrainingId): Promise<void> {
    const { workspace, jobs, checkpoints, publish } = this.#parts;
    await jobs.queue.stopped(id);
    await this.#settling.get(id);
    const { checkpointIds } = workspace.trainings.get(id);
    for (const checkpointId of checkpointIds) {
      if (workspace.checkpoints.find(checkpointId) !== undefined) await checkpoints.remove(checkpointId);
    }
    workspace.trainings.remove(id);
    publish({ type: "trainingRemoved", trainingId: id });
    await workspace.trainingFolders.remove(id);
  }

  async command(id: TrainingId): Promise<string> {
    const { trainings, datasets, checkpoints } = this.#parts.workspace;
    const training = trainings.get(id);
    const { initialCheckpointId } = training;
    return trainingCommand(training, {
      folderOf: (datasetId) => datasets.get(datasetId).path,
      initialWeights: initialCheckpointId === null ? null : checkpoints.get(initialCheckpointId).path,
      labelFolder: labelFolderOf(training, this.#parts.workspace),
      output: basename(this.#files(training).best),
    });
  }

  async preview(id: TrainingId, step: number, name: string): Promise<Content> {
    const path = this.#files(this.#parts.workspace.trainings.get(id)).preview(step, name);
    return present({ kind: "file", path, type: "application/octet-stream", encoding: "gzip" });
  }

  async previewPicture(id: TrainingId, step: number, name: string): Promise<Content> {
    const path = this.#files(this.#parts.workspace.trainings.get(id)).previewPicture(step, name);
    return present({ kind: "file", path, type: "image/png" });
  }

  async previewImage(id: TrainingId): Promise<Content> {
    const path = this.#files(this.#parts.workspace.trainings.get(id)).previewImage;
    return present({ kind: "file", path, type: "image/png" });
  }

  #files({ id, name }: Training): TrainingFiles {
    return trainingFilesIn(this.#parts.workspace.trainingFolders.path(id), name);
  }

  async #requireUsable(request: StartTraining): Promise<void> {
    const { data, target, validation, initialCheckpointId, importanceWeights, config } = request;
    requireEngine(this.#parts.jobs);
    labelSetFor(config.numClasses);
    const { isSourceFree } = traitsOf(config);
    for (const chosen of [isSourceFree ? null : data, validation])
      if (chosen !== null) await this.#requireLabels(chosen);
    if (target?.kind === "dataset") await usableDataset(target.datasetId, target.split, this.#parts);
    const query = weightsQueryOf({ target, importanceWeights, config });
    if (query !== null) await this.checkWeights(query);
    // What a file of ImageNet weights lacks to be a checkpoint is no obstacle here.
    if (initialCheckpointId !== null)
      await requireFile(this.#parts.workspace.checkpoints.get(initialCheckpointId).path);
  }

  async #requireLabels(chosen: TrainingData): Promise<void> {
    if (chosen.kind === "sample") return;
    const { path, listing, labelledCount } = await usableDataset(chosen.datasetId, chosen.split, this.#parts);
    if (listing.status !== "complete" || labelledCount > 0) return;
    throw new AppError("input.unreadable", `"${path}" has no labels to learn from; choose a data set that has some.`);
  }

  #enqueue(training: Training, warnings: readonly string[]): void {
    const { jobs, publish } = this.#parts;
    publish({ type: "trainingChanged", training });
    publishWarnings(publish, warnings, training.id);
    jobs.queue.add([training.id], "training");
    const { id } = training;
    this.#settling.set(
      id,
      jobs.queue.ended(id).then(() => this.#openCheckpoints(id)),
    );
  }

  /** However it ended: the weights that are there are good ones. */
  async #openCheckpoints(id: TrainingId): Promise<void> {
    const { workspace, checkpoints, publish } = this.#parts;
    try {
      const training = workspace.trainings.find(id);
      if (training === undefined) return;
      const { best, last } = this.#files(training);
      // Where nothing was validated, the result and the last weights are the same.
      const isResult = training.status === "finished" && training.bestMiou === null;
      const checkpointIds: CheckpointId[] = [];
      for (const path of isResult ? [best] : [best, last]) {
        if (!existsSync(path)) continue;
        checkpointIds.push((await checkpoints.open(path, checkpointName(training, path === last))).id);
      }
      publish({ type: "trainingChanged", training: workspace.trainings.update(id, { checkpointIds }) });
    } catch (error) {
      // Closed, removed, or a file that can't be read: the files are there for whoever opens them.
      if (!(error instanceof AppError)) throw error;
    }
  }
}

/** Files of trainings without a name have all the same one; undefined: that of the file. */
function checkpointName({ name, config, createdAt }: Training, isLast: boolean): string | undefined {
  if (name !== "") return undefined;
  const { stepTitle, title } = traitsOf(config);
  const minute = new Date(createdAt).toLocaleString("sv").slice(0, "2026-01-01 00:00".length);
  return `${stepTitle ?? title}, ${minute}${isLast ? ", last epoch" : ""}`;
}

function requireStopped(status: Training["status"]): void {
  if (status === "cancelled" || status === "interrupted" || status === "failed") return;
  const why = status === "finished" ? "has finished" : "is under way";
  throw new AppError("input.option", `This training ${why}; there is nothing to take up again.`);
}

function present(content: Content & { kind: "file" }): Content {
  if (existsSync(content.path)) return content;
  throw new AppError("input.missing", "This training has no such preview; it was not made, or its folder was removed.");
}
