// Runs, evaluations and trainings wait here and are carried out one after the other, in the order they came unless somebody
// changes it; each can be cancelled, waiting or running. While the engine can't be started they keep waiting.
import { setImmediate } from "node:timers/promises";
import type { Failure } from "../../src-shared/contract/results.ts";
import type { EvaluationId, GroupId, RunId, TrainingId, TuningId } from "../../src-shared/contract/workbench/ids.ts";
import type { QueueItemId } from "../../src-shared/contract/workbench/queue.ts";
import { executeEvaluation } from "./execute-evaluation.ts";
import { executeRun } from "./execute-run.ts";
import { executeTraining } from "./execute-training.ts";
import { executeTuning } from "./execute-tuning.ts";
import { CLOSING, failureFrom, type JobContext, type JobControl, type JobId, type JobKind } from "./job.ts";
import { JobOrder, type NextJob, type WaitingItem } from "./job-order.ts";

/** Each takes some ten microseconds. */
const ENDED_TOGETHER = 200;

interface Running extends NextJob {
  readonly controller: AbortController;
  readonly killer: AbortController;
  /** Where the engine can hold it. */
  hold?: (isPaused: boolean) => void;
  /** Resolves with its end. */
  readonly done: Promise<void>;
}

/** The queue at one moment. */
export interface QueueState {
  readonly running: (NextJob & { readonly isStopping: boolean }) | null;
  readonly waiting: readonly WaitingItem[];
  /** Whether what waits waits for the engine, which can't be started. */
  readonly isHeld: boolean;
}

export class JobQueue {
  readonly #context: JobContext;
  readonly #waiting = new JobOrder();
  /** Of those that somebody waits for. */
  readonly #ends = new Map<JobId, PromiseWithResolvers<void>>();
  #running: Running | undefined;
  #isPaused = false;
  #isClosed = false;
  #lastRun: RunId | undefined;

  constructor(context: JobContext) {
    this.#context = context;
  }

  /**
   * Those that the store has as "queued".
   *
   * @param group  of runs that stand in the queue as one
   */
  add(ids: readonly JobId[], kind: JobKind = "run", group: GroupId | null = null): void {
    this.#waiting.add(ids, kind, group);
    this.#next();
    this.#tellChange();
  }

  get state(): QueueState {
    return { running: this.#runningState, waiting: this.#waiting.items(), isHeld: this.#isPaused };
  }

  get #runningState(): QueueState["running"] {
    if (this.#running === undefined) return null;
    const { id, kind, item, controller } = this.#running;
    return { id, kind, item, isStopping: controller.signal.aborted };
  }

  /** All jobs of an item that wait or run. */
  jobsOf(item: QueueItemId): JobId[] {
    const waiting = [...(this.#waiting.item(item)?.jobs ?? [])];
    return this.#running?.item === item ? [this.#running.id, ...waiting] : waiting;
  }

  /** @param before  null: behind all. Nothing happens to an item that does not wait. */
  move(item: QueueItemId, before: QueueItemId | null): void {
    if (this.#waiting.move(item, before)) this.#tellChange();
  }

  /** The last run that ended well in the engine as it is running: its model is still there. */
  get lastRun(): RunId | undefined {
    return this.#lastRun;
  }

  /** The engine is a new process. */
  engineStarted(): void {
    this.#lastRun = undefined;
  }

  /** Goes on after the engine failed. */
  resume(): void {
    const wasPaused = this.#isPaused;
    this.#isPaused = false;
    this.#next();
    if (wasPaused) this.#tellChange();
  }

  /** Answers at once; the end is told when it is there. Nothing happens to those that neither wait nor run. */
  cancel(ids: readonly JobId[]): void {
    // All leave the queue first: else each would make room for the next.
    const waiting = ids.flatMap((id) => {
      const kind = this.#waiting.remove(id);
      return kind === undefined ? [] : [{ id, kind }];
    });
    if (this.#running !== undefined && ids.includes(this.#running.id)) this.#running.controller.abort();
    void this.#endCancelled(waiting);
    this.#tellChange();
  }

  /** Ends a job that was cancelled and still runs at once: what it has not kept by now is lost. */
  kill(id: JobId): void {
    if (this.#running?.id !== id) return;
    this.#running.controller.abort();
    this.#running.killer.abort();
  }

  /** Cancels it; resolves when it is neither waiting nor running any more. */
  async stopped(id: JobId): Promise<void> {
    this.cancel([id]);
    if (this.#running?.id === id) await this.#running.done;
  }

  /** Resolves when it is neither waiting nor running any more. */
  async ended(id: JobId): Promise<void> {
    if (!this.#waiting.has(id) && this.#running?.id !== id) return;
    const end = this.#ends.get(id) ?? Promise.withResolvers<void>();
    this.#ends.set(id, end);
    await end.promise;
  }

  /** Holds it between two steps, or lets it go on. @returns false where it is not running, or can't be held */
  hold(id: JobId, isPaused: boolean): boolean {
    const { hold } = this.#running?.id === id ? this.#running : {};
    hold?.(isPaused);
    return hold !== undefined;
  }

  /** How many wait or run. */
  get length(): number {
    return this.#waiting.size + (this.#running === undefined ? 0 : 1);
  }

  /** Nothing further starts; the running one is asked to stop. What waits is "interrupted" at the next start. */
  close(): void {
    this.#isClosed = true;
    this.#running?.controller.abort(CLOSING);
  }

  /** Closes it; resolves when an evaluation or training that was running has kept what it has. */
  async settle(): Promise<void> {
    this.close();
    if (this.#running !== undefined && this.#running.kind !== "run") await this.#running.done;
  }

  /** In parts, because there may be 100,000. */
  async #endCancelled(jobs: readonly { readonly id: JobId; readonly kind: JobKind }[]): Promise<void> {
    const { publish } = this.#context;
    try {
      for (const [index, { id, kind }] of jobs.entries()) {
        if (index > 0 && index % ENDED_TOGETHER === 0) await setImmediate();
        endCancelled(id, kind, this.#context);
        this.#hasEnded(id);
      }
    } catch (error) {
      publish({ type: "noticed", level: "error", message: failureFrom(error).message });
    }
  }

  #next(): void {
    if (this.#running !== undefined || this.#isClosed || this.#isPaused) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    const { id, kind } = next;
    const controller = new AbortController();
    const killer = new AbortController();
    const setHold = (hold: (isPaused: boolean) => void): void => {
      if (this.#running?.id === id) this.#running.hold = hold;
    };
    const done = execute(id, kind, this.#context, { signal: controller.signal, kill: killer.signal, setHold }).then(
      (failure) => {
        this.#running = undefined;
        // A training gives up the model that was there.
        if (failure === null) this.#lastRun = kind === "run" ? (id as RunId) : undefined;
        if (failure?.code === "engine.failed") this.#isPaused = true;
        this.#hasEnded(id);
        this.#next();
        this.#tellChange();
      },
    );
    this.#running = { ...next, controller, killer, done };
  }

  #tellChange(): void {
    this.#context.publish({ type: "queueChanged" });
  }

  #hasEnded(id: JobId): void {
    this.#ends.get(id)?.resolve();
    this.#ends.delete(id);
  }
}

/** Ids carry their kind in their type only; whoever added them said which it is. */
function execute(id: JobId, kind: JobKind, context: JobContext, control: JobControl): Promise<Failure | null> {
  switch (kind) {
    case "run":
      return executeRun(id as RunId, context, control.signal);
    case "evaluation":
      return executeEvaluation(id as EvaluationId, context, control);
    case "training":
      return executeTraining(id as TrainingId, context, control);
    case "tuning":
      return executeTuning(id as TuningId, context, control);
    default:
      return kind satisfies never;
  }
}

/** One that left the queue without having begun. */
function endCancelled(id: JobId, kind: JobKind, { workspace, publish, now }: JobContext): void {
  const end = { status: "cancelled", endedAt: now() } as const;
  switch (kind) {
    case "run":
      publish({ type: "runChanged", run: workspace.runs.end(id as RunId, end) });
      return;
    case "evaluation":
      publish({ type: "evaluationChanged", evaluation: workspace.evaluations.update(id as EvaluationId, end) });
      return;
    case "training":
      publish({ type: "trainingChanged", training: workspace.trainings.update(id as TrainingId, end) });
      return;
    case "tuning":
      publish({ type: "tuningChanged", tuning: workspace.tunings.update(id as TuningId, end) });
      return;
    default:
      kind satisfies never;
  }
}
