// Divides an evaluation among processes of this machine, as many at a time as fit into its memory.
import { type ChildProcess, fork } from "node:child_process";
import { freemem } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import { type EvaluationEvent, evaluationEventSchema } from "../../../src-shared/contract/evaluation.ts";
import type { EvaluationRequest } from "../../engine/evaluation/run-evaluation.ts";
import { physicalCores } from "../../engine/runtimes/physical-cores.ts";
import { EXIT } from "../exit-codes.ts";

/** A worker grows a little after its first image. */
const GROWTH = 1.25;

const messageSchema = z.object({ event: evaluationEventSchema, rssBytes: z.number() });

export interface WorkersObserver {
  readonly signal: AbortSignal;
  onEvent(event: EvaluationEvent): void;
  say(line: string): void;
}

/**
 * The first worker's memory after its first image decides how many run beside it; the other shards follow as workers end.
 *
 * @returns the folders of the shards, inside the evaluation's own
 * @throws AppError `runtime.failed` when a worker ends with an error; what all recorded stays
 */
export async function runInWorkers(
  request: EvaluationRequest,
  workers: number,
  { signal, onEvent, say }: WorkersObserver,
): Promise<string[]> {
  const folders = Array.from({ length: workers }, (_, i) => join(request.output, "shards", String(i + 1)));
  const waiting = folders.map((folder, i) => ({ folder, shard: `${i + 1}/${workers}` }));
  const images = new Map<string, number>();
  const done = new Map<string, number>();
  let allowed = 1;

  const hear = (shard: string, message: unknown): void => {
    const parsed = messageSchema.safeParse(message);
    if (!parsed.success) return;
    const { event, rssBytes } = parsed.data;
    images.set(shard, event.images);
    if (event.type !== "imageStarted") {
      done.set(shard, event.done);
      if (allowed === 1) allowed = workersThatFit(rssBytes, workers, say);
    }
    onEvent(
      event.type === "imageStarted"
        ? { ...event, images: sum(images) }
        : { ...event, done: sum(done), images: sum(images) },
    );
  };

  await new Promise<void>((resolve, reject) => {
    const running = new Set<ChildProcess>();
    let failure: Error | null = null;
    const stop = (): void => {
      for (const child of running) child.kill("SIGINT");
    };
    signal.addEventListener("abort", stop);
    const next = (): void => {
      while (failure === null && !signal.aborted && running.size < allowed) {
        const job = waiting.shift();
        if (job === undefined) break;
        const child = startWorker(job.folder, job.shard, workers);
        running.add(child);
        child.on("message", (message) => {
          hear(job.shard, message);
          next();
        });
        child.on("exit", (code, killedBy) => {
          running.delete(child);
          if (code !== EXIT.ok && code !== EXIT.someFailed) failure ??= workerFailure(job.shard, code, killedBy);
          if (failure !== null) stop();
          next();
        });
      }
      if (running.size > 0) return;
      signal.removeEventListener("abort", stop);
      if (signal.aborted) reject(new CancelledError());
      else if (failure !== null) reject(failure);
      else resolve();
    };
    next();
  });
  return folders;
}

/** The same command, but for its part of the images, its folder and its share of the cores. */
function startWorker(folder: string, shard: string, workers: number): ChildProcess {
  const own = withoutFlags(process.argv.slice(2), ["--workers", "--output", "--shard", "--json"]);
  const threads = own.includes("--threads")
    ? []
    : ["--threads", String(Math.max(1, Math.floor(physicalCores() / workers)))];
  const args = [...own, "--output", folder, "--shard", shard, ...threads, "--json"];
  return fork(process.argv[1] ?? "", args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
}

function withoutFlags(args: readonly string[], flags: readonly string[]): string[] {
  return args.filter((arg, i) => {
    const isFlag = flags.some((flag) => arg === flag || arg.startsWith(`${flag}=`));
    const before = args[i - 1] ?? "";
    return !isFlag && !(flags.includes(before) && before !== "--json");
  });
}

function workersThatFit(rssBytes: number, workers: number, say: (line: string) => void): number {
  const fitting = 1 + Math.max(0, Math.floor(freemem() / (rssBytes * GROWTH)));
  if (fitting >= workers) return workers;
  const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
  say(
    `${fitting} of ${workers} workers run at a time: each takes ${gigabytes(rssBytes)} GB, and ${gigabytes(freemem())} GB are free.`,
  );
  return fitting;
}

function workerFailure(shard: string, code: number | null, killedBy: NodeJS.Signals | null): Error {
  if (code === EXIT.cancelled) return new CancelledError();
  const how = killedBy === null ? `with exit code ${code}` : `by ${killedBy}`;
  return new AppError(
    "runtime.failed",
    `The worker of shard ${shard} ended ${how}; start the same command again to go on from there.`,
  );
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
