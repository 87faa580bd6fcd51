// The queue of runs, with an engine that does what the test says in the place of the process.
import { rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EngineProcess } from "../../../src-main/jobs/engine-process.ts";
import { JobQueue } from "../../../src-main/jobs/job-queue.ts";
import { batchConfig, newRun } from "../../../src-main/server/services/new-runs.ts";
import type { EngineEvent, RunInput } from "../../../src-shared/contract/engine-protocol.ts";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import type { WorkbenchEvent } from "../../../src-shared/contract/workbench/events.ts";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import { keptIterations } from "../../../src-shared/contract/workbench/kept-iterations.ts";
import { machineSchema, type RunCost, runConfigFormSchema } from "../../../src-shared/contract/workbench/runs.ts";
import { openRunWorkspace, type RunWorkspaceFixture } from "../../helpers/run-workspace.ts";
import { settled, until } from "../../helpers/until.ts";
import { anEvaluation, aTraining } from "../../helpers/workbench-entities.ts";

type Work = (
  input: RunInput,
  tell: (event: EngineEvent<"run">) => void,
  signal: AbortSignal,
) => Promise<RunCost | undefined>;

const COST: RunCost = {
  loadMs: 1,
  firstMs: 1,
  views: [],
  iterationsMs: [1],
  keptMs: [],
  totalMs: 3,
  peakBytes: 2,
  startBytes: 1,
};

let fixture: RunWorkspaceFixture;
let events: WorkbenchEvent[];
beforeEach(async () => {
  fixture = await openRunWorkspace();
  events = [];
});
afterEach(() => fixture.close());

function queueOf(work: Work): JobQueue {
  const request = (_: string, input: RunInput, options: { signal: AbortSignal; onEvent: Parameters<Work>[1] }) =>
    work(input, options.onEvent, options.signal).then((cost) => cost ?? COST);
  let time = 1000;
  return new JobQueue({
    workspace: fixture.workspace,
    engine: { request: request as unknown as EngineProcess["request"] }, // of one command only
    publish: (event) => events.push(event),
    now: () => ++time,
    origin: { acclimate: "1.2.3", machine: "a machine" },
  });
}

/** A run in the store, for an image. */
function created(imageIndex = 0, config: object = {}): RunId {
  const { workspace, images, checkpoint } = fixture;
  const item = workspace.datasets.image(images[imageIndex] as (typeof images)[number]);
  const run = newRun({
    image: { id: item.id, datasetId: item.datasetId, key: item.key },
    checkpoint,
    config: runConfigFormSchema.parse(config),
    machine: machineSchema.parse({}),
    groupId: null,
    createdAt: 1,
  });
  workspace.runs.create(run);
  return run.id;
}

const statusOf = (id: RunId): string => fixture.workspace.runs.summary(id).status;
const endsOf = (id: RunId): string[] =>
  events.flatMap((event) =>
    event.type === "runChanged" && event.run.id === id && event.run.endedAt !== null ? [event.run.status] : [],
  );
const iterationFinished = (iteration: number): EngineEvent<"run"> => ({
  type: "progressed",
  event: { type: "iterationFinished", iteration, iterations: 5000, loss: 1 / iteration, elapsedMs: 1 },
});
const toldTypes = (): string[] => events.flatMap((event) => (event.type === "runProgressed" ? [event.event.type] : []));
/** Goes on until the run is to stop. */
const cancelled = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(new CancelledError());
    signal.addEventListener("abort", () => reject(new CancelledError()));
  });

describe("the queue", () => {
  it("runs one at a time, in the order they came", async () => {
    const log: string[] = [];
    const queue = queueOf(async ({ imagePath }) => {
      log.push(`start ${imagePath.at(-5)}`);
      await settled();
      log.push(`end ${imagePath.at(-5)}`);
      return undefined;
    });
    const ids = [created(2), created(0), created(1)];
    queue.add(ids);
    await until(() => queue.length === 0);
    expect(log).toEqual(["start 2", "end 2", "start 0", "end 0", "start 1", "end 1"]);
    for (const id of ids) expect(endsOf(id)).toEqual(["finished"]);
  });

  it("tells the engine where everything is, and keeps what it tells", async () => {
    let input: RunInput | undefined;
    const queue = queueOf(async (told, tell) => {
      input = told;
      const started = { checkpointSha256: "f".repeat(64), imageSha256: "e".repeat(64) };
      const device = { runtime: "onnx", provider: "cpu", threads: 2 };
      tell({ type: "started", size: { width: 64, height: 48 }, ...started, ...device });
      tell({
        type: "kept",
        kept: { iteration: 0, scores: null, meanConfidence: 0.5, meanEntropy: 0.25, figures: null },
      });
      const view = { index: 0, count: 6, scale: 0.25, flipped: false, gray: false, elapsedMs: 1 };
      tell({ type: "progressed", event: { type: "viewFinished", ...view } });
      const counts = { keptPixels: 3, pixels: 9, perClass: [3], agreement: 0.75 };
      tell({ type: "progressed", event: { type: "pseudoLabelFinished", ...counts } });
      tell({ type: "pseudoLabelWritten" });
      tell(iterationFinished(1));
      return undefined;
    });
    const id = created(0, { numEpochs: 1 });
    queue.add([id]);
    await until(() => queue.length === 0);
    const { workspace, checkpoint } = fixture;
    expect(input).toMatchObject({ imagePath: fixture.imagePath(0), checkpointPath: checkpoint.path });
    expect(input?.labels).toEqual({ path: fixture.imagePath(0).replace("images", "labels"), encoding: "trainIds" });
    expect(input?.kept.map(({ iteration }) => iteration)).toEqual([0, 1]);
    expect(input?.kept[1]?.files.entropy).toBe(workspace.artifacts.planePath(id, 1, "entropy"));
    expect(workspace.runs.get(id)).toMatchObject({
      size: { width: 64, height: 48 },
      losses: [1],
      views: [{ index: 0, scale: 0.25 }],
      pseudoLabel: { keptPixels: 3 },
      kept: [{ iteration: 0, meanConfidence: 0.5 }],
      provenance: { acclimate: "1.2.3", machine: "a machine", provider: "cpu", imageSha256: "e".repeat(64) },
    });
    expect(workspace.runs.costsOf(checkpoint.id, 5)).toMatchObject([{ cost: COST }]);
    // The checkpoint is not the one that was opened: that is said.
    expect(events.filter(({ type }) => type === "noticed")).toHaveLength(1);
    expect(queue.lastRun).toBe(id);
  });

  it("loses no iteration of a flood, keeps their order, and tells the end after them", async () => {
    const queue = queueOf(async (_, tell) => {
      for (let iteration = 1; iteration <= 5000; iteration += 1) tell(iterationFinished(iteration));
      return undefined;
    });
    const id = created();
    queue.add([id]);
    await until(() => queue.length === 0);
    const told = events.flatMap((event) =>
      event.type === "runProgressed" && event.event.type === "iterationFinished" ? [event.event.iteration] : [],
    );
    expect(told).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1));
    expect(fixture.workspace.runs.get(id).losses).toHaveLength(5000);
    const ofRun = events.filter(({ type }) => type !== "queueChanged");
    expect(ofRun.at(-1)).toMatchObject({ type: "runChanged", run: { status: "finished" } });
  });

  it("tells of a pseudo-label only when its file can be fetched", async () => {
    const queue = queueOf(async (_, tell) => {
      const counts = { keptPixels: 3, pixels: 9, perClass: [3], agreement: 0.75 };
      tell({ type: "progressed", event: { type: "pseudoLabelFinished", ...counts } });
      tell(iterationFinished(1));
      await until(() => toldTypes().length > 0);
      expect(toldTypes()).toEqual(["iterationFinished"]);
      tell({ type: "pseudoLabelWritten" });
      return undefined;
    });
    const id = created();
    queue.add([id]);
    await until(() => queue.length === 0);
    expect(endsOf(id)).toEqual(["finished"]);
    expect(toldTypes()).toEqual(["iterationFinished", "pseudoLabelFinished"]);
  });
});

describe("cancelling", () => {
  it("a waiting run takes it out of the queue, at once and once", async () => {
    const queue = queueOf((_, __, signal) => cancelled(signal));
    const [running, waiting, last] = [created(0), created(1), created(2)];
    queue.add([running, waiting, last]);
    queue.cancel([waiting]);
    queue.cancel([waiting]);
    expect(statusOf(waiting)).toBe("cancelled");
    expect(queue.length).toBe(2);
    queue.cancel([running, last]);
    await until(() => queue.length === 0);
    expect([endsOf(running), endsOf(waiting), endsOf(last)]).toEqual([["cancelled"], ["cancelled"], ["cancelled"]]);
  });

  it("a running run asks the engine to stop, keeps what was finished, and goes on with the next", async () => {
    const queue = queueOf(async ({ imagePath }, tell, signal) => {
      if (imagePath.endsWith("1.png")) return undefined;
      tell(iterationFinished(1));
      return cancelled(signal);
    });
    const [first, second] = [created(0), created(1)];
    queue.add([first, second]);
    await until(() => fixture.workspace.runs.get(first).losses.length === 1);
    queue.cancel([first]);
    await until(() => queue.length === 0);
    expect([endsOf(first), endsOf(second)]).toEqual([["cancelled"], ["finished"]]);
    expect(fixture.workspace.runs.get(first).losses).toEqual([1]);
  });

  it("a run that has ended changes nothing", async () => {
    const queue = queueOf(async () => undefined);
    const id = created();
    queue.add([id]);
    await until(() => queue.length === 0);
    await queue.stopped(id);
    expect(endsOf(id)).toEqual(["finished"]);
  });
});

describe("what goes wrong", () => {
  const failing = (error: Error): Work => {
    return async ({ imagePath }) => {
      if (imagePath.endsWith("0.png")) throw error;
      return undefined;
    };
  };

  it("fails the run with its sentence and goes on: a full disk, which every window is told of", async () => {
    const message = '"/w/runs/1/0-labels.gz" could not be written: no space is left for the folder "/w/runs/1".';
    const queue = queueOf(failing(new AppError("output.diskFull", message)));
    const [first, second] = [created(0), created(1)];
    queue.add([first, second]);
    await until(() => queue.length === 0);
    const error = { code: "output.diskFull", message };
    expect(fixture.workspace.runs.get(first)).toMatchObject({ status: "failed", error });
    expect(events).toContainEqual({ type: "noticed", level: "error", message });
    expect(endsOf(second)).toEqual(["finished"]);
  });

  it("marks a run interrupted whose engine died, with what happened to it", async () => {
    const message = "The engine stopped in the middle: it ended with signal SIGKILL.";
    const queue = queueOf(failing(new AppError("engine.ended", message)));
    const [first, second] = [created(0), created(1)];
    queue.add([first, second]);
    await until(() => queue.length === 0);
    expect(fixture.workspace.runs.get(first)).toMatchObject({ status: "interrupted", error: { message } });
    expect(endsOf(second)).toEqual(["finished"]);
  });

  it("lets the others wait when the engine can't be started, until it is tried again", async () => {
    let isBroken = true;
    const queue = queueOf(async () => {
      if (isBroken) throw new AppError("engine.failed", "The engine ends at every start, with exit code 7.");
      return undefined;
    });
    const [first, second] = [created(0), created(1)];
    queue.add([first, second]);
    await until(() => endsOf(first).length === 1);
    await settled();
    expect([endsOf(first), statusOf(second)]).toEqual([["failed"], "queued"]);
    isBroken = false;
    queue.resume();
    await until(() => queue.length === 0);
    expect(endsOf(second)).toEqual(["finished"]);
  });

  it("says a bug in one line", async () => {
    const queue = queueOf(failing(new Error("first line\n    at somewhere")));
    const id = created(0);
    queue.add([id]);
    await until(() => queue.length === 0);
    const error = { code: "bug", message: "Unexpected error, please report it: first line" };
    expect(fixture.workspace.runs.get(id).error).toEqual(error);
  });

  it("stops a run whose news can't be kept, and fails it with the reason", async () => {
    const queue = queueOf(async (_, tell, signal) => {
      fixture.workspace.runs.appendLoss = () => {
        throw new AppError("output.diskFull", "The disk is full.");
      };
      tell(iterationFinished(1));
      return cancelled(signal);
    });
    const id = created();
    queue.add([id]);
    await until(() => queue.length === 0);
    expect(fixture.workspace.runs.get(id)).toMatchObject({ status: "failed", error: { code: "output.diskFull" } });
  });

  it("keeps the end of a run later when the disk has no room for it, and tells why at once", async () => {
    const { runs } = fixture.workspace;
    const end = runs.end.bind(runs);
    runs.end = () => {
      throw new AppError("output.diskFull", "The disk is full.");
    };
    const queue = queueOf(async () => undefined);
    const id = created();
    queue.add([id]);
    await until(() => queue.length === 0);
    expect(statusOf(id)).toBe("running");
    expect(events).toContainEqual({ type: "noticed", level: "error", message: "The disk is full." });
    runs.end = end;
    await until(() => endsOf(id).length > 0);
    expect([endsOf(id), statusOf(id)]).toEqual([["finished"], "finished"]);
  });

  it("fails a run whose dataset was forgotten", async () => {
    const queue = queueOf(async () => undefined);
    const id = created();
    const { datasetId } = fixture.workspace.runs.get(id).image;
    fixture.workspace.datasets.remove(datasetId);
    queue.add([id]);
    await until(() => queue.length === 0);
    expect(fixture.workspace.runs.get(id)).toMatchObject({ status: "failed", error: { code: "workspace.unknown" } });
    await rm(fixture.imagePath(0), { force: true });
  });

  it.each(["image", "labels"])("fails a run whose %s is a link that leads out of the folder, unread", async (kind) => {
    let asked = 0;
    const queue = queueOf(async () => {
      asked += 1;
      return undefined;
    });
    const image = fixture.imagePath(0);
    const path = kind === "image" ? image : image.replace("images", "labels");
    const outside = join(fixture.folder, "private.png");
    await rename(path, outside);
    await symlink(outside, path);
    const id = created();
    queue.add([id]);
    await until(() => queue.length === 0);
    const message = `"${path}" leads out of the opened folder to "${outside}"; open the folder that the file is really in.`;
    expect(fixture.workspace.runs.get(id)).toMatchObject({
      status: "failed",
      error: { code: "input.outside", message },
    });
    expect(asked).toBe(0);
  });
});

it("a batch keeps the first and the last prediction, whatever the form says", () => {
  const kept = (config: object): number[] => keptIterations(batchConfig(runConfigFormSchema.parse(config)));
  expect(kept({ numEpochs: 10, keepEvery: 1 })).toEqual([0, 10]);
  expect(kept({ numEpochs: 0 })).toEqual([0]);
  expect(kept({ method: "tta" })).toEqual([0, 1]);
  expect(kept({ method: "predict" })).toEqual([0]);
});

describe("evaluations and trainings", () => {
  type AnyWork = (
    command: string,
    options: {
      signal: AbortSignal;
      kill?: AbortSignal;
      onEvent: (event: unknown) => void;
      setHold?: (hold: (on: boolean) => void) => void;
    },
  ) => Promise<unknown>;
  function queueWith(work: AnyWork): JobQueue {
    return new JobQueue({
      workspace: fixture.workspace,
      engine: { request: ((command: string, _: unknown, options: never) => work(command, options)) as never }, // of any command
      publish: (event) => events.push(event),
      now: () => 5000,
      origin: { acclimate: "1.2.3", machine: "a machine" },
    });
  }
  function newEvaluation() {
    const { workspace, images, checkpoint } = fixture;
    const { datasetId } = workspace.datasets.image(images[0] as (typeof images)[number]);
    const evaluation = anEvaluation({ datasetId, checkpointId: checkpoint.id });
    workspace.evaluations.create(evaluation);
    return evaluation.id;
  }
  function newTraining() {
    const training = aTraining();
    fixture.workspace.trainings.create(training);
    return training.id;
  }

  it("wait in one queue with the runs, and each is told of to the end", async () => {
    const commands: string[] = [];
    const queue = queueWith(async (command, { onEvent }) => {
      commands.push(command);
      if (command === "evaluate") {
        onEvent({ type: "recorded", images: 3, done: 3, failed: 1, miou: 0.5, ece: 0.1, image: null });
        onEvent({ type: "noticed", message: "One label has unknown ids." });
      }
      if (command === "train") {
        onEvent({
          type: "progressed",
          event: { type: "trainingStarted", steps: 2, epochs: 1, images: 2, finishedSteps: 0 },
        });
      }
      return command === "run" ? COST : null;
    });
    const [evaluation, run, training] = [newEvaluation(), created(), newTraining()];
    queue.add([evaluation], "evaluation");
    queue.add([run]);
    queue.add([training], "training");
    await queue.ended(training);
    expect(commands).toEqual(["evaluate", "run", "train"]);
    const { evaluations, trainings } = fixture.workspace;
    const counts = { done: 3, images: 3, failed: 1, miou: 0.5, ece: 0.1 };
    expect(evaluations.get(evaluation)).toMatchObject({
      status: "finished",
      startedAt: 5000,
      endedAt: 5000,
      ...counts,
    });
    expect(trainings.get(training)).toMatchObject({ status: "finished", steps: 2 });
    expect(events).toContainEqual({
      type: "noticed",
      level: "warning",
      message: "One label has unknown ids.",
      about: evaluation,
    });
    // Its model has been given up for the training.
    expect(queue.lastRun).toBeUndefined();
  });

  it("give each image its scores as it is done, long before the end", async () => {
    const queue = queueWith((_, { signal, onEvent }) => {
      const image = { key: "images/1.png", miou: 0.25, iou: [], entropy: 0.5, confidence: 0.75 };
      onEvent({ type: "recorded", images: 3, done: 1, failed: 0, miou: 0.25, ece: null, image });
      return cancelled(signal);
    });
    const id = newEvaluation();
    queue.add([id], "evaluation");
    await until(() => events.some(({ type }) => type === "datasetChanged"));
    const { evaluations, datasets } = fixture.workspace;
    expect(evaluations.get(id).status).toBe("running");
    expect(fixture.images.map((image) => datasets.image(image).scores?.miou)).toEqual([undefined, 0.25, undefined]);
    queue.cancel([id]);
    await queue.ended(id);
  });

  it("are cancelled while they wait, and can be waited for", async () => {
    const queue = queueWith((_, { signal }) => cancelled(signal));
    const [running, waiting] = [newEvaluation(), newTraining()];
    queue.add([running], "evaluation");
    queue.add([waiting], "training");
    queue.cancel([waiting, running]);
    await Promise.all([queue.ended(running), queue.ended(waiting)]);
    const { evaluations, trainings } = fixture.workspace;
    expect([evaluations.get(running).status, trainings.get(waiting).status]).toEqual(["cancelled", "cancelled"]);
  });

  it("are ended at once where somebody does not want to wait", async () => {
    // Hears of nothing but its end.
    const queue = queueWith((_, { kill }) => cancelled(kill ?? AbortSignal.abort()));
    const [training, waiting] = [newTraining(), newTraining()];
    queue.add([training, waiting], "training");
    queue.kill(waiting); // does not run: nothing happens
    queue.cancel([training]);
    queue.kill(training);
    await queue.ended(training);
    const { trainings } = fixture.workspace;
    expect([trainings.get(training).status, trainings.get(waiting).status]).toEqual(["cancelled", "running"]);
    queue.kill(waiting);
    await queue.ended(waiting);
    expect(trainings.get(waiting).status).toBe("cancelled");
  });

  it("are interrupted, not cancelled, when the program is closed in the middle: runs, too", async () => {
    const queue = queueOf((_, __, signal) => cancelled(signal));
    const run = created();
    queue.add([run]);
    await until(() => statusOf(run) === "running");
    queue.close();
    await queue.ended(run);
    expect(fixture.workspace.runs.get(run)).toMatchObject({
      status: "interrupted",
      error: { code: "engine.ended", message: "Acclimate was closed in the middle." },
    });
  });

  it("are held only where they run and the engine can", async () => {
    const told: boolean[] = [];
    const queue = queueWith((_, { signal, setHold }) => {
      setHold?.((isPaused) => told.push(isPaused));
      return cancelled(signal);
    });
    const [training, waiting] = [newTraining(), newTraining()];
    queue.add([training, waiting], "training");
    await until(() => queue.hold(training, true));
    expect([queue.hold(waiting, true), queue.hold(training, false)]).toEqual([false, true]);
    expect(told).toEqual([true, false]);
    queue.cancel([waiting]);
    await queue.settle();
    expect(fixture.workspace.trainings.get(training)).toMatchObject({
      status: "interrupted",
      error: { code: "engine.ended", message: "Acclimate was closed in the middle." },
    });
  });

  it("fail with a sentence when what they need is gone, and the next one begins", async () => {
    const queue = queueWith(async () => null);
    const orphan = anEvaluation();
    fixture.workspace.evaluations.create(orphan);
    const next = newTraining();
    queue.add([orphan.id], "evaluation");
    queue.add([next], "training");
    await queue.ended(next);
    expect(fixture.workspace.evaluations.get(orphan.id)).toMatchObject({
      status: "failed",
      error: { code: "workspace.unknown" },
    });
    expect(fixture.workspace.trainings.get(next).status).toBe("finished");
  });
});
