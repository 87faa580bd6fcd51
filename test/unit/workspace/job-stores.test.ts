// Evaluations and trainings in the workspace: what is told stays, curves are read in as many points as a chart has.
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../../src-main/workspace/new-id.ts";
import { openWorkspace, type Workspace } from "../../../src-main/workspace/open-workspace.ts";
import { decimated, STEPS_PER_BLOCK, StepBlock } from "../../../src-main/workspace/step-blocks.ts";
import type { DatasetId } from "../../../src-shared/contract/workbench/ids.ts";
import { anEvaluation, aTraining } from "../../helpers/workbench-entities.ts";

let folder: string;
let workspace: Workspace;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "acclimate-stores-"));
  workspace = await openWorkspace(folder);
});
afterEach(async () => {
  workspace.close();
  await rm(folder, { recursive: true });
});

async function reopened(): Promise<Workspace> {
  workspace.close();
  workspace = await openWorkspace(folder);
  return workspace;
}

describe("evaluations", () => {
  it("are listed in the order they were started, as they are by then", () => {
    const { evaluations } = workspace;
    const [first, second] = [anEvaluation({ split: "val" }), anEvaluation()];
    for (const evaluation of [first, second]) evaluations.create(evaluation);
    const error = { code: "output.diskFull", message: "The disk is full." };
    const failed = evaluations.update(first.id, { status: "failed", done: 3, images: 8, miou: 0.5, error });
    expect(failed).toEqual({ ...first, status: "failed", done: 3, images: 8, miou: 0.5, error });
    expect(evaluations.list()).toEqual([failed, second]);
    evaluations.remove(first.id);
    expect(evaluations.find(first.id)).toBeUndefined();
    for (const gone of [() => evaluations.get(first.id), () => evaluations.remove(first.id)]) {
      expect(gone).toThrow("No evaluation has the id");
    }
  });

  it("that were waiting or running when the program ended are interrupted", async () => {
    const statuses = ["queued", "running", "finished", "cancelled"] as const;
    for (const status of statuses) workspace.evaluations.create(anEvaluation({ status }));
    const { evaluations } = await reopened();
    expect(evaluations.list().map(({ status }) => status)).toEqual([
      "interrupted",
      "interrupted",
      "finished",
      "cancelled",
    ]);
    expect(evaluations.list().map(({ error }) => error?.message)).toEqual([
      "Acclimate ended before it was the turn of this evaluation.",
      "Acclimate ended in the middle of this evaluation.",
      undefined,
      undefined,
    ]);
  });
});

describe("trainings", () => {
  it("remember curve, validations and previews, and forget them when they are removed", () => {
    const { trainings } = workspace;
    const training = aTraining();
    trainings.create(training);
    const point = (step: number, loss = 1 / step) => ({ step, metrics: { loss, learningRate: 0.01 } });
    trainings.addSteps(training.id, [point(1), point(2, 9)]);
    trainings.addSteps(training.id, [point(2), point(3), { step: 300, metrics: { loss: 7, trusted: 0.5 } }]); // the second step once more
    const validation = { epoch: 1, step: 3, scores: [{ name: "alpha", value: 0, miou: 0.25 }] };
    trainings.addValidation(training.id, { ...validation, step: 2 });
    trainings.addValidation(training.id, validation);
    const preview = { step: 2, name: "prediction", width: 64, height: 32, hasPicture: false };
    const pseudoLabel = { ...preview, name: "pseudo-label", hasPicture: true };
    for (const each of [preview, pseudoLabel, preview]) trainings.addPreview(training.id, each);
    expect(trainings.curves(training.id, 1000)).toEqual({
      steps: [1, 2, 3, 300],
      metrics: {
        loss: [1, 1 / 2, 1 / 3, 7],
        learningRate: [0.01, 0.01, 0.01, null],
        trusted: [null, null, null, 0.5],
      },
      stepsPerPoint: 1,
      validations: [validation],
      previews: [preview, pseudoLabel],
    });
    trainings.remove(training.id);
    expect(() => trainings.curves(training.id, 1000)).toThrow("No training has the id");
    // Nothing of it is left for one that gets its place.
    const next = aTraining();
    trainings.create(next);
    expect(trainings.curves(next.id, 1000)).toEqual({
      steps: [],
      metrics: {},
      stepsPerPoint: 1,
      validations: [],
      previews: [],
    });
  });

  it("that were held when the program ended are interrupted, and held by nobody", async () => {
    const { id } = aTraining();
    workspace.trainings.create(aTraining({ id, status: "running", isPaused: true }));
    expect(workspace.trainings.get(id).isPaused).toBe(true);
    const { trainings } = await reopened();
    expect(trainings.get(id)).toMatchObject({
      status: "interrupted",
      isPaused: false,
      error: { message: "Acclimate ended in the middle of this training." },
    });
    expect(trainings.update(id, { status: "queued" })).toMatchObject({ status: "queued", isPaused: false });
  });

  it("have folders of their own, which go with everything in them", async () => {
    const { trainingFolders } = workspace;
    const { id } = aTraining();
    const path = await trainingFolders.make(id);
    expect(path).toBe(join(folder, "trainings", id));
    await writeFile(join(path, "weights"), "");
    await trainingFolders.remove(id);
    expect(existsSync(path)).toBe(false);
    await trainingFolders.remove(id);
  });
});

it("finds images by their keys, whatever the keys are, and leaves out those that are gone", () => {
  const { datasets } = workspace;
  const id = newId<DatasetId>();
  datasets.add({ id, name: "streets", path: folder, layout: "images", layoutName: "Images", isSample: false });
  datasets.beginListing(id);
  const keys = ["a.png", 'it\'s "b".png', "__proto__"];
  datasets.addItems(
    id,
    keys.map((key) => ({ key, labelPath: null, labelEncoding: null, split: null, tags: [] })),
  );
  const found = datasets.imageIdsByKey(id, [...keys, "gone.png"]);
  expect(Object.keys(found).toSorted()).toEqual(keys.toSorted());
  for (const [key, image] of Object.entries(found)) expect(datasets.image(image).key).toBe(key);
  expect(datasets.imageIdsByKey(newId<DatasetId>(), keys)).toEqual({});
});

describe("a curve", () => {
  const steps = fc.uniqueArray(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 200 });

  it("has at most so many points, each the mean of the steps that it stands for", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 100 }), (told, maxPoints) => {
        const blocks = new Map<number, StepBlock>();
        for (const step of told) {
          const block = Math.floor((step - 1) / STEPS_PER_BLOCK);
          const known = StepBlock.from(block, blocks.get(block)?.bytes);
          known.set(step, 2 * step);
          blocks.set(block, known);
        }
        const inOrder = [...blocks].toSorted(([a], [b]) => a - b).map(([, block]) => block);
        const {
          steps: points,
          metrics,
          stepsPerPoint,
        } = decimated(
          new Map([
            ["none", []],
            ["doubled", inOrder],
          ]),
          maxPoints,
        );
        expect(points.length).toBeLessThanOrEqual(maxPoints);
        const groups = Map.groupBy(
          told.toSorted((a, b) => a - b),
          (step) => Math.floor((step - 1) / stepsPerPoint),
        );
        expect(points).toEqual([...groups.values()].map((own) => Math.max(...own)));
        for (const [index, own] of [...groups.values()].entries()) {
          const mean = own.reduce((sum, step) => sum + step, 0) / own.length;
          expect(metrics.doubled?.[index]).toBeCloseTo(2 * mean, 9);
          expect(metrics.none?.[index]).toBeNull();
        }
      }),
    );
  });
});
