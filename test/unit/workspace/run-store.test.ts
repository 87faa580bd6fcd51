// Runs are written as they go, listed, grouped and compared.
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { newId } from "../../../src-main/workspace/new-id.ts";
import { openWorkspace, type Workspace } from "../../../src-main/workspace/open-workspace.ts";
import { imageQuerySchema } from "../../../src-shared/contract/workbench/datasets.ts";
import type { CheckpointId, DatasetId, GroupId, ImageId, RunId } from "../../../src-shared/contract/workbench/ids.ts";
import {
  runPointsQuerySchema,
  runQuerySchema,
  runSectionQuerySchema,
} from "../../../src-shared/contract/workbench/run-query.ts";
import { comparisonQuerySchema, type Run, runConfigFormSchema } from "../../../src-shared/contract/workbench/runs.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { anItem, aRun, keptAt } from "../../helpers/workbench-entities.ts";

let workspace: Workspace;
let datasetId: DatasetId;
let imageIds: ImageId[];

beforeEach(async () => {
  const opened = await openWorkspace(temporaryFolder());
  workspace = opened;
  onTestFinished(() => opened.close());
  datasetId = newId<DatasetId>();
  workspace.datasets.add({
    id: datasetId,
    name: "d",
    path: "/d",
    layout: "images",
    layoutName: "Images",
    isSample: false,
  });
  workspace.datasets.beginListing(datasetId);
  workspace.datasets.addItems(
    datasetId,
    ["a.png", "b.png", "c.png"].map((key) => anItem(key)),
  );
  workspace.datasets.completeListing(datasetId, []);
  imageIds = workspace.datasets.imageIds(imageQuerySchema.parse({ datasetId }));
});

function runOn(index: number, different: Partial<Run> = {}): Run {
  const id = imageIds[index] ?? ("none0000" as ImageId);
  return aRun({ image: { id, datasetId, key: `${"abc"[index]}.png` }, ...different });
}

/** From its creation to its end. */
function finish(run: Run, { before, after, at }: { before: number; after: number; at: number }): Run {
  workspace.runs.create(run);
  workspace.runs.start(run.id, at - 1);
  workspace.runs.addKept(run.id, keptAt(0, before));
  workspace.runs.addKept(run.id, keptAt(1, after));
  workspace.runs.end(run.id, { status: "finished", endedAt: at });
  return run;
}

test("gives back a run with all its parts", () => {
  const run = runOn(0);
  const { runs } = workspace;
  runs.create(run);
  expect(runs.get(run.id)).toEqual(run);
  runs.start(run.id, 5);
  runs.update(run.id, { size: { width: 4, height: 3 } });
  runs.addView(run.id, { index: 0, scale: 0.5, flipped: false, gray: true });
  runs.update(run.id, { pseudoLabel: { keptPixels: 3, pixels: 12, perClass: [1, 2, 0], agreement: 0.75 } });
  runs.addKept(run.id, keptAt(0, 0.25));
  runs.appendLoss(run.id, 1, 0.7);
  runs.appendLoss(run.id, 2, 0.6);
  runs.addKept(run.id, keptAt(2, 0.5, 0.25));
  runs.setLastEvent(run.id, { type: "predictionFinished", elapsedMs: 3 });
  const summary = runs.end(run.id, { status: "finished", endedAt: 9 });
  expect(summary).toMatchObject({ status: "finished", miouBefore: 0.25, miouAfter: 0.5, lastLoss: 0.6, endedAt: 9 });
  expect(runs.get(run.id)).toEqual({
    ...run,
    ...{ status: "finished", startedAt: 5, endedAt: 9, miouBefore: 0.25, miouAfter: 0.5, lastLoss: 0.6 },
    size: { width: 4, height: 3 },
    losses: [0.7, 0.6],
    kept: [keptAt(0, 0.25), keptAt(2, 0.5, 0.25)],
    views: [{ index: 0, scale: 0.5, flipped: false, gray: true }],
    pseudoLabel: { keptPixels: 3, pixels: 12, perClass: [1, 2, 0], agreement: 0.75 },
    lastEvent: { type: "predictionFinished", elapsedMs: 3 },
  });
});

test("keeps what a run is measured against, of each kind one, and sorts images by the gain over the stored checkpoint", () => {
  const run = runOn(0);
  const { runs, datasets } = workspace;
  runs.create(run);
  const { iteration: _, ...unadapted } = keptAt(0, 0.25);
  const stored = { kind: "stored", alpha: 0.1, hasPlanes: true, ...unadapted } as const;
  runs.addKept(run.id, keptAt(0, 0.5));
  runs.addReference(run.id, { ...stored, scores: null });
  expect(runs.addReference(run.id, stored).miouStored).toBe(0.25);
  const source = { ...stored, kind: "source", alpha: 0 } as const;
  expect(runs.addReference(run.id, source).miouStored).toBe(0.25);
  expect(runs.get(run.id).references).toEqual([stored, source]);
  runs.addKept(run.id, keptAt(1, 0.75));
  runs.end(run.id, { status: "finished", endedAt: 9 });
  expect(datasets.image(run.image.id).scores?.gain).toBe(0.5);
});

test("keeps the sentence of a run that failed", () => {
  const run = runOn(0);
  workspace.runs.create(run);
  const error = { code: "image.damaged", message: "It breaks off." };
  expect(workspace.runs.end(run.id, { status: "failed", endedAt: 3, error })).toMatchObject({
    status: "failed",
    error,
  });
});

test("adds all of a batch or none", () => {
  const run = runOn(0);
  expect(() => workspace.runs.createMany([run, runOn(1), run])).toThrow();
  expect(workspace.runs.list(runQuerySchema.parse({})).total).toBe(0);
});

test("lists the newest first, a page at a time, by what is asked for", () => {
  const all = [runOn(0), runOn(1), runOn(0, { status: "failed" }), runOn(2)];
  workspace.runs.createMany(all);
  const ids = (query: object) =>
    workspace.runs.list(runQuerySchema.parse(query)).runs.map(({ id }) => all.findIndex((run) => run.id === id));
  expect(ids({})).toEqual([3, 2, 1, 0]);
  expect(ids({ offset: 1, limit: 2 })).toEqual([2, 1]);
  expect(ids({ imageId: imageIds[0] })).toEqual([2, 0]);
  expect(ids({ imageId: imageIds[0], statuses: ["failed", "finished"] })).toEqual([2]);
  expect(ids({ imageId: "foreign0" })).toEqual([]);
  expect(workspace.runs.list(runQuerySchema.parse({ limit: 1 })).total).toBe(4);
});

const ADAPT = runConfigFormSchema.parse({});

/** Scores that can be told apart: run i gets the ith. */
function someHistory(): Run[] {
  return [
    finish(runOn(0, { config: { ...ADAPT, baseLr: 0.1 } }), { before: 0.5, after: 0.4, at: 10 }),
    finish(runOn(1, { config: { ...ADAPT, baseLr: 0.01 } }), { before: 0.25, after: 0.6, at: 30 }),
    finish(runOn(2, { config: { ...ADAPT, baseLr: 0.1 }, notes: "100 %_odd" }), { before: 0.2, after: 0.5, at: 20 }),
    finish(runOn(0, { method: "predict", config: { ...ADAPT, method: "predict" } }), {
      before: 0.5,
      after: 0.5,
      at: 40,
    }),
  ];
}

test("runs are ordered by any column, those without a value last either way", () => {
  const all = someHistory();
  workspace.runs.create(runOn(1));
  const places = (query: object) =>
    workspace.runs.list(runQuerySchema.parse(query)).runs.map(({ id }) => all.findIndex((run) => run.id === id));
  expect(places({ sort: { by: "miou", descending: true } })).toEqual([1, 3, 2, 0, -1]);
  expect(places({ sort: { by: "miou", descending: false } })).toEqual([0, 3, 2, 1, -1]);
  expect(places({ sort: { by: "gain", descending: true }, limit: 2, offset: 1 })).toEqual([2, 3]);
  // A prediction has no learning rate, whatever is stored; the run that waits has the recipe's.
  expect(places({ sort: { by: "baseLr", descending: false } })).toEqual([1, -1, 2, 0, 3]);
});

test("runs are grouped by any column, in sections that follow the list", () => {
  someHistory();
  const list = workspace.runs.list(
    runQuerySchema.parse({ groupBy: "baseLr", sort: { by: "miou", descending: true }, columns: ["baseLr", "miou"] }),
  );
  expect(list.cells).toEqual([
    [0.01, 0.6],
    [0.1, 0.5],
    [0.1, 0.4],
    [null, 0.5],
  ]);
  const sections = workspace.runs.sections(runSectionQuerySchema.parse({ groupBy: "baseLr" }));
  expect(sections.map(({ label, count, bestMiou }) => [label, count, bestMiou])).toEqual([
    [0.01, 1, 0.6],
    [0.1, 2, 0.5],
    [null, 1, 0.5],
  ]);
  const images = workspace.runs.sections(runSectionQuerySchema.parse({ groupBy: "image" }));
  expect(images.map(({ key, label, count }) => [key, label, count])).toEqual([
    [imageIds[0], "a.png", 2],
    [imageIds[1], "b.png", 1],
    [imageIds[2], "c.png", 1],
  ]);
});

test("a search finds all its words, signs of SQL as they are; ranges and values narrow it", () => {
  const all = someHistory();
  const places = (query: object) =>
    workspace.runs.list(runQuerySchema.parse(query)).runs.map(({ id }) => all.findIndex((run) => run.id === id));
  expect(places({ text: "%_ODD c.png" })).toEqual([2]);
  expect(places({ text: "c.png b.png" })).toEqual([]);
  expect(places({ text: "' OR 1 --" })).toEqual([]);
  expect(places({ where: [{ column: "miou", from: 0.5, to: 0.6 }] })).toEqual([3, 2, 1]);
  expect(
    places({
      where: [
        { column: "iou.0", from: 0.5, to: 0.6 },
        { column: "method", values: ["adapt"] },
      ],
    }),
  ).toEqual(
    places({
      where: [
        { column: "miou", from: 0.5, to: 0.6 },
        { column: "method", values: ["adapt"] },
      ],
    }),
  );
});

test("many runs come as bare columns, the newest first", () => {
  const all = someHistory();
  const query = { columns: ["baseLr", "duration", "flips"], limit: 3 };
  expect(workspace.runs.points(runPointsQuerySchema.parse(query))).toEqual({
    total: 4,
    ids: all
      .map(({ id }) => id)
      .toReversed()
      .slice(0, 3),
    columns: [
      [null, 0.1, 0.01],
      [1, 1, 1],
      [null, 1, 1],
    ],
  });
});

test("a column that there is none of is refused", () => {
  for (const by of ["iou.0'", "iou.-1", "config", "", "miou)"]) {
    expect(runQuerySchema.safeParse({ sort: { by, descending: true } }).success).toBe(false);
  }
});

test("says plainly that a run is not there", () => {
  const id = "nothing00" as RunId;
  for (const ask of [
    () => workspace.runs.get(id),
    () => workspace.runs.summary(id),
    () => workspace.runs.setNotes(id, ""),
    () => workspace.runs.appendLoss(id, 1, 1),
    () => workspace.runs.remove(id),
  ]) {
    expect(ask).toThrow(expect.objectContaining({ code: "workspace.unknown" }));
  }
});

test("an image has the figures of its newest finished run, and of the one before when that is removed", () => {
  const scores = () => workspace.datasets.image(imageIds[0] as ImageId).scores;
  expect(scores()).toBeNull();
  const older = finish(runOn(0), { before: 0.25, after: 0.5, at: 10 });
  finish(runOn(1), { before: 0, after: 1, at: 12 });
  const newer = finish(runOn(0), { before: 0.5, after: 0.25, at: 20 });
  workspace.runs.create(runOn(0, { status: "failed", endedAt: 30 }));
  expect(scores()).toEqual({ miou: 0.25, gain: -0.25, entropy: 0.5, confidence: 0.5 });
  workspace.runs.remove(newer.id);
  expect(scores()).toMatchObject({ miou: 0.5, gain: 0.25 });
  workspace.runs.remove(older.id);
  expect(scores()).toBeNull();
});

test("an image that was gone for a while has its runs again", () => {
  const run = finish(runOn(0), { before: 0.25, after: 0.5, at: 10 });
  const { datasets } = workspace;
  for (const keys of [["b.png"], ["a.png", "b.png"]]) {
    datasets.beginListing(datasetId);
    datasets.addItems(
      datasetId,
      keys.map((key) => anItem(key)),
    );
    datasets.completeListing(datasetId, []);
  }
  const [first] = datasets.images(imageQuerySchema.parse({ datasetId })).items;
  expect(first).toMatchObject({ key: "a.png", scores: { miou: 0.5 } });
  expect(workspace.runs.get(run.id).image.id).toBe(first?.id);
});

test("counts the runs of groups by status", () => {
  const id = newId<GroupId>();
  const { config, checkpoint } = runOn(0);
  workspace.runs.createGroup({ id, kind: "sweep", name: "s", createdAt: 1, checkpoint, config, grid: null });
  expect(workspace.runs.groups()).toEqual([]);
  workspace.runs.createMany([runOn(0, { groupId: id }), runOn(0, { groupId: id, status: "failed" }), runOn(1)]);
  expect(workspace.runs.groups().map(({ counts }) => counts)).toEqual([
    { queued: 1, running: 0, finished: 0, failed: 1, cancelled: 0, interrupted: 0 },
  ]);
  expect(workspace.runs.group(id).name).toBe("s");
  expect(workspace.runs.ids({ groupId: id, status: "queued" })).toHaveLength(1);
});

test("compares the newest finished run of each side, by falling gain", () => {
  const other = { id: "checkpoint2" as CheckpointId, name: "two.pth", numClasses: 3 };
  finish(runOn(0), { before: 0.125, after: 0.25, at: 5 });
  const a0 = finish(runOn(0), { before: 0.25, after: 0.5, at: 10 });
  const a1 = finish(runOn(1), { before: 0.5, after: 0.5, at: 10 });
  finish(runOn(2), { before: 0.5, after: 0.5, at: 10 });
  const b0 = finish(runOn(0, { checkpoint: other }), { before: 0, after: 0.25, at: 10 });
  const b1 = finish(runOn(1, { checkpoint: other }), { before: 0, after: 1, at: 10 });
  const side = (checkpointId: string, stage: string) => ({ checkpointId, stage });
  const query = { datasetId, a: side("checkpoint1", "after"), b: side("checkpoint2", "after") };
  const comparison = workspace.runs.compare(comparisonQuerySchema.parse(query));
  expect(comparison.images.map(({ key, runA, runB }) => [key, runA, runB])).toEqual([
    ["b.png", a1.id, b1.id],
    ["a.png", a0.id, b0.id],
  ]);
  expect(comparison.meanA).toEqual({ miou: 0.5, iou: [0.5, 0.5, 0.5], miouPresent: 0.5, present: [0, 1, 2] });
  expect(comparison.meanB?.miou).toBe(0.625);
  const stages = { datasetId, a: side("checkpoint1", "before"), b: side("checkpoint1", "after") };
  const own = workspace.runs.compare(comparisonQuerySchema.parse(stages));
  expect(own.images.map(({ key }) => key)).toEqual(["a.png", "b.png", "c.png"]);
  expect(own.images[0]).toMatchObject({ a: { miou: 0.25 }, b: { miou: 0.5 } });
});
