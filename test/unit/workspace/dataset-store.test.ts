// Images are listed in batches, asked for in pages, filtered and sorted like a plain list would be.
import fc from "fast-check";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import type { ListedItem } from "../../../src-main/workspace/dataset-store.ts";
import { newId } from "../../../src-main/workspace/new-id.ts";
import { openWorkspace, type Workspace } from "../../../src-main/workspace/open-workspace.ts";
import { IMAGE_SORTS, type ImageQuery, imageQuerySchema } from "../../../src-shared/contract/workbench/datasets.ts";
import type { DatasetId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { anItem, aRun, keptAt } from "../../helpers/workbench-entities.ts";

const LABELS = { labelPath: "labels/x.png", labelEncoding: "trainIds" } as const;

let workspace: Workspace;

beforeEach(async () => {
  const opened = await openWorkspace(temporaryFolder());
  workspace = opened;
  onTestFinished(() => opened.close());
});

function addDataset(): DatasetId {
  const id = newId<DatasetId>();
  workspace.datasets.add({ id, name: "d", path: `/${id}`, layout: "images", layoutName: "Images", isSample: false });
  return id;
}

function list(id: DatasetId, items: readonly ListedItem[]): void {
  workspace.datasets.beginListing(id);
  workspace.datasets.addItems(id, items);
  workspace.datasets.completeListing(id, []);
}

function query(datasetId: DatasetId, rest: object = {}): ImageQuery {
  return imageQuerySchema.parse({ datasetId, ...rest });
}

function keysOf(datasetId: DatasetId, rest: object = {}): string[] {
  return workspace.datasets.images(query(datasetId, rest)).items.map(({ key }) => key);
}

function idsByKey(datasetId: DatasetId): Map<string, ImageId> {
  return new Map(workspace.datasets.images(query(datasetId)).items.map(({ key, id }) => [key, id]));
}

test("counts what a listing found while it goes on, and what there is of each kind", () => {
  const id = addDataset();
  const { datasets } = workspace;
  datasets.beginListing(id);
  datasets.addItems(id, [anItem("b.png", { split: "val", tags: ["fog", "rain"], ...LABELS })]);
  expect(datasets.addItems(id, [anItem("a.png", { split: "train", tags: ["fog"] })])).toMatchObject({
    listing: { status: "listing", found: 2 },
    imageCount: 2,
    labelledCount: 1,
    splits: [
      { name: "train", count: 1 },
      { name: "val", count: 1 },
    ],
    tags: [
      { name: "fog", count: 2 },
      { name: "rain", count: 1 },
    ],
  });
  const notices = [{ code: "dataset.labelMissing", message: "1 image has none.", count: 1 }];
  expect(datasets.completeListing(id, notices)).toMatchObject({
    listing: { status: "complete" },
    imageCount: 2,
    notices,
  });
});

test("keeps the ids of images when the folder is listed again, and forgets those that are gone", () => {
  const id = addDataset();
  list(id, [anItem("a.png"), anItem("b.png", LABELS), anItem("c.png")]);
  const before = idsByKey(id);
  workspace.datasets.setClasses(before.get("b.png") as ImageId, [1, 2]);
  list(id, [anItem("c.png", { split: "val", tags: ["new"] }), anItem("b.png", LABELS), anItem("d.png")]);
  const after = idsByKey(id);
  expect([...after.keys()]).toEqual(["b.png", "c.png", "d.png"]);
  expect(after.get("b.png")).toBe(before.get("b.png"));
  expect(after.get("c.png")).toBe(before.get("c.png"));
  expect(() => workspace.datasets.image(before.get("a.png") as ImageId)).toThrow(/No image has the id/);
  expect(workspace.datasets.get(id)).toMatchObject({ tags: [{ name: "new", count: 1 }], imageCount: 3 });
  expect(keysOf(id, { filter: { classes: [1, 2] } })).toEqual(["b.png"]);
});

test("reads the classes of an image anew when its labels are another file", () => {
  const id = addDataset();
  list(id, [anItem("a.png", LABELS), anItem("b.png")]);
  const [image] = workspace.datasets.withoutClasses(id, 10);
  expect(workspace.datasets.withoutClasses(id, 10)).toHaveLength(1);
  workspace.datasets.setClasses(image?.id as ImageId, [3]);
  expect(workspace.datasets.get(id).classes).toEqual([{ trainId: 3, count: 1 }]);
  expect(workspace.datasets.withoutClasses(id, 10)).toEqual([]);
  list(id, [anItem("a.png", { ...LABELS, labelPath: "labels/other.png" }), anItem("b.png")]);
  expect(workspace.datasets.withoutClasses(id, 10).map(({ key }) => key)).toEqual(["a.png"]);
  expect(workspace.datasets.get(id).classes).toEqual([]);
});

test("keeps all images when a listing fails", () => {
  const id = addDataset();
  list(id, [anItem("a.png")]);
  workspace.datasets.beginListing(id);
  const failed = workspace.datasets.failListing(id, { code: "input.missing", message: "gone" });
  expect(failed).toMatchObject({ listing: { status: "failed", error: { message: "gone" } }, imageCount: 1 });
  expect(keysOf(id)).toEqual(["a.png"]);
});

test("forgets a dataset at once, and sweeps up nothing of others", () => {
  const [gone, kept] = [addDataset(), addDataset()];
  for (const id of [gone, kept]) list(id, [anItem("a.png", { tags: ["t"], ...LABELS })]);
  const goneImage = idsByKey(gone).get("a.png") as ImageId;
  for (const id of [goneImage, idsByKey(kept).get("a.png") as ImageId]) workspace.datasets.setClasses(id, [5]);
  workspace.datasets.remove(gone);
  expect(workspace.datasets.list().map(({ id }) => id)).toEqual([kept]);
  expect(() => workspace.datasets.files(goneImage)).toThrow(expect.objectContaining({ code: "workspace.unknown" }));
  const next = addDataset();
  let rounds = 0;
  while (workspace.datasets.sweep()) rounds += 1;
  expect(rounds).toBeLessThan(5);
  expect(keysOf(next)).toEqual([]);
  expect(keysOf(kept, { filter: { tags: ["t"], classes: [5] } })).toEqual(["a.png"]);
});

test("shows changes in the next page: new images, classes, ends of runs", () => {
  const id = addDataset();
  list(id, [anItem("a.png", LABELS), anItem("b.png", LABELS)]);
  const byGain = { sort: { by: "gain", descending: true } };
  expect(keysOf(id, byGain)).toEqual(["a.png", "b.png"]);
  expect(keysOf(id, { filter: { classes: [1] } })).toEqual([]);
  const image = idsByKey(id).get("b.png") as ImageId;
  workspace.datasets.setClasses(image, [1]);
  expect(keysOf(id, { filter: { classes: [1] } })).toEqual(["b.png"]);
  const run = aRun({ image: { id: image, datasetId: id, key: "b.png" }, kept: [keptAt(0, 0.25), keptAt(1, 0.5)] });
  workspace.runs.create(run);
  workspace.runs.end(run.id, { status: "finished", endedAt: 2 });
  expect(keysOf(id, byGain)).toEqual(["b.png", "a.png"]);
});

const NAMES = ["Aa/x.png", "aa/Y.png", "b/Ä.png", "b/x.png", "c.png", "d/%_.png", "e.png"];
const TAGS = ["fog", "night", "it's"];

interface Model {
  readonly item: ListedItem;
  readonly classes: readonly number[];
  readonly scores: { readonly before: number; readonly after: number; readonly entropy: number } | null;
}

const hundredth = fc.integer({ min: 0, max: 4 }).map((quarters) => quarters / 4);
const models: fc.Arbitrary<Model[]> = fc
  .uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 })
  .chain((names) => fc.tuple(...names.map(modelOf)));
const wanted = fc.record({
  filter: fc.record({
    text: fc.constantFrom("", "", "x", "AA", "ä", "%", "_"),
    splits: fc.subarray(["train", "val"]),
    tags: fc.subarray(TAGS, { maxLength: 2 }),
    classes: fc.subarray([0, 1, 2], { maxLength: 2 }),
    hasLabels: fc.constantFrom(null, null, true, false),
  }),
  sort: fc.record({
    by: fc.constantFrom(...IMAGE_SORTS.filter((by) => by !== "similarity")),
    descending: fc.boolean(),
  }),
  offset: fc.integer({ min: 0, max: 3 }),
  limit: fc.integer({ min: 1, max: 5 }),
});

function modelOf(key: string): fc.Arbitrary<Model> {
  const item = fc
    .record({
      split: fc.constantFrom(null, "train", "val"),
      tags: fc.subarray(TAGS),
      isLabelled: fc.boolean(),
    })
    .map(({ isLabelled, ...rest }) => anItem(key, { ...rest, ...(isLabelled ? LABELS : {}) }));
  const scores = fc.option(fc.record({ before: hundredth, after: hundredth, entropy: hundredth }));
  return fc.record({ item, classes: fc.subarray([0, 1, 2]), scores });
}

test("filters, sorts and pages as a plain list would", () => {
  fc.assert(
    fc.property(models, fc.array(wanted, { minLength: 1, maxLength: 4 }), (images, queries) => {
      const id = addDataset();
      list(
        id,
        images.map(({ item }) => item),
      );
      const ids = idsByKey(id);
      for (const { item, classes, scores } of images) {
        const image = ids.get(item.key) as ImageId;
        workspace.datasets.setClasses(image, classes);
        if (scores === null) continue;
        const kept = [keptAt(0, scores.before), keptAt(1, scores.after, scores.entropy)];
        const run = aRun({ image: { id: image, datasetId: id, key: item.key }, kept, status: "finished", endedAt: 1 });
        workspace.runs.create(run);
      }
      for (const one of queries) {
        const expected = expectedKeys(images, query(id, one));
        const page = workspace.datasets.images(query(id, one));
        expect(page.items.map(({ key }) => key)).toEqual(expected.slice(one.offset, one.offset + one.limit));
        expect(page.total).toBe(expected.length);
        expect(workspace.datasets.imageIds(query(id, one))).toEqual(expected.map((key) => ids.get(key)));
      }
    }),
    { numRuns: 60 },
  );
});

function expectedKeys(images: readonly Model[], { filter, sort }: ImageQuery): string[] {
  const passing = images.filter(
    ({ item, classes }) =>
      item.key.toLowerCase().includes(filter.text.toLowerCase()) &&
      (filter.splits.length === 0 || (item.split !== null && filter.splits.includes(item.split))) &&
      filter.tags.every((tag) => item.tags.includes(tag)) &&
      filter.classes.every((trainId) => classes.includes(trainId)) &&
      (filter.hasLabels === null || filter.hasLabels === (item.labelPath !== null)),
  );
  const direction = sort.descending ? -1 : 1;
  const value = ({ item, scores }: Model): string | number | null => {
    if (sort.by === "name") return item.key;
    if (scores === null) return null;
    const { before, after, entropy } = scores;
    if (sort.by === "similarity") throw new Error("orders by likeness have a test of their own");
    return { miou: after, gain: after - before, entropy, confidence: 1 - entropy }[sort.by];
  };
  // A stable sort: what has no figure comes last, what has the same in the order of the listing.
  const known = passing.filter((image) => value(image) !== null);
  const unknown = passing.filter((image) => value(image) === null);
  const sorted = known.toSorted((a, b) => direction * compare(value(a) ?? 0, value(b) ?? 0));
  return [...sorted, ...unknown].map(({ item }) => item.key);
}

/** Names in the order of their bytes. */
function compare(a: string | number, b: string | number): number {
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}

test("sorts by the run that is asked for, and shows only its figures", () => {
  const id = addDataset();
  list(id, [anItem("a.png"), anItem("b.png")]);
  const image = idsByKey(id).get("b.png") as ImageId;
  const of = (endedAt: number, after: number) =>
    aRun({
      image: { id: image, datasetId: id, key: "b.png" },
      kept: [keptAt(0, 0), keptAt(1, after)],
      status: "finished",
      endedAt,
    });
  const [older, newer] = [of(1, 0.25), of(2, 0.75)];
  workspace.runs.createMany([older, newer]);
  const page = workspace.datasets.images(query(id, { runId: older.id, sort: { by: "gain", descending: true } }));
  expect(page.items.map(({ key, scores }) => [key, scores?.gain])).toEqual([
    ["b.png", 0.25],
    ["a.png", undefined],
  ]);
});
