// Runs wait here and are run one after the other, in the order they came; each can be cancelled, waiting or running. While
// the engine can't be started they keep waiting.
import { setImmediate } from "node:timers/promises";
import type { RunId } from "../../src-shared/contract/workbench/ids.ts";
import { executeRun, failureFrom, type RunContext } from "./execute-run.ts";

/** Each takes some ten microseconds. */
const ENDED_TOGETHER = 200;

interface Running {
  readonly id: RunId;
  readonly controller: AbortController;
  /** Resolves with its end. */
  readonly done: Promise<void>;
}

export class RunQueue {
  readonly #context: RunContext;
  /** In order. */
  readonly #waiting = new Set<RunId>();
  #running: Running | undefined;
  #isPaused = false;
  #isClosed = false;
  #lastRun: RunId | undefined;

  constructor(context: RunContext) {
    this.#context = context;
  }

  /** Runs that the store has as "queued". */
  add(ids: readonly RunId[]): void {
    for (const id of ids) this.#waiting.add(id);
    this.#next();
  }

  /** The last that ended well in the engine as it is running: its model is still there. */
  get lastRun(): RunId | undefined {
    return this.#lastRun;
  }

  /** The engine is a new process. */
  engineStarted(): void {
    this.#lastRun = undefined;
  }

  /** Goes on after the engine failed. */
  resume(): void {
    this.#isPaused = false;
    this.#next();
  }

  /** Answers at once; the end is told when it is there. Nothing happens to runs that neither wait nor run. */
  cancel(ids: readonly RunId[]): void {
    // All leave the queue first: else each would make room for the next.
    const waiting = ids.filter((id) => this.#waiting.delete(id));
    if (this.#running !== undefined && ids.includes(this.#running.id)) this.#running.controller.abort();
    void this.#endCancelled(waiting);
  }

  /** Resolves when the run is neither waiting nor running any more. */
  async stopped(id: RunId): Promise<void> {
    this.cancel([id]);
    if (this.#running?.id === id) await this.#running.done;
  }

  /** How many wait or run. */
  get length(): number {
    return this.#waiting.size + (this.#running === undefined ? 0 : 1);
  }

  /** No further run starts; the running one is asked to stop. What waits is "interrupted" at the next start. */
  close(): void {
    this.#isClosed = true;
    this.#running?.controller.abort();
  }

  /** In parts, because there may be 100,000. */
  async #endCancelled(ids: readonly RunId[]): Promise<void> {
    const { workspace, publish, now } = this.#context;
    try {
      for (const [index, id] of ids.entries()) {
        if (index > 0 && index % ENDED_TOGETHER === 0) await setImmediate();
        publish({ type: "runChanged", run: workspace.runs.end(id, { status: "cancelled", endedAt: now() }) });
      }
    } catch (error) {
      publish({ type: "noticed", level: "error", message: failureFrom(error).message });
    }
  }

  #next(): void {
    if (this.#running !== undefined || this.#isClosed || this.#isPaused) return;
    const [id] = this.#waiting;
    if (id === undefined) return;
    this.#waiting.delete(id);
    const controller = new AbortController();
    const done = executeRun(id, this.#context, controller.signal).then((failure) => {
      this.#running = undefined;
      if (failure === null) this.#lastRun = id;
      if (failure?.code === "engine.failed") this.#isPaused = true;
      this.#next();
    });
    this.#running = { id, controller, done };
  }
}
