// What evaluations find of single images is what the grid shows and sorts by, where no newer run says otherwise.
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { newId } from "../../../src-main/workspace/new-id.ts";
import { openWorkspace, type Workspace } from "../../../src-main/workspace/open-workspace.ts";
import { evaluationConfigSchema } from "../../../src-shared/contract/evaluation.ts";
import type { ImageMethod } from "../../../src-shared/contract/image-methods.ts";
import { type ImageScores, imageQuerySchema } from "../../../src-shared/contract/workbench/datasets.ts";
import type { Evaluation } from "../../../src-shared/contract/workbench/evaluations.ts";
import type { CheckpointId, DatasetId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { anEvaluation, anItem, aRun, keptAt } from "../../helpers/workbench-entities.ts";

const KEYS = ["a.png", "b.png", "c.png"];
const CHECKPOINT = "checkpoint1" as CheckpointId;

let folder: string;
let workspace: Workspace;
let datasetId: DatasetId;

beforeEach(async () => {
  folder = temporaryFolder();
  workspace = await openWorkspace(folder);
  onTestFinished(() => workspace.close());
  datasetId = newId<DatasetId>();
  workspace.datasets.add({ id: datasetId, name: "d", path: "/d", layout: "images", layoutName: "I", isSample: false });
  list(KEYS);
});

function list(keys: readonly string[]): void {
  const { datasets } = workspace;
  datasets.beginListing(datasetId);
  datasets.addItems(
    datasetId,
    keys.map((key) => anItem(key)),
  );
  datasets.completeListing(datasetId, []);
}

/** An evaluation that found these mean IoUs, by key. */
function evaluated(
  method: ImageMethod,
  endedAt: number,
  mious: Readonly<Record<string, number | null>>,
  different: Partial<Evaluation> = {},
): Evaluation {
  const config = evaluationConfigSchema.parse({ method });
  const done = Object.keys(mious).length;
  const own = { datasetId, checkpointId: CHECKPOINT, config, endedAt, done, status: "finished" } as const;
  const evaluation = anEvaluation({ ...own, ...different });
  workspace.evaluations.create(evaluation);
  score(evaluation, mious);
  return evaluation;
}

function score({ id, done }: Evaluation, mious: Readonly<Record<string, number | null>>): void {
  const scores = Object.entries(mious).map(([key, miou]) => ({ key, miou, entropy: 0.25, confidence: 0.75 }));
  workspace.evaluations.addScores(id, scores);
  workspace.evaluations.endScores(id, done);
}

function scoresOf(key: string): ImageScores | null | undefined {
  return items().find((item) => item.key === key)?.scores;
}

function items(sort: object = { by: "name", descending: false }) {
  return workspace.datasets.images(imageQuerySchema.parse({ datasetId, sort })).items;
}

function addRun(key: string, endedAt: number, miou: number) {
  const id = workspace.datasets.imageIdsByKey(datasetId, [key])[key] as ImageId;
  const kept = [keptAt(0, 0), keptAt(1, miou)];
  const run = aRun({ image: { id, datasetId, key }, kept, status: "finished", endedAt });
  workspace.runs.create(run);
  return run;
}

test("sorts images by what an evaluation found, and as before once it is removed", () => {
  const by = { by: "miou", descending: true };
  expect(items(by).map(({ key }) => key)).toEqual(["a.png", "b.png", "c.png"]);
  const { id } = evaluated("predict", 10, { "a.png": null, "b.png": 0.25, "c.png": 0.5, "elsewhere.png": 1 });
  expect(items(by).map(({ key }) => key)).toEqual(["c.png", "b.png", "a.png"]);
  expect(scoresOf("c.png")).toEqual({ miou: 0.5, entropy: 0.25, confidence: 0.75, gain: null });
  expect(scoresOf("a.png")).toEqual({ miou: null, entropy: 0.25, confidence: 0.75, gain: null });
  workspace.evaluations.remove(id);
  expect(items(by).map(({ key, scores }) => [key, scores])).toEqual(KEYS.map((key) => [key, null]));
});

test("the newest result counts, whether of a run or an evaluation, in whatever order they are written down", () => {
  addRun("a.png", 10, 0.1);
  const newer = addRun("b.png", 30, 0.2);
  const first = evaluated("predict", 20, { "a.png": 0.3, "b.png": 0.3 });
  evaluated("predict", 15, { "a.png": 0.4, "b.png": 0.4 });
  expect([scoresOf("a.png")?.miou, scoresOf("b.png")?.miou]).toEqual([0.3, 0.2]);
  workspace.runs.remove(newer.id);
  expect(scoresOf("b.png")?.miou).toBe(0.3);
  workspace.evaluations.remove(first.id);
  expect([scoresOf("a.png")?.miou, scoresOf("b.png")?.miou]).toEqual([0.4, 0.4]);
  addRun("a.png", 16, 0.5);
  expect(scoresOf("a.png")).toMatchObject({ miou: 0.5, gain: 0.5 });
});

test("the gain is that of adapting over predicting with the same checkpoint, while both are there", () => {
  const adapted = evaluated("adapt", 10, { "a.png": 0.75, "b.png": 0.5 });
  expect(scoresOf("a.png")?.gain).toBeNull();
  evaluated("predict", 20, { "a.png": 0.1 }, { checkpointId: "checkpoint2" as CheckpointId });
  expect(scoresOf("a.png")).toMatchObject({ miou: 0.1, gain: null });
  const predicted = evaluated("predict", 30, { "a.png": 0.25 });
  expect(scoresOf("a.png")).toMatchObject({ miou: 0.25, gain: 0.5 });
  expect(scoresOf("b.png")).toMatchObject({ miou: 0.5, gain: null });
  const again = evaluated("adapt", 40, { "a.png": 1 });
  expect(scoresOf("a.png")).toMatchObject({ miou: 1, gain: 0.75 });
  const averaged = evaluated("tta", 50, { "a.png": 0.3 });
  expect(scoresOf("a.png")).toMatchObject({ miou: 0.3, gain: null });
  for (const { id } of [averaged, again]) workspace.evaluations.remove(id);
  expect(scoresOf("a.png")).toMatchObject({ miou: 0.25, gain: 0.5 });
  workspace.evaluations.remove(predicted.id);
  workspace.evaluations.remove(adapted.id);
  expect(scoresOf("a.png")).toMatchObject({ miou: 0.1, gain: null });
});

test("one that goes on brings its images up to date", () => {
  const evaluation = evaluated("predict", 10, { "a.png": 0.25 }, { status: "cancelled" });
  addRun("a.png", 20, 0.5);
  workspace.evaluations.update(evaluation.id, { status: "finished", endedAt: 30, done: 2 });
  expect(workspace.evaluations.unscored()).toEqual([evaluation.id]);
  score({ ...evaluation, done: 2 }, { "a.png": 0.25, "b.png": 0.75 });
  expect([scoresOf("a.png")?.miou, scoresOf("b.png")?.miou]).toEqual([0.25, 0.75]);
  expect(workspace.evaluations.unscored()).toEqual([]);
});

test("listing the dataset again keeps the scores, also of images that were gone for a while", () => {
  evaluated("predict", 10, { "a.png": 0.25, "b.png": 0.5 });
  list(["b.png", "c.png"]);
  expect(scoresOf("b.png")?.miou).toBe(0.5);
  list(KEYS);
  expect(items().map(({ scores }) => scores?.miou)).toEqual([0.25, 0.5, undefined]);
});

test("tells which evaluations still have to be scored: those that stopped, of a dataset that is there", async () => {
  const of = { datasetId, done: 2 };
  const cut = anEvaluation({ ...of, status: "running" });
  const gone = anEvaluation({ ...of, status: "finished", datasetId: newId<DatasetId>() });
  for (const evaluation of [cut, gone, anEvaluation({ ...of, done: 0, status: "cancelled" })]) {
    workspace.evaluations.create(evaluation);
  }
  evaluated("predict", 10, { "a.png": 0.25 });
  expect(workspace.evaluations.unscored()).toEqual([]);
  workspace.close();
  workspace = await openWorkspace(folder);
  expect(workspace.evaluations.unscored()).toEqual([cut.id]);
  workspace.evaluations.addScores(gone.id, [{ key: "a.png", miou: 1, entropy: 0, confidence: 1 }]);
  expect(scoresOf("a.png")?.miou).toBe(0.25);
});

test("scores are swept up bit by bit; until then the evaluation counts as unscored", () => {
  const { id } = evaluated("predict", 10, { "a.png": 0.25 });
  expect(workspace.evaluations.sweepScores(id)).toBe(true);
  expect(workspace.evaluations.sweepScores(id)).toBe(false);
  expect(scoresOf("a.png")).toBeNull();
  expect(workspace.evaluations.unscored()).toEqual([id]);
  expect(() => workspace.evaluations.addScores(anEvaluation().id, [])).toThrow("No evaluation has the id");
});
