// Trainings through the real engine process: paused, stopped, killed and gone on with, beside one that nobody touched.
import { existsSync } from "node:fs";
import { readFile, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Child } from "../../src-main/jobs/child.ts";
import { trainingFilesIn } from "../../src-main/jobs/job-files.ts";
import { type Jobs, openJobs } from "../../src-main/jobs/open-jobs.ts";
import { forkEngines } from "../../src-main/jobs/start-engines.ts";
import { Checkpoints } from "../../src-main/server/services/checkpoint-service.ts";
import { Trainings } from "../../src-main/server/services/training-service.ts";
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import type { ImageId, TrainingId } from "../../src-shared/contract/workbench/ids.ts";
import {
  type StartTraining,
  startTrainingSchema,
  type Training,
  type TrainingCurves,
} from "../../src-shared/contract/workbench/trainings.ts";
import { openPreflight } from "../helpers/open-preflight.ts";
import { openRunWorkspace, type RunWorkspaceFixture } from "../helpers/run-workspace.ts";
import { until } from "../helpers/until.ts";

let fixture: RunWorkspaceFixture;
let jobs: Jobs;
let trainings: Trainings;
const events: WorkbenchEvent[] = [];
/** The engine process, as it was started last. */
let child: Child | undefined;

beforeAll(async () => {
  fixture = await openRunWorkspace(4);
  const forked = forkEngines();
  const engine = (): Child => {
    child = forked.engine();
    return child;
  };
  const publish = (event: WorkbenchEvent): void => {
    events.push(event);
  };
  const parts = { workspace: fixture.workspace, publish, now: () => Date.now() };
  jobs = openJobs({ ...parts, start: { ...forked, engine } });
  const { background } = jobs;
  const checkpoints = new Checkpoints({ checkpoints: fixture.workspace.checkpoints, background, publish });
  const { trainingEstimator, preflight } = openPreflight({ ...parts, jobs });
  trainings = new Trainings({ ...parts, jobs, checkpoints, estimator: trainingEstimator, preflight });
});
afterAll(async () => {
  jobs.close();
  await fixture.close();
});

const TINY = {
  ...{ backboneName: "resnet18", width: 4, numAlphas: 2, batchSize: 2, cropSize: [32, 32], seed: 1 },
  ...{ numEpochs: 40, validationStart: 38, previewStep: 60, saveStep: 7 },
};

function request(name: string, config: object = {}): StartTraining {
  const [image] = fixture.images;
  const { datasetId } = fixture.workspace.datasets.image(image as ImageId);
  const data = { kind: "dataset", datasetId, split: null };
  const machine = { provider: "cpu", threads: 1 };
  return startTrainingSchema.parse({ name, data, validation: data, config: { ...TINY, ...config }, machine });
}

const now = (id: TrainingId): Training => fixture.workspace.trainings.get(id);
async function ended(id: TrainingId): Promise<Training> {
  await until(() => now(id).endedAt !== null);
  return now(id);
}
const hasOpened = async (id: TrainingId, count: number): Promise<void> =>
  until(() => now(id).checkpointIds.length === count);
const bytesOf = (id: TrainingId): Promise<Buffer> =>
  readFile(trainingFilesIn(fixture.workspace.trainingFolders.path(id), now(id).name).best);

let untouched: Training;
let curves: TrainingCurves;

describe("a training", () => {
  it("runs to its end: curve, scores, previews, and its checkpoints in the workbench", async () => {
    const { id } = await trainings.start(request("street: night & day"));
    untouched = await ended(id);
    expect(untouched).toMatchObject({ status: "finished", error: null, step: 80, steps: 80, epoch: 40, leftMs: null });
    curves = await trainings.curves(id);
    expect(curves.stepsPerPoint).toBe(1);
    expect(curves.steps).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
    expect(curves.metrics.loss?.at(-1)).toBe(untouched.lastLoss);
    expect(curves.metrics.learningRate?.every((rate) => rate !== null && rate > 0)).toBe(true);
    expect(curves.validations.map(({ epoch, step }) => [epoch, step])).toEqual([
      [39, 78],
      [40, 80],
    ]);
    const miou = curves.validations.flatMap(({ scores }) => scores.map((score) => score.miou));
    expect(untouched.bestMiou).toBe(Math.max(...miou));

    expect(curves.previews).toEqual([{ step: 60, name: "prediction", width: 64, height: 48, hasPicture: false }]);
    const preview = await trainings.preview(id, 60, "prediction");
    if (preview.kind !== "file") throw new Error("a preview is a file");
    expect(gunzipSync(await readFile(preview.path))).toHaveLength(64 * 48);
    expect(await trainings.previewImage(id)).toMatchObject({ kind: "file", type: "image/png" });
    await expect(trainings.preview(id, 61, "prediction")).rejects.toThrow("no such preview");

    await hasOpened(id, 2);
    const opened = now(id).checkpointIds.map((checkpoint) => fixture.workspace.checkpoints.get(checkpoint));
    expect(opened.map(({ name }) => name)).toEqual([
      "street-night-day.safetensors",
      "street-night-day-last.safetensors",
    ]);
    expect(opened.every(({ problem }) => problem === null)).toBe(true);
    await expect(trainings.resume(id)).rejects.toThrow("has finished");
    await expect(trainings.pause(id)).rejects.toThrow("is not running");
  });

  it("paused, resumed, stopped and gone on with, computes what it would have computed untouched", async () => {
    const { id } = await trainings.start(request("street: night & day"));
    await until(() => now(id).step >= 5);
    await trainings.pause(id);
    await until(() => now(id).isPaused);
    const { step } = now(id);
    expect(now(id).status).toBe("running");
    expect((await trainings.resume(id)).id).toBe(id);
    await until(() => !now(id).isPaused && now(id).step > step);
    const stepsWhilePaused = events.flatMap((event) =>
      event.type === "trainingChanged" && event.training.id === id && event.training.isPaused
        ? [event.training.step]
        : [],
    );
    expect(new Set(stepsWhilePaused)).toEqual(new Set([step]));
    await trainings.cancel(id);
    const stopped = await ended(id);
    expect(stopped).toMatchObject({ status: "cancelled", error: null, isPaused: false });
    expect(stopped.step).toBeLessThan(80);
    await hasOpened(id, 1); // the last weights; nothing has been validated yet

    expect((await trainings.resume(id)).status).toBe("queued");
    expect(await ended(id)).toMatchObject({ status: "finished", step: 80, bestMiou: untouched.bestMiou });
    expect(await trainings.curves(id)).toEqual(curves);
    expect((await bytesOf(id)).equals(await bytesOf(untouched.id))).toBe(true);
  });

  it("killed in the middle is interrupted, and goes on from its last saved state", async () => {
    const { id } = await trainings.start(request("street: night & day"));
    await until(() => now(id).step >= 20);
    child?.kill();
    expect(await ended(id)).toMatchObject({ status: "interrupted", error: { code: "engine.ended" } });
    await trainings.resume(id);
    expect((await ended(id)).status).toBe("finished");
    expect(await trainings.curves(id)).toEqual(curves);
  });

  it("whose weights run away fails with the sentence, and keeps the last good ones", async () => {
    const { id } = await trainings.start(request("", { baseLr: 1e12, lrScheduler: "constant", saveStep: 1 }));
    const failed = await ended(id);
    expect(failed).toMatchObject({ status: "failed", error: { code: "method.diverged" } });
    expect(failed.error?.message).toContain("lower the learning rate");
  });

  it("leaves out an image that a link leads out of the folder to, and says so", async () => {
    const path = fixture.imagePath(0);
    const outside = join(fixture.folder, "private.png");
    await rename(path, outside);
    await symlink(outside, path);
    const { id } = await trainings.start(request("linked"));
    expect((await ended(id)).status).toBe("finished");
    expect(events).toContainEqual({
      type: "noticed",
      level: "warning",
      message: expect.stringMatching(/^2 images such as .* lead out of the opened folder, and are left out/),
      about: id,
    });
    await hasOpened(id, 2);
    await rm(path);
    await rename(outside, path);
  }, 60_000);

  it("is removed with its files and its checkpoints", async () => {
    const { id, checkpointIds } = now(untouched.id);
    await trainings.remove(id);
    expect(existsSync(join(fixture.workspace.trainingFolders.path(id)))).toBe(false);
    for (const checkpointId of checkpointIds) expect(fixture.workspace.checkpoints.find(checkpointId)).toBeUndefined();
    expect(events.at(-1)).toEqual({ type: "trainingRemoved", trainingId: id });
  });

  it("is interrupted when the program ends, with its state", async () => {
    const { id } = await trainings.start(request("closed", { saveStep: 0, numEpochs: 400 }));
    await until(() => now(id).step >= 3);
    await jobs.settle();
    expect(now(id)).toMatchObject({ status: "interrupted", error: { code: "engine.ended" } });
    const { best } = trainingFilesIn(fixture.workspace.trainingFolders.path(id), "closed");
    expect(existsSync(best.replace(".safetensors", "-state.safetensors"))).toBe(true);
    await rm(fixture.workspace.trainingFolders.path(id), { recursive: true });
  }, 60_000);
});
