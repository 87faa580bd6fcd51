// A child process as the supervision sees it, so that Electron's utility processes fit as well as Node's own.
import { fork } from "node:child_process";
import { setPriority } from "node:os";
import type { EngineRequest } from "../../src-shared/contract/engine-protocol.ts";

/** How a child ended, in words that follow "with": "exit code 1", "signal SIGKILL". */
export type ChildEnd = string;

export interface Child {
  send(request: EngineRequest): void;
  /** At once, whatever it does. */
  kill(): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once. */
  onEnd(listener: (end: ChildEnd) => void): void;
  /** The last that it wrote to its error stream. */
  lastWords(): string;
}

export type StartChild = () => Child;

export interface ForkOptions {
  /** The program, .js or .ts. */
  readonly program: string;
  /** What the system's list of processes calls it, where it can be said. */
  readonly name: string;
  /** On top of this process's own. */
  readonly env: Readonly<Record<string, string>>;
  /** As `os.setPriority` takes it; 19 is the lowest. */
  readonly priority: number;
}

export type ForkChild = (options: ForkOptions) => Child;

const WORDS_KEPT = 2000;

/** Starts a program of ours as a child of this Node. */
export function forkChild({ program, env, priority }: ForkOptions): Child {
  const child = fork(program, [], {
    serialization: "advanced", // typed arrays cross as they are
    execArgv: ["--no-warnings"],
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  if (child.pid !== undefined) givePriority(child.pid, priority);
  let words = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-WORDS_KEPT);
  });
  child.on("error", () => undefined); // "exit" or "disconnect" follows, or the program can't be started at all
  return {
    // A child that is about to end can't be told anything; its end tells the rest.
    send: (request) => child.connected && child.send(request, () => undefined),
    kill: () => child.kill("SIGKILL"),
    onMessage: (listener) => child.on("message", listener),
    onEnd: (listener) => {
      let hasEnded = false;
      const end = (how: string): void => {
        if (hasEnded) return;
        hasEnded = true;
        listener(how);
      };
      child.on("close", (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`));
      child.on("error", (error) => child.pid === undefined && end(error.message));
    },
    lastWords: () => words,
  };
}

/** Where the system refuses, the process is as important as any other. */
export function givePriority(pid: number, priority: number): void {
  try {
    setPriority(pid, priority);
  } catch {
    // Told nowhere: it is a courtesy, not a need.
  }
}
