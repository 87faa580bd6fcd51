// The queue as a window shows it: what computes, what waits, in order, with names and the time each still takes.
import { type Pace, paceLeftMs } from "../../../src-shared/contract/pace.ts";
import type { Evaluation } from "../../../src-shared/contract/workbench/evaluations.ts";
import type { EvaluationId, GroupId, RunId, TrainingId, TuningId } from "../../../src-shared/contract/workbench/ids.ts";
import type { MoveInQueue, Queue, QueueItem, QueueItemId } from "../../../src-shared/contract/workbench/queue.ts";
import type { RunSummary, StartRun } from "../../../src-shared/contract/workbench/runs.ts";
import type { WaitingItem } from "../../jobs/job-order.ts";
import type { QueueState } from "../../jobs/job-queue.ts";
import type { Jobs } from "../../jobs/open-jobs.ts";
import type { Workspace } from "../../workspace/open-workspace.ts";
import type { QueueService } from "../services.ts";
import type { RunEstimator } from "./estimate-run.ts";
import { runLeftMs } from "./time-left.ts";

export interface JobListParts {
  readonly workspace: Pick<Workspace, "runs" | "evaluations" | "trainings" | "tunings">;
  readonly jobs: {
    readonly engine: Pick<Jobs["engine"], "state">;
    readonly queue: Pick<Jobs["queue"], "state" | "jobsOf" | "cancel" | "kill" | "move">;
  };
  readonly estimator: Pick<RunEstimator, "estimate" | "estimateEvaluation">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Nobody looks further down. */
const MOST_LISTED = 100;

type Running = NonNullable<QueueState["running"]>;
type State = QueueItem["state"];

export class JobList implements QueueService {
  readonly #parts: JobListParts;
  /** What runs are expected to take, in milliseconds, by what decides it; null while it is worked out, and where it can't be. */
  readonly #expected = new Map<RunId | GroupId | EvaluationId, number | null>();
  /** Of the running evaluation or tuning, where it was when somebody first looked. */
  #pace: (Pick<Pace, "done" | "atMs"> & { readonly id: EvaluationId | TuningId }) | undefined;

  constructor(parts: JobListParts) {
    this.#parts = parts;
  }

  async list(): Promise<Queue> {
    const { engine, queue } = this.#parts.jobs;
    const { running, waiting, isHeld } = queue.state;
    const own = running === null ? undefined : waiting.find(({ id }) => id === running.item);
    const rest = waiting.filter((item) => item !== own);
    const items = rest.slice(0, MOST_LISTED).map((item) => this.#waitingItem(item));
    if (running !== null) items.unshift(this.#runningItem(running, own?.jobs.size ?? 0));
    this.#forget(items);
    const heldBecause = isHeld && "message" in engine.state ? engine.state.message : null;
    return { items, unlisted: Math.max(0, rest.length - MOST_LISTED), heldBecause };
  }

  async cancel(id: QueueItemId): Promise<void> {
    const { queue } = this.#parts.jobs;
    queue.cancel(queue.jobsOf(id));
  }

  async kill(id: QueueItemId): Promise<void> {
    const { queue } = this.#parts.jobs;
    const { running } = queue.state;
    if (running?.item === id) queue.kill(running.id);
  }

  async move({ id, before }: MoveInQueue): Promise<void> {
    this.#parts.jobs.queue.move(id, before);
  }

  /** @param more  runs of its group that wait behind it */
  #runningItem({ id, kind, item, isStopping }: Running, more: number): QueueItem {
    const { runs, evaluations, trainings, tunings } = this.#parts.workspace;
    const state: State = isStopping ? "stopping" : "running";
    switch (kind) {
      case "run": {
        const run = runs.get(id as RunId);
        const own = runLeftMs(run, this.#expectedMs(run.id, run), this.#parts.now());
        if (run.groupId === null || item === id)
          return { kind: "run", id: item, run: runs.summary(run.id), state, leftMs: own };
        const each = this.#expectedMs(run.groupId, run);
        const leftMs = own === null || (each === null && more > 0) ? null : own + more * (each ?? 0);
        return {
          kind: "group",
          id: item,
          group: runs.group(run.groupId),
          run: runs.summary(run.id),
          open: more + 1,
          state,
          leftMs,
        };
      }
      case "evaluation": {
        const evaluation = evaluations.get(id as EvaluationId);
        const leftMs = this.#leftMs(evaluation.id, evaluation.done, evaluation.images);
        return { kind, id: item, evaluation, state, leftMs };
      }
      case "tuning": {
        const tuning = tunings.get(id as TuningId);
        const { done = 0, planned = null } = tuning.result ?? {};
        return { kind, id: item, tuning, state, leftMs: this.#leftMs(tuning.id, done, planned) };
      }
      case "training": {
        const training = trainings.get(id as TrainingId);
        const isPaused = training.isPaused && !isStopping;
        return { kind, id: item, training, state: isPaused ? "paused" : state, leftMs: training.leftMs };
      }
      default:
        return kind satisfies never;
    }
  }

  #waitingItem({ id, kind, jobs }: WaitingItem): QueueItem {
    const { runs, evaluations, trainings, tunings } = this.#parts.workspace;
    const state = "waiting";
    switch (kind) {
      case "run": {
        const [first] = jobs as ReadonlySet<RunId>;
        const run = runs.summary(first as RunId); // an item has at least one
        const leftMs = this.#expectedMs(id as RunId | GroupId, run);
        if (run.groupId === null || run.id === (id as string)) return { kind: "run", id, run, state, leftMs };
        const all = leftMs === null ? null : leftMs * jobs.size;
        return { kind: "group", id, group: runs.group(run.groupId), run: null, open: jobs.size, state, leftMs: all };
      }
      case "evaluation":
        return { kind, id, ...this.#waitingEvaluation(evaluations.get(id as EvaluationId)), state };
      case "training":
        return { kind, id, training: trainings.get(id as TrainingId), state, leftMs: null };
      case "tuning":
        return { kind, id, tuning: tunings.get(id as TuningId), state, leftMs: null };
      default:
        return kind satisfies never;
    }
  }

  /** Of the images that have no record. */
  #waitingEvaluation(evaluation: Evaluation): { readonly evaluation: Evaluation; readonly leftMs: number | null } {
    const { id, done, images } = evaluation;
    const all = this.#expectedAfter(
      id,
      async () => (await this.#parts.estimator.estimateEvaluation(evaluation))?.milliseconds,
    );
    return {
      evaluation,
      leftMs: all === null || images === null ? all : (all * (images - done)) / Math.max(1, images),
    };
  }

  /** By the pace since somebody first looked. @param all  null while it is not known */
  #leftMs(id: EvaluationId | TuningId, done: number, all: number | null): number | null {
    const now: Pace = { done, atMs: this.#parts.now() };
    if (this.#pace?.id !== id || this.#pace.done > done) this.#pace = { id, ...now };
    return paceLeftMs(this.#pace, now, all);
  }

  #expectedMs(id: RunId | GroupId, { image, checkpoint, config, ...run }: RunSummary): number | null {
    return this.#expectedAfter(id, async () => {
      const { machine } = this.#parts.workspace.runs.get(run.id);
      const request: StartRun = { imageId: image.id, checkpointId: checkpoint.id, config, machine };
      return (await this.#parts.estimator.estimate(request)).milliseconds;
    });
  }

  /** Null at first: whoever asks again is told. */
  #expectedAfter(id: RunId | GroupId | EvaluationId, ask: () => Promise<number | undefined>): number | null {
    const known = this.#expected.get(id);
    if (known !== undefined) return known;
    this.#expected.set(id, null);
    ask().then(
      (milliseconds) => this.#expected.has(id) && this.#expected.set(id, milliseconds ?? null),
      () => undefined, // whatever is wrong, the run itself will say
    );
    return null;
  }

  /** Estimates of what is no longer in the queue. */
  #forget(items: readonly QueueItem[]): void {
    const wanted = new Set<string>(
      items.flatMap((item) => ("run" in item ? [item.id, item.run?.id ?? ""] : [item.id])),
    );
    for (const id of this.#expected.keys()) if (!wanted.has(id)) this.#expected.delete(id);
  }
}
