// Tunings: started and queued, taken up again, looked up, cancelled and removed.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { WorkbenchEvent } from "../../../src-shared/contract/workbench/events.ts";
import type { TuningId } from "../../../src-shared/contract/workbench/ids.ts";
import type { StartTuning, Tuning } from "../../../src-shared/contract/workbench/tunings.ts";
import type { Jobs } from "../../jobs/open-jobs.ts";
import { newId } from "../../workspace/new-id.ts";
import type { Workspace } from "../../workspace/open-workspace.ts";
import type { TuningService } from "../services.ts";
import { type Preflight, publishWarnings } from "./preflight.ts";
import { tuningCommand } from "./tuning-command.ts";
import { usableCheckpoint } from "./usable.ts";

export interface TuningParts {
  readonly workspace: Pick<Workspace, "tunings" | "tuningFolders" | "datasets" | "checkpoints">;
  readonly jobs: {
    readonly engine: Pick<Jobs["engine"], "state">;
    readonly queue: Pick<Jobs["queue"], "add" | "cancel" | "stopped">;
  };
  readonly preflight: Pick<Preflight, "ofTuning">;
  readonly publish: (event: WorkbenchEvent) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class Tunings implements TuningService {
  readonly #parts: TuningParts;

  constructor(parts: TuningParts) {
    this.#parts = parts;
  }

  async list(): Promise<Tuning[]> {
    return this.#parts.workspace.tunings.list();
  }

  async start(request: StartTuning, isForced = false): Promise<Tuning> {
    const { workspace, now } = this.#parts;
    const checkpoint = await usableCheckpoint(request.checkpointId, this.#parts);
    const imageIds = [...new Set(request.imageIds)];
    const images = imageIds.map((id) => workspace.datasets.files(id));
    if (request.plan.criterion === "miou" && images.every(({ labels }) => labels === null)) {
      throw new AppError("input.option", "None of the images has labels; choose a criterion that needs none.");
    }
    const warnings = await this.#parts.preflight.ofTuning(request, isForced);
    const tuning: Tuning = {
      ...request,
      imageIds,
      id: newId<TuningId>(),
      status: "queued",
      checkpointName: checkpoint.name,
      createdAt: now(),
      startedAt: null,
      endedAt: null,
      doneBefore: 0,
      error: null,
      result: null,
    };
    workspace.tunings.create(tuning);
    this.#enqueue(tuning, warnings);
    return tuning;
  }

  async cancel(id: TuningId): Promise<void> {
    this.#parts.jobs.queue.cancel([id]);
  }

  async resume(id: TuningId, isForced = false): Promise<Tuning> {
    const { workspace } = this.#parts;
    const stopped = workspace.tunings.get(id);
    requireStopped(stopped.status);
    await usableCheckpoint(stopped.checkpointId, this.#parts);
    const warnings = await this.#parts.preflight.ofTuning(stopped, isForced);
    // Another window may have been faster.
    requireStopped(workspace.tunings.get(id).status);
    const tuning = workspace.tunings.update(id, { status: "queued", endedAt: null, error: null });
    this.#enqueue(tuning, warnings);
    return tuning;
  }

  async command(id: TuningId): Promise<string> {
    const { tunings, datasets, checkpoints } = this.#parts.workspace;
    const tuning = tunings.get(id);
    const images = tuning.imageIds.map((imageId) => datasets.image(imageId));
    const [first] = images;
    if (first === undefined || images.some(({ datasetId }) => datasetId !== first.datasetId)) {
      throw new AppError(
        "input.option",
        "Its images are of several data sets; the command line tunes on one at a time.",
      );
    }
    const { path: dataset, layout } = datasets.get(first.datasetId);
    const { path: checkpoint } = checkpoints.get(tuning.checkpointId);
    return tuningCommand(tuning, { dataset, layout, keys: images.map(({ key }) => key), checkpoint });
  }

  async remove(id: TuningId): Promise<void> {
    const { workspace, jobs, publish } = this.#parts;
    await jobs.queue.stopped(id);
    workspace.tunings.remove(id);
    publish({ type: "tuningRemoved", tuningId: id });
    await workspace.tuningFolders.remove(id);
  }

  #enqueue(tuning: Tuning, warnings: readonly string[]): void {
    this.#parts.publish({ type: "tuningChanged", tuning });
    publishWarnings(this.#parts.publish, warnings, tuning.id);
    this.#parts.jobs.queue.add([tuning.id], "tuning");
  }
}

function requireStopped(status: Tuning["status"]): void {
  if (status === "cancelled" || status === "interrupted" || status === "failed") return;
  const why = status === "finished" ? "has finished" : "is under way";
  throw new AppError("input.option", `This tuning ${why}; there is nothing to take up again.`);
}
