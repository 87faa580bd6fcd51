// A program of ours on a thread of its own: asked questions, it answers each, in whatever order.
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { BugError } from "../../../src-shared/contract/errors.ts";
import { errorFrom, type ThreadAnswer, type ThreadRequest } from "./thread-messages.ts";
import { transferable } from "./transferable.ts";

interface Waiting<Output> {
  readonly resolve: (output: Output) => void;
  readonly reject: (error: Error) => void;
}

export class Thread<Input, Output> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting<Output>>();
  #failure: Error | undefined;
  #isEnding = false;
  #requests = 0;

  /**
   * @param program  calls `answerRequests`
   * @param task  what the program is started with, plain data
   */
  constructor(program: URL, task: unknown) {
    const path = fileURLToPath(program);
    this.#worker = new Worker(path, { workerData: task, execArgv: ["--no-warnings"] });
    this.#worker.unref();
    this.#worker.on("message", (answer: ThreadAnswer<Output>) => this.#hear(answer));
    this.#worker.on("error", (error) => this.#end(new BugError(`the thread "${path}" ended`, { cause: error })));
    this.#worker.on("exit", () => this.#end(new BugError(`the thread "${path}" ended too early`)));
  }

  /**
   * @param transfer  buffers that the thread may take over: not to be used here afterwards
   * @throws AppError that the program has thrown; BugError for anything else, and when the thread has ended
   */
  ask(input: Input, transfer: readonly ArrayBufferLike[] = []): Promise<Output> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const request: ThreadRequest<Input> = { id: this.#requests, input };
    this.#requests += 1;
    return new Promise((resolve, reject) => {
      this.#worker.postMessage(request, transferable(transfer));
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker.ref();
    });
  }

  async dispose(): Promise<void> {
    this.#isEnding = true;
    await this.#worker.terminate();
  }

  #hear(answer: ThreadAnswer<Output>): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    // A thread that has nothing to do keeps no process alive; its end is waited for, whatever answers come before it.
    if (this.#waiting.size === 0 && !this.#isEnding) this.#worker.unref();
    if (answer.failure === undefined) waiting?.resolve(answer.output);
    else waiting?.reject(errorFrom(answer.failure));
  }

  #end(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
