// Reads training images on other threads, so that the one that trains does not wait for them.
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { BugError } from "../../../../src-shared/contract/errors.ts";
import { at } from "../../graph/node.ts";
import type { DataSource } from "./data-source.ts";
import { errorFrom, type WorkerAnswer, type WorkerRequest, type WorkerTask } from "./sample-messages.ts";
import type { SampleConfig, SampleReader, TrainingSample } from "./training-batch.ts";

/** The program beside this file; in the built program both are bundled, into one folder. */
const PROGRAM = new URL(import.meta.url.endsWith(".ts") ? "training-worker.ts" : "training-worker.js", import.meta.url);

interface Waiting {
  readonly resolve: (sample: TrainingSample) => void;
  readonly reject: (error: Error) => void;
}

/** One thread and the requests it has not answered. */
class SampleThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #failure: Error | undefined;
  #requests = 0;

  constructor(task: WorkerTask) {
    this.#worker = new Worker(fileURLToPath(PROGRAM), { workerData: task, execArgv: ["--no-warnings"] });
    this.#worker.unref();
    this.#worker.on("message", (answer: WorkerAnswer) => this.#hear(answer));
    this.#worker.on("error", (error) => this.#end(new BugError("a thread that reads images ended", { cause: error })));
    this.#worker.on("exit", () => this.#end(new BugError("a thread that reads images ended too early")));
  }

  read(place: number, epoch: number): Promise<TrainingSample> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const request: WorkerRequest = { id: this.#requests, place, epoch };
    this.#requests += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage(request);
    });
  }

  async dispose(): Promise<void> {
    await this.#worker.terminate();
  }

  #hear({ id, sample, failure }: WorkerAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    // Threads that have nothing to do keep no process alive.
    if (this.#waiting.size === 0) this.#worker.unref();
    if (failure === undefined) waiting?.resolve(sample);
    else waiting?.reject(errorFrom(failure));
  }

  #end(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

/**
 * Starts the threads. An image is always read by the same one, which may keep what it has rendered or decoded; which one it
 * is changes nothing about the samples. `dispose` ends them.
 */
export function workerSamples(source: DataSource, config: SampleConfig, threads: number): SampleReader {
  const { seed, cropSize, augmentation } = config;
  const task: WorkerTask = { source, config: { seed, cropSize, augmentation } };
  const pool = Array.from({ length: threads }, () => new SampleThread(task));
  return {
    read: (place, epoch) => at(pool, place % threads).read(place, epoch),
    dispose: async () => {
      await Promise.all(pool.map((thread) => thread.dispose()));
    },
  };
}
