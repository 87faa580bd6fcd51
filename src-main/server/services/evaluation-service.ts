// Evaluations: started and queued, taken up again, looked up, cancelled and removed.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { evaluationHeaderSchema } from "../../../src-shared/contract/evaluation.ts";
import type {
  BenchmarkId,
  ConfusedImage,
  ConfusionCell,
  Evaluation,
  EvaluationEstimate,
  EvaluationResult,
  StartEvaluation,
  Submission,
  SubmissionPlan,
  WeightsForm,
  WrittenWeights,
} from "../../../src-shared/contract/workbench/evaluations.ts";
import type { WorkbenchEvent } from "../../../src-shared/contract/workbench/events.ts";
import type { DatasetId, EvaluationId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { evaluationHeaderPath, evaluationReportPath, submissionPath, weightsPath } from "../../jobs/job-files.ts";
import type { Jobs } from "../../jobs/open-jobs.ts";
import { newId } from "../../workspace/new-id.ts";
import type { Workspace } from "../../workspace/open-workspace.ts";
import type { Content, EvaluationService } from "../services.ts";
import type { RanOn } from "./command-words.ts";
import type { RunEstimator } from "./estimate-run.ts";
import { evaluationCommand } from "./evaluation-command.ts";
import { FiguresCache } from "./figures-cache.ts";
import { type Preflight, publishWarnings } from "./preflight.ts";
import { requireEngine, usableCheckpoint, usableDataset } from "./usable.ts";

const WEIGHTS_TYPES: Readonly<Record<WeightsForm, string>> = {
  data: "application/octet-stream",
  json: "application/json",
};

export interface EvaluationParts {
  readonly workspace: Pick<Workspace, "evaluations" | "evaluationFolders" | "datasets" | "checkpoints">;
  readonly jobs: {
    readonly engine: Pick<Jobs["engine"], "state">;
    readonly background: Pick<Jobs["background"], "request">;
    readonly queue: Pick<Jobs["queue"], "add" | "cancel" | "stopped" | "ended">;
  };
  readonly estimator: Pick<RunEstimator, "estimateEvaluation">;
  readonly preflight: Pick<Preflight, "ofEvaluation">;
  readonly publish: (event: WorkbenchEvent) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** So many images are scored in one step, which takes some 75 ms. */
const SCORED_TOGETHER = 5000;

const headerSchema = z.object({ runtime: evaluationHeaderSchema.shape.runtime });

export class Evaluations implements EvaluationService {
  readonly #parts: EvaluationParts;
  readonly #figures: FiguresCache;

  constructor(parts: EvaluationParts) {
    const { workspace, jobs } = parts;
    this.#parts = parts;
    this.#figures = new FiguresCache(({ id, numClasses }) =>
      jobs.background.request("evaluationFigures", { folder: workspace.evaluationFolders.path(id), numClasses }),
    );
  }

  /** Scores the images of evaluations that ended when nobody was there to do it. */
  catchUp(): void {
    void this.#scoreAll(this.#parts.workspace.evaluations.unscored());
  }

  async list(): Promise<Evaluation[]> {
    return this.#parts.workspace.evaluations.list();
  }

  async get(id: EvaluationId): Promise<EvaluationResult> {
    const { evaluations, datasets } = this.#parts.workspace;
    const { summary, failures } = await this.#figures.of(evaluations.get(id));
    const evaluation = evaluations.get(id);
    const keys = (summary?.perImage ?? []).map(({ key }) => key);
    return { evaluation, summary, imageIds: datasets.imageIdsByKey(evaluation.datasetId, keys), failures };
  }

  async confused(id: EvaluationId, cell: ConfusionCell): Promise<ConfusedImage[]> {
    const { workspace, jobs } = this.#parts;
    const { datasetId, numClasses } = workspace.evaluations.get(id);
    const folder = workspace.evaluationFolders.path(id);
    const images = await jobs.background.request("confusedImages", { folder, numClasses, ...cell });
    const imageIds = workspace.datasets.imageIdsByKey(
      datasetId,
      images.map(({ key }) => key),
    );
    return images.flatMap(({ key, pixels }) => {
      const imageId = imageIds[key];
      return imageId === undefined ? [] : [{ imageId, pixels }];
    });
  }

  async start(request: StartEvaluation, isForced = false): Promise<Evaluation> {
    const { workspace, now } = this.#parts;
    const checkpoint = await usableCheckpoint(request.checkpointId, this.#parts);
    const dataset = await usableDataset(request.datasetId, request.split, this.#parts);
    const warnings = await this.#parts.preflight.ofEvaluation(request, isForced);
    const evaluation: Evaluation = {
      ...request,
      id: newId<EvaluationId>(),
      status: "queued",
      datasetName: dataset.name,
      checkpointName: checkpoint.name,
      numClasses: checkpoint.numClasses ?? 0,
      ...(checkpoint.labelSet === undefined ? {} : { labelSet: checkpoint.labelSet }),
      createdAt: now(),
      startedAt: null,
      endedAt: null,
      error: null,
      done: 0,
      images: null,
      failed: 0,
      miou: null,
      ece: null,
    };
    workspace.evaluations.create(evaluation);
    this.#enqueue(evaluation, warnings);
    return evaluation;
  }

  estimate(request: StartEvaluation): Promise<EvaluationEstimate | null> {
    return this.#parts.estimator.estimateEvaluation(request);
  }

  async cancel(id: EvaluationId): Promise<void> {
    this.#parts.jobs.queue.cancel([id]);
  }

  async resume(id: EvaluationId, isForced = false): Promise<Evaluation> {
    const { workspace, jobs } = this.#parts;
    const stopped = workspace.evaluations.get(id);
    requireStopped(stopped.status);
    requireEngine(jobs);
    await usableCheckpoint(stopped.checkpointId, this.#parts);
    await usableDataset(stopped.datasetId, stopped.split, this.#parts);
    const warnings = await this.#parts.preflight.ofEvaluation(stopped, isForced);
    // Another window may have been faster.
    requireStopped(workspace.evaluations.get(id).status);
    const evaluation = workspace.evaluations.update(id, { status: "queued", endedAt: null, error: null });
    this.#enqueue(evaluation, warnings);
    return evaluation;
  }

  async remove(id: EvaluationId): Promise<void> {
    const { workspace, jobs, publish } = this.#parts;
    while (workspace.evaluations.sweepScores(id)) await setImmediate();
    await jobs.queue.stopped(id);
    const { datasetId } = workspace.evaluations.get(id);
    workspace.evaluations.remove(id);
    this.#publishDataset(datasetId);
    publish({ type: "evaluationRemoved", evaluationId: id });
    await workspace.evaluationFolders.remove(id);
  }

  async command(id: EvaluationId): Promise<string> {
    const { evaluations, datasets, checkpoints } = this.#parts.workspace;
    const evaluation = evaluations.get(id);
    const { path: dataset, layout } = datasets.get(evaluation.datasetId);
    const { path: checkpoint } = checkpoints.get(evaluation.checkpointId);
    return evaluationCommand(evaluation, { dataset, layout, checkpoint }, await this.#ranOn(id));
  }

  async labels(id: EvaluationId, imageId: ImageId): Promise<Content> {
    const { workspace, jobs } = this.#parts;
    workspace.evaluations.get(id);
    const { key } = workspace.datasets.files(imageId);
    const folder = workspace.evaluationFolders.path(id);
    const { bytes } = await jobs.background.request("predictedLabels", { folder, key });
    return { kind: "bytes", bytes, type: "application/octet-stream" };
  }

  async report(id: EvaluationId): Promise<Content> {
    const { evaluations, evaluationFolders } = this.#parts.workspace;
    if (evaluations.get(id).status !== "finished") {
      throw new AppError(
        "input.missing",
        "The page of an evaluation is made when it finishes; let it go on to its end.",
      );
    }
    return { kind: "file", path: evaluationReportPath(evaluationFolders.path(id)), type: "text/html; charset=utf-8" };
  }

  async planSubmission(id: EvaluationId, benchmark: BenchmarkId): Promise<SubmissionPlan> {
    return this.#parts.jobs.background.request("planSubmission", { folder: this.#finishedFolder(id), benchmark });
  }

  async writeSubmission(id: EvaluationId, benchmark: BenchmarkId, signal?: AbortSignal): Promise<Submission> {
    const folder = this.#finishedFolder(id);
    const output = submissionPath(folder, benchmark);
    const options = signal === undefined ? {} : { signal };
    return this.#parts.jobs.background.request("writeSubmission", { folder, benchmark, output }, options);
  }

  async submission(id: EvaluationId, benchmark: BenchmarkId): Promise<Content> {
    const path = submissionPath(this.#finishedFolder(id), benchmark);
    if (existsSync(path)) return { kind: "file", path, type: "application/zip" };
    throw new AppError("input.missing", "This submission has not been written; prepare it first.");
  }

  async writeWeights(id: EvaluationId, form: WeightsForm, signal?: AbortSignal): Promise<WrittenWeights> {
    const folder = this.#finishedFolder(id, "Weights are of all images");
    const path = weightsPath(folder, form);
    const options = signal === undefined ? {} : { signal };
    const request = { folder, output: path };
    return { ...(await this.#parts.jobs.background.request("writeImportanceWeights", request, options)), path };
  }

  async weights(id: EvaluationId, form: WeightsForm): Promise<Content> {
    const path = weightsPath(this.#finishedFolder(id, "Weights are of all images"), form);
    if (existsSync(path)) return { kind: "file", path, type: WEIGHTS_TYPES[form] };
    throw new AppError("input.missing", "These importance weights have not been written; count them first.");
  }

  #finishedFolder(id: EvaluationId, why = "A submission holds every image"): string {
    const { evaluations, evaluationFolders } = this.#parts.workspace;
    if (evaluations.get(id).status === "finished") return evaluationFolders.path(id);
    throw new AppError("input.option", `${why}; let the evaluation go on to its end.`);
  }

  #enqueue(evaluation: Evaluation, warnings: readonly string[]): void {
    this.#parts.publish({ type: "evaluationChanged", evaluation });
    publishWarnings(this.#parts.publish, warnings, evaluation.id);
    this.#parts.jobs.queue.add([evaluation.id], "evaluation");
    void this.#parts.jobs.queue.ended(evaluation.id).then(() => this.#scoreImages(evaluation.id));
  }

  async #scoreAll(ids: readonly EvaluationId[]): Promise<void> {
    for (const id of ids) await this.#scoreImages(id);
  }

  /** What it found of its images becomes their scores in the grid, however it ended. */
  async #scoreImages(id: EvaluationId): Promise<void> {
    const { evaluations } = this.#parts.workspace;
    try {
      const evaluation = evaluations.get(id);
      if (evaluation.done === 0) return;
      const { summary } = await this.#figures.of(evaluation);
      const images = summary?.perImage ?? [];
      let at = 0;
      do {
        evaluations.addScores(id, images.slice(at, at + SCORED_TOGETHER));
        await setImmediate();
        at += SCORED_TOGETHER;
      } while (at < images.length);
      evaluations.endScores(id, evaluation.done);
      if (evaluations.find(id) !== undefined) this.#publishDataset(evaluation.datasetId);
    } catch (error) {
      this.#noticeUnscored(error);
    }
  }

  #noticeUnscored(error: unknown): void {
    // Closed or removed in the meantime: the next start does it, or nobody needs it.
    if (error instanceof AppError && (error.code === "engine.ended" || error.code === "workspace.unknown")) return;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The grid of images lacks what an evaluation found; the next start tries it again: ${reason}`;
    this.#parts.publish({ type: "noticed", level: "warning", message });
  }

  #publishDataset(id: DatasetId): void {
    const dataset = this.#parts.workspace.datasets.find(id);
    if (dataset !== undefined) this.#parts.publish({ type: "datasetChanged", dataset });
  }

  /** Null before it has begun. */
  async #ranOn(id: EvaluationId): Promise<RanOn | null> {
    const path = evaluationHeaderPath(this.#parts.workspace.evaluationFolders.path(id));
    try {
      const { runtime } = headerSchema.parse(JSON.parse(await readFile(path, "utf8")));
      return { runtime: runtime.name, provider: runtime.provider, threads: runtime.threads };
    } catch {
      return null;
    }
  }
}

function requireStopped(status: Evaluation["status"]): void {
  if (status === "cancelled" || status === "interrupted" || status === "failed") return;
  const why = status === "finished" ? "has finished" : "is under way";
  throw new AppError("input.option", `This evaluation ${why}; there is nothing to take up again.`);
}
