// Everything that computes, behind one door: the queue of runs, evaluations and trainings, and the two processes.
import { cpus } from "node:os";
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import { packageRoot, packageVersion } from "../files/package-root.ts";
import type { EngineProcess } from "./engine-process.ts";
import type { JobWorkspace } from "./job.ts";
import { JobQueue } from "./job-queue.ts";
import { backgroundProcess, type EngineStart, engineProcess } from "./start-engines.ts";

export interface Jobs {
  readonly engine: EngineProcess;
  readonly background: EngineProcess;
  readonly queue: JobQueue;
  /** Nothing further starts; resolves when a training that was running has written what it needs to go on. */
  settle(): Promise<void>;
  close(): void;
}

export interface JobsOptions {
  readonly workspace: JobWorkspace;
  readonly publish: (event: WorkbenchEvent) => void;
  readonly start: EngineStart;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Starts both processes, so that they are there when the first image is chosen. */
export function openJobs({ workspace, publish, now, start }: JobsOptions): Jobs {
  const engine = engineProcess(start.engine, (state) => {
    publish({ type: "engineChanged", engine: state });
    if (state.status === "starting") queue.engineStarted();
    if (state.status === "ready") queue.resume();
  });
  const background = backgroundProcess(start.background);
  const origin = { acclimate: packageVersion(packageRoot()), machine: machineText() };
  const queue = new JobQueue({ workspace, engine, publish, now, origin });
  engine.start();
  background.start();
  return {
    engine,
    background,
    queue,
    settle: () => queue.settle(),
    close: () => {
      queue.close();
      engine.close();
      background.close();
    },
  };
}

/** "linux x64, AMD EPYC, 2 cores" */
function machineText(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? "unknown processor";
  return `${process.platform} ${process.arch}, ${model}, ${processors.length} cores`;
}
