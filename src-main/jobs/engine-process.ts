// One engine process under supervision: started when it is needed, started again after it ended, given up when it ends at
// every start. Requests are answered exactly once, whatever happens to it.
import {
  CANCELLED_CODE,
  ENGINE_COMMANDS,
  type EngineCommand,
  type EngineEvent,
  type EngineInput,
  type EngineOutput,
  type EngineReply,
  engineReplySchema,
} from "../../src-shared/contract/engine-protocol.ts";
import { AppError, BugError, CancelledError, type ErrorCode } from "../../src-shared/contract/errors.ts";
import type { Failure } from "../../src-shared/contract/results.ts";
import type { EngineState } from "../../src-shared/contract/workbench/system.ts";
import type { Child, ChildEnd, StartChild } from "./child.ts";

export interface EngineProcessOptions {
  readonly start: StartChild;
  readonly onState?: (state: EngineState) => void;
  /** A cancelled request that is not answered by then ends the process; null: it is waited for. */
  readonly killAfterMs?: number | null;
  /** As many requests are with the process at a time, the others wait. */
  readonly maxRequests?: number;
  readonly now?: () => number;
}

export interface RequestOptions<C extends EngineCommand> {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: EngineEvent<C>) => void;
  /** Takes what holds the command between its steps and lets it go on, once the process has it. */
  readonly setHold?: (hold: (isPaused: boolean) => void) => void;
  /** In place of the process's own, asked when the request is cancelled: steps of some commands take long. */
  readonly killAfterMs?: () => number;
  /** Ends the process that has the command at once, whatever is lost. */
  readonly kill?: AbortSignal;
}

/** As long as whoever cancels waits gladly. What a run has told is kept; its model has to be read again. */
const KILL_AFTER_MS = 2000;
/** Ends within this time of a start count as failures to start. */
const SHORT_LIFE_MS = 5000;
const MAX_SHORT_LIVES = 3;

interface Pending {
  readonly id: number;
  readonly command: EngineCommand;
  readonly input: unknown;
  readonly onEvent: (event: unknown) => void;
  readonly setHold: ((hold: (isPaused: boolean) => void) => void) | undefined;
  readonly killAfterMs: (() => number) | undefined;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  isCancelled: boolean;
  killTimer?: NodeJS.Timeout;
}

export class EngineProcess {
  readonly #options: EngineProcessOptions;
  readonly #now: () => number;
  #state: EngineState = { status: "stopped", message: "The engine has not been started yet." };
  #child: Child | undefined;
  #isReady = false;
  #startedAt = 0;
  #shortLives = 0;
  #nextId = 1;
  #memoryBytes = 0;
  /** Not with the process yet, in order. */
  #waiting: Pending[] = [];
  readonly #sent = new Map<number, Pending>();
  /** Why we end the process ourselves, for the words about it. */
  #reason: string | undefined;
  #isClosed = false;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  get state(): EngineState {
    return this.#state;
  }

  /** As the process last told it; 0 while there is none. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** So that it is ready when it is needed; nothing happens when it is there. */
  start(): void {
    if (this.#child !== undefined || this.#isClosed) return;
    this.#setState({ status: "starting" });
    this.#isReady = false;
    this.#reason = undefined;
    this.#startedAt = this.#now();
    const child = this.#options.start();
    this.#child = child;
    child.onMessage((message) => {
      if (this.#child === child) this.#hear(engineReplySchema.parse(message));
    });
    child.onEnd((end) => {
      if (this.#child === child) this.#ended(end, child.lastWords());
    });
  }

  /** Tries again after it failed. */
  restart(): void {
    this.#shortLives = 0;
    this.start();
  }

  /**
   * Sends a command and resolves with its answer. It is sent once: a process that ends in the middle of it fails it.
   *
   * @throws AppError of the command, `engine.ended`, `engine.failed`
   * @throws CancelledError after the signal; the process has stopped working on it by then
   * @throws BugError for a broken invariant in the process
   */
  request<C extends EngineCommand>(
    command: C,
    input: EngineInput<C>,
    { signal, onEvent, setHold, killAfterMs, kill }: RequestOptions<C> = {},
  ): Promise<EngineOutput<C>> {
    const { event: eventSchema, output: outputSchema } = ENGINE_COMMANDS[command];
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new CancelledError());
      if (this.#isClosed) return reject(new AppError("engine.ended", "The program is about to end."));
      if (this.#state.status === "failed") return reject(new AppError("engine.failed", this.#state.message));
      const onAbort = (): void => this.#cancel(pending);
      const onKill = (): void => this.#kill(pending);
      const settle = (): void => {
        clearTimeout(pending.killTimer);
        signal?.removeEventListener("abort", onAbort);
        kill?.removeEventListener("abort", onKill);
      };
      const pending: Pending = {
        id: this.#nextId,
        command,
        input,
        // The table pairs schemas with their types; TypeScript does not follow a pair through an index.
        onEvent: (event) => onEvent?.(eventSchema.parse(event) as EngineEvent<C>),
        setHold,
        killAfterMs,
        resolve: (output) => {
          settle();
          const parsed = outputSchema.safeParse(output);
          if (parsed.success) resolve(parsed.data as EngineOutput<C>);
          else reject(new BugError(`the engine answers "${command}" otherwise than agreed`, { cause: parsed.error }));
        },
        reject: (error) => {
          settle();
          reject(error);
        },
        isCancelled: false,
      };
      this.#nextId += 1;
      signal?.addEventListener("abort", onAbort, { once: true });
      kill?.addEventListener("abort", onKill, { once: true });
      this.#waiting.push(pending);
      this.start();
      this.#sendWaiting();
    });
  }

  /** Ends the process for good. */
  close(): void {
    this.#isClosed = true;
    this.#failAll(new AppError("engine.ended", "The program is about to end."));
    this.#child?.kill();
    this.#child = undefined;
    this.#memoryBytes = 0;
  }

  #sendWaiting(): void {
    const { maxRequests = Number.POSITIVE_INFINITY } = this.#options;
    while (this.#isReady && this.#sent.size < maxRequests) {
      const pending = this.#waiting.shift();
      if (pending === undefined) return;
      const { id, command, input } = pending;
      this.#sent.set(id, pending);
      this.#child?.send({ type: "start", id, command, input });
      pending.setHold?.((isPaused) => {
        if (this.#sent.has(id)) this.#child?.send({ type: isPaused ? "pause" : "resume", id });
      });
    }
  }

  #hear(reply: EngineReply): void {
    switch (reply.type) {
      case "ready":
        this.#isReady = true;
        this.#setState({ status: "ready" });
        this.#sendWaiting();
        return;
      case "memory":
        this.#memoryBytes = reply.bytes;
        return;
      case "event":
        this.#tell(reply.id, reply.event);
        return;
      case "result":
        this.#take(reply.id)?.resolve(reply.output);
        return;
      case "error":
        this.#take(reply.id)?.reject(errorFrom(reply.error));
        return;
      default:
        reply satisfies never;
    }
  }

  /** Whoever asked and can't take the event gets an error instead of an answer; the process stops working on it. */
  #tell(id: number, event: unknown): void {
    try {
      this.#sent.get(id)?.onEvent(event);
    } catch (error) {
      this.#child?.send({ type: "cancel", id });
      this.#take(id)?.reject(new BugError("an event of the engine could not be taken", { cause: error }));
    }
  }

  /** The request that is answered now. */
  #take(id: number): Pending | undefined {
    const pending = this.#sent.get(id);
    this.#sent.delete(id);
    this.#sendWaiting();
    return pending;
  }

  #cancel(pending: Pending): void {
    pending.isCancelled = true;
    if (!this.#sent.has(pending.id)) {
      this.#waiting = this.#waiting.filter((other) => other !== pending);
      pending.reject(new CancelledError());
      return;
    }
    this.#child?.send({ type: "cancel", id: pending.id });
    const { killAfterMs = KILL_AFTER_MS } = this.#options;
    if (killAfterMs === null) return;
    const waitMs = pending.killAfterMs?.() ?? killAfterMs;
    pending.killTimer = setTimeout(() => this.#kill(pending), waitMs);
  }

  #kill(pending: Pending): void {
    if (!this.#sent.has(pending.id)) return;
    pending.isCancelled = true;
    this.#reason = "it was stopped, because what was cancelled did not end by itself";
    this.#child?.kill();
  }

  #ended(end: ChildEnd, lastWords: string): void {
    const lived = this.#now() - this.#startedAt;
    const wasReady = this.#isReady;
    this.#child = undefined;
    this.#isReady = false;
    this.#memoryBytes = 0;
    // An end in the middle of a request is that request's, not the program's.
    const isShort = this.#reason === undefined && this.#sent.size === 0 && (!wasReady || lived < SHORT_LIFE_MS);
    this.#shortLives = isShort ? this.#shortLives + 1 : 0;
    const why = this.#reason ?? `it ended with ${end}${likelyCause(end)}`;
    this.#setState({ status: "stopped", message: `The engine is not running: ${why}. The next run starts it again.` });
    for (const pending of [...this.#sent.values()]) {
      const error = pending.isCancelled
        ? new CancelledError()
        : new AppError("engine.ended", `The engine stopped in the middle: ${why}.`);
      pending.reject(error);
    }
    this.#sent.clear();
    if (this.#shortLives >= MAX_SHORT_LIVES) {
      this.#giveUp(end, lastWords);
      return;
    }
    // Ended by us it is wanted again soon: whoever cancels starts something else.
    if (this.#waiting.length > 0 || this.#reason !== undefined) this.start();
  }

  #giveUp(end: ChildEnd, lastWords: string): void {
    const words = errorLine(lastWords);
    const message =
      `The engine ends at every start, with ${end}${words === "" ? "" : ` (${words})`}; ` +
      "run `acclimate doctor` to see why, then try again.";
    this.#setState({ status: "failed", message });
    this.#failAll(new AppError("engine.failed", message));
  }

  #failAll(error: AppError): void {
    const all = [...this.#sent.values(), ...this.#waiting];
    this.#sent.clear();
    this.#waiting = [];
    for (const pending of all) pending.reject(pending.isCancelled ? new CancelledError() : error);
  }

  #setState(state: EngineState): void {
    this.#state = state;
    this.#options.onState?.(state);
  }
}

/** Linux ends the largest process by this signal when memory runs out. */
function likelyCause(end: ChildEnd): string {
  return end === "signal SIGKILL" || end === "exit code 137" ? ", as the system does when memory runs out" : "";
}

/** Of a stack trace the line that says what happened. */
function errorLine(words: string): string {
  const lines = words.split("\n").map((line) => line.trim());
  return lines.find((line) => /^\w*Error\b.*: /.test(line)) ?? lines.findLast((line) => line !== "") ?? "";
}

function errorFrom({ code, message }: Failure): Error {
  if (code === CANCELLED_CODE) return new CancelledError(message);
  if (code === "bug") return new BugError(message);
  return new AppError(code as ErrorCode, message); // codes of the engine are of the same program
}
