// The two processes that compute: the engine for runs, and one in the background for all that a window asks for meanwhile.
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import type { EngineState } from "../../src-shared/contract/workbench/system.ts";
import { allocatorSettings } from "./allocator-settings.ts";
import { type ForkChild, forkChild, type StartChild } from "./child.ts";
import { EngineProcess } from "./engine-process.ts";

/** The program beside this one: built, or from its sources, whose types Node strips. */
const PROGRAM = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../engine/process/main.ts" : "engine.js", import.meta.url),
);

/** Few threads, so that a run has the cores. */
const FEW_THREADS = { UV_THREADPOOL_SIZE: "2", OMP_NUM_THREADS: "1", VIPS_CONCURRENCY: "1" };
/** Enough to keep its threads busy, few enough that decoded images do not pile up. */
const BACKGROUND_REQUESTS = 8;

export interface EngineStart {
  readonly engine: StartChild;
  readonly background: StartChild;
}

/** @param fork  by default as children of this Node */
export function forkEngines(fork: ForkChild = forkChild): EngineStart {
  const memory = allocatorSettings();
  const { PRIORITY_NORMAL, PRIORITY_BELOW_NORMAL } = constants.priority;
  const engine = { program: PROGRAM, name: "Acclimate Engine", env: memory, priority: PRIORITY_NORMAL };
  const background = {
    program: PROGRAM,
    name: "Acclimate Background",
    env: { ...memory, ...FEW_THREADS },
    // After the runs, but not last of all: at the lowest priority, with two cores busy, the process took 44 s to start; at
    // this one 2 s, and a thumbnail of 2048 x 1024 pixels takes 40 ms.
    priority: PRIORITY_BELOW_NORMAL,
  };
  return { engine: () => fork(engine), background: () => fork(background) };
}

/** One run at a time. */
export function engineProcess(start: StartChild, onState: (state: EngineState) => void): EngineProcess {
  return new EngineProcess({ start, onState });
}

/** Listing, thumbnails, checkpoints, exports. */
export function backgroundProcess(start: StartChild): EngineProcess {
  return new EngineProcess({ start, killAfterMs: null, maxRequests: BACKGROUND_REQUESTS });
}
