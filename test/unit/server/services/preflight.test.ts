// What each kind of job needs of the machine: refused when it is far too much, started anyway when that is insisted on.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RunEstimator } from "../../../../src-main/server/services/estimate-run.ts";
import { Preflight, publishWarnings } from "../../../../src-main/server/services/preflight.ts";
import type { RunWork } from "../../../../src-shared/contract/engine-protocol.ts";
import { startEvaluationSchema } from "../../../../src-shared/contract/workbench/evaluations.ts";
import type { WorkbenchEvent } from "../../../../src-shared/contract/workbench/events.ts";
import type { ImageId, RunId } from "../../../../src-shared/contract/workbench/ids.ts";
import { machineSchema, runConfigFormSchema } from "../../../../src-shared/contract/workbench/runs.ts";
import { startTuningSchema } from "../../../../src-shared/contract/workbench/tunings.ts";
import { exampleRun } from "../../../helpers/example-run.ts";
import { openRunWorkspace, type RunWorkspaceFixture } from "../../../helpers/run-workspace.ts";

const TOO_MUCH = 1e15;
const part = (heldBytes: number) => ({ gflop: 10, movedBytes: 0, heldBytes });

let fixture: RunWorkspaceFixture;
/** Configurations whose work was asked for. */
let asked: { readonly scales: readonly number[] }[];
/** Bytes that a pass holds; of the device; of the disk. */
let world: { heldBytes: number; deviceBytes: number | null; diskBytes: number };
let preflight: Preflight;

beforeEach(async () => {
  fixture = await openRunWorkspace(3);
  asked = [];
  world = { heldBytes: 1e6, deviceBytes: null, diskBytes: 1e12 };
  const { workspace } = fixture;
  const request = async (command: string, input: { config?: { scales: number[] } }) => {
    if (command === "freeDeviceMemory") return { bytes: world.deviceBytes };
    if (command === "thumbnail") return { bytes: new Uint8Array(), size: { width: 64, height: 48 } };
    if (input.config !== undefined) asked.push(input.config);
    const held = part(world.heldBytes);
    return {
      prediction: held,
      views: [],
      iteration: held,
      weightBytes: 1e6,
      scoreBytes: 1e6,
      heldScoreBytes: 1e6,
    } satisfies RunWork;
  };
  // As much of the jobs as a preflight asks.
  const jobs = { engine: { memoryBytes: 0 }, background: { request, memoryBytes: 0 }, queue: { lastRun: undefined } };
  const estimator = new RunEstimator({ workspace, jobs: jobs as never });
  const artifacts = { freeBytes: async () => world.diskBytes };
  preflight = new Preflight({ workspace: { datasets: workspace.datasets, artifacts }, jobs: jobs as never, estimator });
});
afterEach(() => fixture.close());

const machine = machineSchema.parse({});
const config = (different: object = {}) => runConfigFormSchema.parse({ numEpochs: 3, ...different });
const runs = (configs = [config()]) => ({
  imageIds: fixture.images,
  checkpointId: fixture.checkpoint.id,
  machine,
  configs,
});
const ofDataset = (different: object) =>
  startEvaluationSchema.parse({
    datasetId: fixture.workspace.datasets.image(fixture.images[0] as ImageId).datasetId,
    checkpointId: fixture.checkpoint.id,
    split: null,
    ...different,
  });

describe("what a job needs", () => {
  it("is no reason to say anything where there is enough", async () => {
    expect(await preflight.ofRuns(runs(), false)).toEqual([]);
    expect(await preflight.ofEvaluation(ofDataset({ config: { method: "predict" } }), false)).toEqual([]);
  });

  it("refuses every kind for far too little memory, and starts it when that is insisted on", async () => {
    world.heldBytes = TOO_MUCH;
    const evaluation = ofDataset({ config: { method: "tta" } });
    const plan = { start: {}, grid: { scales: [[0.5], [2, 0.5], [1]] }, criterion: "entropy" };
    const { imageIds, checkpointId } = runs();
    const tuning = startTuningSchema.parse({ imageIds: [...imageIds], checkpointId, plan, name: "n" });
    const image = { ...exampleRun().image, id: fixture.images[0] as ImageId };
    const checkpoint = { ...exampleRun().checkpoint, id: fixture.checkpoint.id };
    const repeated = [exampleRun({ changes: { image, checkpoint } })];
    const disk = { neededBytes: 1, freeBytes: 2 };
    const starts = [
      (isForced: boolean) => preflight.ofRuns(runs(), isForced),
      (isForced: boolean) => preflight.ofEvaluation(evaluation, isForced),
      (isForced: boolean) => preflight.ofTuning(tuning, isForced),
      (isForced: boolean) => preflight.ofExport(repeated, disk, isForced),
    ];
    for (const start of starts) {
      await expect(start(false)).rejects.toMatchObject({
        code: "machine.short",
        message: expect.stringContaining("GiB"),
      });
      expect(await start(true)).toEqual([expect.stringContaining("may be slow, or be ended by the system")]);
    }
    // Of a search those views that are largest.
    expect(asked.map(({ scales }) => scales)).toContainEqual([2, 0.5]);
    expect(asked.map(({ scales }) => scales)).not.toContainEqual([1]);
  });

  it("is counted on the disk for every image and every kept iteration", async () => {
    await preflight.ofRuns(runs(), false); // looks at the first image
    const pixels = 64 * 48;
    // 4 of 4 iterations at 7 bytes, of which gzip leaves a quarter; of three images.
    world.diskBytes = (3 * 4 * pixels * 7) / 4 / 1.25 - 1;
    await expect(preflight.ofRuns(runs(), false)).rejects.toThrow("of disk");
    world.diskBytes += 2;
    expect(await preflight.ofRuns(runs(), false)).toEqual([expect.stringContaining("it may stop in the middle")]);
    expect(await preflight.ofRuns(runs([config({ keepEvery: 3 })]), false)).toEqual([]);
    world.diskBytes = 0;
    await expect(preflight.ofEvaluation(ofDataset({ config: { method: "predict" } }), false)).rejects.toThrow(
      "of disk",
    );
  });

  it("is looked for on the device that computes", async () => {
    world.deviceBytes = 1e6;
    await expect(preflight.ofRuns(runs(), false)).rejects.toThrow("of device memory");
    world.deviceBytes = 1e12;
    world.heldBytes = 1e11;
    expect(await preflight.ofRuns(runs(), false)).toEqual([]);
  });

  it("does not hold a job up where it can't be worked out", async () => {
    const elsewhere = { ...runs(), imageIds: ["nothing"] as unknown as ImageId[] };
    expect(await preflight.ofRuns(elsewhere, false)).toEqual([]);
  });
});

it("warnings name the job they end with", () => {
  const events: WorkbenchEvent[] = [];
  publishWarnings((event) => events.push(event), ["a", "b"], "runrunrunrun" as RunId);
  publishWarnings((event) => events.push(event), ["c"]);
  expect(events).toEqual([
    { type: "noticed", level: "warning", message: "a", about: "runrunrunrun" },
    { type: "noticed", level: "warning", message: "b", about: "runrunrunrun" },
    { type: "noticed", level: "warning", message: "c" },
  ]);
});
