// What each kind of job needs of the machine: refused when it is far too much, started anyway when that is insisted on.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TrainingEstimator } from "../../../../src-main/server/services/estimate-training.ts";
import { type Preflight, publishWarnings } from "../../../../src-main/server/services/preflight.ts";
import { trainingPeak } from "../../../../src-main/server/services/training-cost-model.ts";
import type { RunWork, TrainingWork } from "../../../../src-shared/contract/engine-protocol.ts";
import { startEvaluationSchema } from "../../../../src-shared/contract/workbench/evaluations.ts";
import type { WorkbenchEvent } from "../../../../src-shared/contract/workbench/events.ts";
import type { ImageId, RunId } from "../../../../src-shared/contract/workbench/ids.ts";
import { machineSchema, runConfigFormSchema } from "../../../../src-shared/contract/workbench/runs.ts";
import { startTrainingSchema } from "../../../../src-shared/contract/workbench/trainings.ts";
import { startTuningSchema } from "../../../../src-shared/contract/workbench/tunings.ts";
import { exampleRun } from "../../../helpers/example-run.ts";
import { openPreflight } from "../../../helpers/open-preflight.ts";
import { openRunWorkspace, type RunWorkspaceFixture } from "../../../helpers/run-workspace.ts";
import { aTraining } from "../../../helpers/workbench-entities.ts";

const TOO_MUCH = 1e15;
const part = (heldBytes: number) => ({ gflop: 10, movedBytes: 0, heldBytes });

const TRAINING_WORK: TrainingWork = {
  passes: [{ ...part(0), times: 1 }],
  prediction: part(0),
  predictions: 2,
  counting: null,
  scoreBytes: 0,
  weightBytes: 1e6,
  otherWeightBytes: 0,
  slots: 1,
  images: 4,
  batchBytes: 0,
  readingThreads: 2,
  threadBytes: 1e6,
};

let fixture: RunWorkspaceFixture;
/** Configurations whose work was asked for. */
let asked: { readonly scales: readonly number[] }[];
/** Bytes that a pass holds; of the device; of the disk. */
let world: { heldBytes: number; deviceBytes: number | null; diskBytes: number };
let preflight: Preflight;
let trainingEstimator: TrainingEstimator;

beforeEach(async () => {
  fixture = await openRunWorkspace(3);
  asked = [];
  world = { heldBytes: 1e6, deviceBytes: null, diskBytes: 1e12 };
  const { workspace } = fixture;
  const request = async (command: string, input: { config?: { scales: number[] } }) => {
    if (command === "freeDeviceMemory") return { bytes: world.deviceBytes };
    if (command === "thumbnail") return { bytes: new Uint8Array(), size: { width: 64, height: 48 } };
    if (command === "measureSpeed") return { gigaflopsPerSecond: 100 };
    if (command === "measureTraining") {
      const counting = asksToCount(input) ? part(world.heldBytes) : null;
      return { ...TRAINING_WORK, counting, passes: [{ ...part(world.heldBytes), times: 1 }] };
    }
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
  const { runs: runStore, datasets, checkpoints, trainings } = workspace;
  const artifacts = { freeBytes: async () => world.diskBytes };
  const parts = { workspace: { runs: runStore, datasets, checkpoints, trainings, artifacts }, jobs: jobs as never };
  ({ preflight, trainingEstimator } = openPreflight(parts));
});
afterEach(() => fixture.close());

function asksToCount(input: object): boolean {
  return "images" in input && (input.images as { readonly counted: unknown }).counted !== null;
}

const machine = machineSchema.parse({});
const config = (different: object = {}) => runConfigFormSchema.parse({ numEpochs: 3, ...different });
const runs = (configs = [config()]) => ({
  imageIds: fixture.images,
  checkpointId: fixture.checkpoint.id,
  machine,
  configs,
});
const training = (different: object = {}) =>
  startTrainingSchema.parse({
    data: { kind: "sample", count: 10 },
    validation: { kind: "sample", count: 3 },
    config: { numEpochs: 2, batchSize: 4, validationStart: 1 },
    ...different,
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
      (isForced: boolean) => preflight.ofTraining(training(), isForced),
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

describe("what a training will take", () => {
  it("is its steps, and every validated image once for each alpha", async () => {
    const estimate = await trainingEstimator.estimate(training());
    // Two epochs of three steps, and one validation of three images with two alphas, at a tenth of a second each; 13 scenes.
    expect(estimate).toMatchObject({ steps: 6, basis: "calculated" });
    expect(estimate?.milliseconds).toBeGreaterThan(100 * (6 + 6) + 450 * 13);
    expect(estimate?.milliseconds).toBeLessThan(110 * (6 + 6) + 450 * 13);
  });

  it("counts what is predicted before the first step, of importance weights", async () => {
    const own = { method: "da-sac", numEpochs: 2, sourceBatchSize: 5 };
    const target = { kind: "sample", count: 7 };
    const alone = await trainingEstimator.estimate(training({ target, config: own }));
    const counting = await trainingEstimator.estimate(training({ target, config: own, importanceWeights: "count" }));
    expect(alone?.steps).toBe(4);
    // Seven images, at a tenth of a second each, that are drawn first.
    const countingMs = (counting?.milliseconds ?? 0) - (alone?.milliseconds ?? 0) - 450 * 7;
    expect(countingMs).toBeGreaterThan(700);
    expect(countingMs).toBeLessThan(770);
  });

  it("is none where there is nothing to learn from", async () => {
    const { datasetId } = ofDataset({ config: { method: "adapt" } });
    expect(
      await trainingEstimator.estimate(training({ data: { kind: "dataset", datasetId, split: "no" } })),
    ).toBeNull();
    const labelled = training({ data: { kind: "dataset", datasetId, split: null } });
    expect(await trainingEstimator.estimate(labelled)).toMatchObject({ steps: 2 });
  });

  it("is told by what an earlier one of the kind took", async () => {
    const { trainings } = fixture.workspace;
    trainings.create(aTraining({ ...training(), imagesPerSecond: 10, memoryBytes: 7e8, status: "finished" }));
    const same = await trainingEstimator.estimate(training({ config: { ...training().config, numEpochs: 4 } }));
    // Twelve steps of four images at ten a second, and three validations.
    expect(same).toMatchObject({ basis: "measured", peakBytes: 7e8 });
    expect(same?.milliseconds).toBeGreaterThan(4800 + 1800);
    const other = await trainingEstimator.estimate(training({ config: { ...training().config, batchSize: 8 } }));
    expect(other).toMatchObject({ basis: "calculated" });
  });

  it.each([
    // Trainings of the sample with two reading threads, each in a process of its own; see docs/performance.md.
    ["ResNet-18 of width 16, 128x256", 68, 3, 2, 929],
    ["ResNet-18 of width 16, 256x512", 284, 3, 8, 1128],
    ["ResNet-50, 256x256", 509, 103, 2, 1883],
  ])("is within a quarter of the peak memory that was measured: %s", (_, held, weights, batch, measuredMb) => {
    const work = {
      ...TRAINING_WORK,
      passes: [{ ...part(held * 1e6), times: 1 }],
      weightBytes: weights * 1e6,
      batchBytes: batch * 1e6,
    };
    const ratio = trainingPeak({ ...work, threadBytes: 310e6, scoreBytes: 10e6 }) / (measuredMb * 1e6);
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.25);
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
