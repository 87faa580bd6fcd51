// The whole workbench behind one address: workspace, engine processes, services, server; opened together, closed together.
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { AppError } from "../../src-shared/contract/errors.ts";
import type { ForkChild } from "../jobs/child.ts";
import { type Jobs, openJobs } from "../jobs/open-jobs.ts";
import { forkEngines } from "../jobs/start-engines.ts";
import { containedPath } from "../workspace/contained-path.ts";
import { keepLaunch, type Launch, readLastLaunch } from "../workspace/last-launch.ts";
import { openWorkspace, type Workspace } from "../workspace/open-workspace.ts";
import { workspaceFolder } from "../workspace/workspace-folder.ts";
import { newToken } from "./access.ts";
import { createApp } from "./create-app.ts";
import { EventHub } from "./event-hub.ts";
import { type Listening, type LoopbackHost, listen } from "./listen.ts";
import { Checkpoints } from "./services/checkpoint-service.ts";
import { Datasets } from "./services/dataset-service.ts";
import { Embeddings } from "./services/embedding-service.ts";
import { RunEstimator } from "./services/estimate-run.ts";
import { TrainingEstimator } from "./services/estimate-training.ts";
import { Evaluations } from "./services/evaluation-service.ts";
import { Exports } from "./services/export-service.ts";
import { JobList } from "./services/job-list.ts";
import { Preflight } from "./services/preflight.ts";
import { Runs } from "./services/run-service.ts";
import { System } from "./services/system-service.ts";
import { Trainings } from "./services/training-service.ts";
import { Tunings } from "./services/tuning-service.ts";
import type { Services } from "./services.ts";

// What whoever plugs in another kind of child process needs.
export { type Child, type ForkOptions, givePriority } from "../jobs/child.ts";

export interface WorkbenchOptions {
  /** Acclimate's own folder: the built page is in it. */
  readonly root: string;
  readonly version: string;
  /** 0: any free one. */
  readonly port: number;
  readonly host?: LoopbackHost;
  /** The folder that remembers everything; the system's own for such data unless it is given. */
  readonly workspace?: string | undefined;
  /** Hears of what the person at the terminal should know. */
  readonly log: (sentence: string) => void;
  /** How the processes that compute are started: by default as children of this Node. */
  readonly forkChild?: ForkChild;
}

export interface Workbench {
  /** With the key of this launch: whoever has it is let in. */
  readonly url: string;
  readonly origin: string;
  readonly services: Services;
  /** Runs that are not finished become "interrupted", child processes end, the workspace is let go. */
  close(): Promise<void>;
}

const GRACE_MS = 4000;

/**
 * @throws AppError `workspace.*`, `output.*`; `input.option` when the port can't be had. Nothing stays open then.
 */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { env, platform } = process;
  const folder = workspaceFolder(options.workspace, { env, platform, home: homedir() });
  const workspace = await openWorkspace(folder);
  try {
    return await openServer(workspace, options);
  } catch (error) {
    workspace.close();
    throw error;
  }
}

async function openServer(workspace: Workspace, options: WorkbenchOptions): Promise<Workbench> {
  const { root, host = "127.0.0.1", port, log, forkChild } = options;
  const hub = new EventHub();
  const publish = hub.publish.bind(hub);
  const proofKey = newToken();
  const jobs = openJobs({ workspace, publish, now: Date.now, start: forkEngines(forkChild) });
  try {
    const parts = await createServices(workspace, jobs, hub, { version: options.version, proofKey });
    const token = newToken();
    const last = readLastLaunch(workspace.folder);
    // The app is made when the port is known, which is open by then: whoever is faster waits for it.
    const app = Promise.withResolvers<ReturnType<typeof createApp>>();
    const listening = await listenAgain(async (request) => (await app.promise).fetch(request), { host, port }, last);
    keepLaunch(workspace.folder, { port: listening.port, proofKey });
    app.resolve(
      createApp({
        services: parts.services,
        token,
        lastProofKey: last?.port === listening.port ? last.proofKey : null,
        pageFolder: join(root, "dist", "renderer"),
        logFailure: (error) => log(failureText(error)),
      }),
    );
    const url = `${listening.origin}/?token=${token}`;
    workspace.announce(url);
    for (const notice of workspace.notices) log(notice);
    parts.datasets.start();
    parts.evaluations.catchUp();
    void openSample(parts, workspace, hub);
    return {
      url,
      origin: listening.origin,
      services: parts.services,
      close: () => closeAll(parts, listening, hub, jobs, workspace),
    };
  } catch (error) {
    jobs.close();
    throw error;
  }
}

interface Parts {
  readonly services: Services;
  readonly datasets: Datasets;
  readonly embeddings: Embeddings;
  readonly checkpoints: Checkpoints;
  readonly evaluations: Evaluations;
  readonly exports: Exports;
}

/**
 * On the port of the launch before where nobody minds which: pages that are still open, and what the browser keeps for the
 * address, find the server again.
 */
async function listenAgain(
  answer: (request: Request) => Promise<Response>,
  { host, port }: { readonly host: LoopbackHost; readonly port: number },
  last: Launch | null,
): Promise<Listening> {
  if (port !== 0 || last === null) return listen(answer, { host, port });
  try {
    return await listen(answer, { host, port: last.port });
  } catch {
    return listen(answer, { host, port }); // taken meanwhile
  }
}

async function createServices(
  workspace: Workspace,
  jobs: Jobs,
  hub: EventHub,
  { version, proofKey }: { readonly version: string; readonly proofKey: string },
): Promise<Parts> {
  const publish = hub.publish.bind(hub);
  const { background, engine } = jobs;
  const datasets = new Datasets({ workspace, background, publish });
  const checkpoints = new Checkpoints({ checkpoints: workspace.checkpoints, background, publish });
  const embeddings = new Embeddings({ workspace, jobs, publish });
  const estimator = new RunEstimator({ workspace, jobs });
  const trainingEstimator = new TrainingEstimator({ workspace, jobs, estimator });
  const preflight = new Preflight({ workspace, jobs, estimator, trainingEstimator });
  const runs = new Runs({ workspace, jobs, publish, now: Date.now, estimator, preflight });
  const queue = new JobList({ workspace, jobs, estimator, now: Date.now });
  const evaluations = new Evaluations({ workspace, jobs, estimator, preflight, publish, now: Date.now });
  const trainings = new Trainings({
    workspace,
    jobs,
    estimator: trainingEstimator,
    preflight,
    checkpoints,
    publish,
    now: Date.now,
  });
  const tunings = new Tunings({ workspace, jobs, preflight, publish, now: Date.now });
  const exports = await Exports.open({
    sources: {
      runs: workspace.runs,
      datasets: workspace.datasets,
      checkpoints: workspace.checkpoints,
      artifacts: workspace.artifacts,
      imagePath: (id) => {
        const { root, key } = workspace.datasets.files(id);
        return containedPath(root, key);
      },
      command: (id) => runs.command(id),
    },
    downloads: join(workspace.folder, "exports"),
    write: async (job, onEvent, signal) => {
      await background.request("writeExport", job, { onEvent, signal });
    },
    preflight,
    publish,
  });
  const system = new System({
    version,
    proofKey,
    workspace,
    publish,
    engine: {
      state: () => engine.state,
      memoryBytes: () => engine.memoryBytes + background.memoryBytes,
      devices: (threads) => background.request("devices", { threads }),
      restart: async () => {
        background.restart();
        engine.restart();
      },
    },
  });
  const services = {
    datasets,
    checkpoints,
    embeddings,
    runs,
    evaluations,
    trainings,
    tunings,
    queue,
    exports,
    system,
    events: hub,
  };
  return { services, datasets, embeddings, checkpoints, evaluations, exports };
}

/** On the first start only: whoever removes the sample does not want it back. */
async function openSample({ datasets, checkpoints }: Parts, { settings }: Workspace, hub: EventHub): Promise<void> {
  try {
    if (!settings.hasMark("sampleDatasetOpened")) {
      await datasets.openSampleDataset();
      settings.setMark("sampleDatasetOpened");
    }
    if (!settings.hasMark("sampleCheckpointOpened")) {
      await checkpoints.openSampleCheckpoint();
      settings.setMark("sampleCheckpointOpened");
    }
  } catch (error) {
    if (error instanceof AppError && error.code === "engine.ended") return; // closed at once: the next start does it
    const message = `The built-in sample could not be opened: ${error instanceof Error ? error.message : error}`;
    hub.publish({ type: "noticed", level: "warning", message });
  }
}

async function closeAll(
  { datasets, embeddings, exports }: Parts,
  listening: Listening,
  hub: EventHub,
  jobs: Jobs,
  workspace: Workspace,
): Promise<void> {
  datasets.close();
  hub.close();
  await listening.close();
  // An export removes what is half written and a training saves its state, unless they take too long over it.
  const grace = setTimeout(GRACE_MS, undefined, { ref: false });
  await Promise.race([Promise.all([exports.close(), embeddings.close(), jobs.settle()]), grace]);
  jobs.close();
  // At once: a run that ends now stays "running" in there, and is "interrupted" when the workspace is opened next.
  workspace.close();
}

function failureText(error: unknown): string {
  return `unexpected error, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
