// How long the workspace takes with 100,000 images: listing, filters, orders, runs. Prints; run `node test/bench/workspace.ts`.
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import type { ListedItem } from "../../src-main/workspace/dataset-store.ts";
import { newId } from "../../src-main/workspace/new-id.ts";
import { openWorkspace, type Workspace } from "../../src-main/workspace/open-workspace.ts";
import type { Scores } from "../../src-shared/contract/results.ts";
import { type ImageQuery, imageQuerySchema } from "../../src-shared/contract/workbench/datasets.ts";
import type { CheckpointId, DatasetId, ImageId, RunId } from "../../src-shared/contract/workbench/ids.ts";
import {
  runPointsQuerySchema,
  runQuerySchema,
  runSectionQuerySchema,
} from "../../src-shared/contract/workbench/run-query.ts";
import { comparisonQuerySchema, type Run, runConfigFormSchema } from "../../src-shared/contract/workbench/runs.ts";

const IMAGES = 100_000;
const BATCH = 1000;
const RUNS = 20_000;
const REPEATS = 5;
const SPLITS = ["train", "val", "test"];
const WEATHER = ["clear", "fog", "night", "rain"];

const folder = mkdtempSync(join(tmpdir(), "acclimate-bench-"));
try {
  console.log(`${IMAGES} images, ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}`);
  const workspace = await openWorkspace(folder);
  const datasetId = listImages(workspace);
  const ids = await measured("ids of all, by name", () => workspace.datasets.imageIds(query(datasetId)));
  addClasses(workspace, ids);
  const checkpointId = addRuns(workspace, datasetId, ids);
  await measureQueries(workspace, datasetId, checkpointId);
  await measured("rescan, nothing new", () => listAgain(workspace, datasetId), 1);
  await measured("close, with a backup", () => workspace.close(), 1);
  const again = await measured("open, with a check", () => openWorkspace(folder), 1);
  await measured("forget the dataset", () => again.datasets.remove(datasetId), 1);
  await measured("sweep up a part of it", () => again.datasets.sweep());
  again.close();
} finally {
  rmSync(folder, { recursive: true });
}

function listImages(workspace: Workspace): DatasetId {
  const id = newId<DatasetId>();
  const start = performance.now();
  const names = { name: "bench", path: "/bench", layout: "cityscapes", layoutName: "Cityscapes" };
  workspace.datasets.add({ id, isSample: false, ...names });
  listAgain(workspace, id);
  print("listing", performance.now() - start);
  return id;
}

function listAgain({ datasets }: Workspace, id: DatasetId): void {
  datasets.beginListing(id);
  for (let at = 0; at < IMAGES; at += BATCH) {
    datasets.addItems(
      id,
      Array.from({ length: BATCH }, (_, i) => itemAt(at + i)),
    );
  }
  datasets.completeListing(id, []);
}

function itemAt(i: number): ListedItem {
  const city = `city${String(Math.floor(i / 2000)).padStart(2, "0")}`;
  const split = SPLITS[Math.floor(i / 40_000)] ?? "train";
  const name = `${city}_${String(i).padStart(6, "0")}`;
  const isLabelled = i % 5 !== 0;
  return {
    key: `leftImg8bit/${split}/${city}/${name}_leftImg8bit.png`,
    labelPath: isLabelled ? `gtFine/${split}/${city}/${name}_gtFine_labelIds.png` : null,
    labelEncoding: isLabelled ? "cityscapes" : null,
    split,
    tags: [city, WEATHER[i % WEATHER.length] ?? "clear"],
  };
}

/** A dozen of 19 classes in each image. */
function addClasses({ datasets }: Workspace, ids: readonly ImageId[]): void {
  const start = performance.now();
  for (const [i, id] of ids.entries()) {
    datasets.setClasses(
      id,
      Array.from({ length: 19 }, (_, trainId) => trainId).filter(
        (trainId) => trainId < 8 || (i * 31 + trainId) % 3 === 0,
      ),
    );
  }
  print("classes, an image", (performance.now() - start) / ids.length);
}

function addRuns({ runs }: Workspace, datasetId: DatasetId, ids: readonly ImageId[]): CheckpointId {
  const checkpointId = newId<CheckpointId>();
  const start = performance.now();
  for (let i = 0; i < RUNS; i += 1) {
    const imageId = ids[i * 5];
    if (imageId === undefined) break;
    const run = newRun(checkpointId, datasetId, imageId);
    runs.create(run);
    runs.start(run.id, i);
    for (const iteration of [0, 1]) {
      const scores = scoresAt((i * 7919 + iteration) % 1000);
      runs.addKept(run.id, {
        iteration,
        scores,
        meanConfidence: 0.5,
        meanEntropy: ((i * 104_729) % 1000) / 1000,
        figures: null,
      });
    }
    runs.end(run.id, { status: "finished", endedAt: i });
  }
  print("a run, from its creation to its end", (performance.now() - start) / RUNS);
  return checkpointId;
}

function newRun(checkpointId: CheckpointId, datasetId: DatasetId, imageId: ImageId): Run {
  return {
    id: newId<RunId>(),
    groupId: null,
    status: "queued",
    method: "adapt",
    config: runConfigFormSchema.parse({}),
    image: { id: imageId, datasetId, key: "image" },
    checkpoint: { id: checkpointId, name: "checkpoint", numClasses: 19 },
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    error: null,
    miouBefore: null,
    miouAfter: null,
    miouStored: null,
    lastLoss: null,
    notes: "",
    machine: { runtime: "auto", provider: "auto", threads: null },
    size: null,
    losses: [],
    kept: [],
    references: [],
    views: [],
    pseudoLabel: null,
    lastEvent: null,
    provenance: null,
  };
}

function scoresAt(permille: number): Scores {
  const miou = permille / 1000;
  const iou = Array.from({ length: 19 }, (_, i) => ((permille + i) % 1000) / 1000);
  return { miou, iou, miouPresent: miou, present: [...iou.keys()] };
}

async function measureQueries(workspace: Workspace, datasetId: DatasetId, checkpointId: CheckpointId): Promise<void> {
  const page = (name: string, rest: object) => measured(name, () => workspace.datasets.images(query(datasetId, rest)));
  await page("first page, by name", {});
  await page("last page, by name", { offset: IMAGES - 200 });
  for (const by of ["miou", "entropy", "confidence", "gain"]) {
    for (const descending of [false, true]) {
      await page(`first page, by ${by}${descending ? ", falling" : ""}`, { sort: { by, descending } });
    }
  }
  await page("last page, by gain", { sort: { by: "gain", descending: true }, offset: IMAGES - 200 });
  await page("text", { filter: { text: "CITY07_0150" } });
  await page("text that nothing has", { filter: { text: "nothing" } });
  await page("split", { filter: { splits: ["val"] } });
  await page("two tags", { filter: { tags: ["fog", "city11"] } });
  await page("one rare class", { filter: { classes: [12] } });
  await page("four classes", { filter: { classes: [0, 1, 12, 17] } });
  await page("without labels", { filter: { hasLabels: false } });
  const everything = { text: "city", splits: ["train", "val"], tags: ["fog"], classes: [0, 12], hasLabels: true };
  await page("everything, by gain", { filter: everything, sort: { by: "gain", descending: true } });
  await page("everything, by name", { filter: everything });
  await measured("the list of datasets", () => workspace.datasets.list());
  await measured("history, first page", () =>
    workspace.runs.list(runQuerySchema.parse({ datasetId, statuses: ["finished"] })),
  );
  const columns = ["baseLr", "numEpochs", "threshold", "alpha", "scales", "miouBefore", "miou", "gain", "iou.13"];
  const grouped = { groupBy: "scales", sort: { by: "gain", descending: true }, text: "image", columns };
  await measured("history, grouped, sorted, searched", () => workspace.runs.list(runQuerySchema.parse(grouped)));
  await measured("groups of the history", () =>
    workspace.runs.sections(runSectionQuerySchema.parse({ groupBy: "scales" })),
  );
  await measured("10,000 runs as 9 columns", () => workspace.runs.points(runPointsQuerySchema.parse({ columns })));
  const sides = { a: { checkpointId, stage: "before" }, b: { checkpointId, stage: "after" } };
  await measured(`comparison of ${RUNS} runs`, () =>
    workspace.runs.compare(comparisonQuerySchema.parse({ datasetId, ...sides })),
  );
}

function query(datasetId: DatasetId, rest: object = {}): ImageQuery {
  return imageQuerySchema.parse({ datasetId, ...rest });
}

/** The first time, and where it is worth a look the median of the next ones, which may be remembered. */
async function measured<T>(name: string, work: () => T | Promise<T>, repeats = REPEATS): Promise<T> {
  const times: number[] = [];
  let result: T | undefined;
  for (let i = 0; i < repeats; i += 1) {
    const start = performance.now();
    result = await work();
    times.push(performance.now() - start);
  }
  const [first = Number.NaN, ...again] = times;
  const median = again.toSorted((a, b) => a - b)[Math.floor(again.length / 2)];
  print(median === undefined ? name : `${name}; again ${median.toFixed(1)} ms`, first);
  return result as T; // repeats is at least 1
}

function print(name: string, milliseconds: number): void {
  console.log(`${milliseconds.toFixed(milliseconds < 10 ? 2 : 0).padStart(8)} ms  ${name}`);
}
