// Datasets for the server: opened, listed in the background, watched; pixels only from inside the opened folder.
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { DatasetBackground, DatasetCommand } from "../../../../src-main/server/services/dataset-background.ts";
import { Datasets } from "../../../../src-main/server/services/dataset-service.ts";
import { openWorkspace, type Workspace } from "../../../../src-main/workspace/open-workspace.ts";
import type { DatasetItem } from "../../../../src-shared/contract/dataset.ts";
import { AppError, CancelledError } from "../../../../src-shared/contract/errors.ts";
import { imageQuerySchema } from "../../../../src-shared/contract/workbench/datasets.ts";
import type { WorkbenchEvent } from "../../../../src-shared/contract/workbench/events.ts";
import type { DatasetId, ImageId } from "../../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../../src-shared/contract/workbench/routes.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";
import { settled, untilPassing } from "../../../helpers/until.ts";

const PNG_HEAD = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

type Answers = { [C in DatasetCommand]?: DatasetBackground["request"] };

interface Bench {
  readonly folder: string;
  readonly workspace: Workspace;
  readonly datasets: Datasets;
  readonly events: WorkbenchEvent[];
  readonly answers: Answers;
  /** As at the end of the program. */
  close(): void;
}

/** A folder with three images, one of them with labels, and a background process that lists it. */
async function openBench(workspaceFolder = temporaryFolder()): Promise<Bench> {
  const folder = join(temporaryFolder(), "set");
  mkdirSync(folder);
  for (const name of ["a.png", "b.png", "c.jpg", "a_labels.png"]) writeFileSync(join(folder, name), PNG_HEAD);
  const workspace = await openWorkspace(workspaceFolder);
  const events: WorkbenchEvent[] = [];
  const answers: Answers = {
    detectDataset: answer({ layout: "images", layoutName: "Images" }),
    listDataset: listing(["a.png", "b.png", "c.jpg"]),
    thumbnail: answer({ bytes: new Uint8Array([1, 2]), size: { width: 8, height: 4 } }),
    pixels: answer({ bytes: new Uint8Array([3]), size: { width: 8, height: 4 } }),
    groundTruth: answer({ bytes: new Uint8Array([4]), size: { width: 8, height: 4 }, unknown: [] }),
    presentClasses: answer({ trainIds: [0, 7], pixels: 32, unknown: [], hints: [] }),
  };
  const background: DatasetBackground = {
    request: (command, input, options) => {
      const given = answers[command];
      if (given === undefined) return Promise.reject(new Error(`no answer for ${command}`));
      return given(command, input, options);
    },
  };
  const publish = (event: WorkbenchEvent) => void events.push(event);
  const datasets = new Datasets({ workspace, background, publish, sampleFolder: folder });
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    datasets.close();
    workspace.close();
  };
  onTestFinished(close);
  return { folder, workspace, datasets, events, answers, close };
}

/** The types of outputs are those of commands; a test gives what its command needs. */
function answer(output: unknown): DatasetBackground["request"] {
  return () => Promise.resolve(output as never);
}

function failure(error: Error): DatasetBackground["request"] {
  return () => Promise.reject(error);
}

function itemsOf(root: string, keys: readonly string[]): DatasetItem[] {
  return keys.map((key) => ({
    key,
    imagePath: join(root, key),
    labelPath: key === "a.png" ? join(root, "a_labels.png") : null,
    labelEncoding: key === "a.png" ? "trainIds" : null,
    split: null,
    domain: null,
    tags: [],
  }));
}

function listing(keys: readonly string[], report: unknown = []): DatasetBackground["request"] {
  return async (_, input, options) => {
    const { root } = input as { root: string };
    const onEvent = options?.onEvent as ((event: unknown) => void) | undefined;
    for (const item of itemsOf(root, keys)) onEvent?.({ type: "listed", items: [item] });
    return report as never;
  };
}

async function listed({ datasets, workspace, folder }: Bench): Promise<DatasetId> {
  const { id } = await datasets.open(folder);
  await untilPassing(() => expect(workspace.datasets.get(id).listing.status).not.toBe("listing"));
  return id;
}

async function imageIds({ datasets }: Bench, id: DatasetId): Promise<[ImageId, ImageId, ImageId]> {
  return (await datasets.imageIds(imageQuerySchema.parse({ datasetId: id }))) as [ImageId, ImageId, ImageId];
}

test("answers before a folder is listed, and tells by events how that goes on", async () => {
  const bench = await openBench();
  const { datasets, workspace, events, folder } = bench;
  const opened = await datasets.open(folder);
  expect(opened).toMatchObject({ name: "set", layoutName: "Images", listing: { status: "listing" } });
  await untilPassing(() => expect(workspace.datasets.get(opened.id).classes).toHaveLength(2));
  expect(workspace.datasets.get(opened.id)).toMatchObject({
    listing: { status: "complete" },
    imageCount: 3,
    labelledCount: 1,
  });
  expect(workspace.datasets.get(opened.id).classes).toEqual([
    { trainId: 0, count: 1 },
    { trainId: 7, count: 1 },
  ]);
  const told = events.map((event) => (event.type === "datasetChanged" ? event.dataset.listing.status : event.type));
  expect(told.filter((status) => status === "complete").length).toBeGreaterThan(0);
  expect(told.length).toBeLessThan(7);
});

test("opens the same folder once", async () => {
  const bench = await openBench();
  const [one, other] = await Promise.all([bench.datasets.open(bench.folder), bench.datasets.open(`${bench.folder}/`)]);
  expect(one.id).toBe(other.id);
  expect(await bench.datasets.list()).toHaveLength(1);
});

test("refuses what is no folder with the sentence of whoever looked, and adds nothing", async () => {
  const { datasets, answers, folder } = await openBench();
  answers.detectDataset = failure(new AppError("input.missing", '"x" is not there.'));
  await expect(datasets.open(folder)).rejects.toMatchObject({ code: "input.missing" });
  await expect(datasets.open("relative/folder")).rejects.toMatchObject({ code: "input.option" });
  expect(await datasets.list()).toEqual([]);
});

test("keeps notices of the listing, and ids when it is listed again", async () => {
  const bench = await openBench();
  const id = await listed(bench);
  const before = await imageIds(bench, id);
  const line = { code: "dataset.labelMissing", message: "Two have none.", path: "b.png", count: 2, examples: [] };
  bench.answers.listDataset = listing(["a.png", "c.jpg"], [line]);
  await bench.datasets.rescan(id);
  await untilPassing(() => expect(bench.workspace.datasets.get(id).notices).toHaveLength(1));
  expect(bench.workspace.datasets.get(id).notices).toEqual([{ code: line.code, message: line.message, count: 2 }]);
  expect(await imageIds(bench, id)).toEqual([before[0], before[2]]);
});

test("forgets nothing when a folder vanishes, is suddenly empty, or can't be listed", async () => {
  const bench = await openBench();
  const { datasets, workspace, answers, folder } = bench;
  const id = await listed(bench);
  answers.listDataset = listing([]);
  await datasets.rescan(id);
  await untilPassing(() =>
    expect(workspace.datasets.get(id).listing).toMatchObject({ status: "failed", error: { code: "dataset.empty" } }),
  );
  answers.listDataset = failure(new AppError("engine.ended" as never, "The process ended."));
  await datasets.rescan(id);
  await untilPassing(() =>
    expect(workspace.datasets.get(id).listing).toMatchObject({ error: { message: "The process ended." } }),
  );
  renameSync(folder, `${folder}-gone`);
  expect((await datasets.list())[0]).toMatchObject({ isAvailable: false, imageCount: 3 });
  const [image] = await imageIds(bench, id);
  await expect(datasets.pixels(image)).rejects.toMatchObject({
    code: "input.missing",
    message: /a\.png" is not there any more/,
  });
  renameSync(`${folder}-gone`, folder);
  expect((await datasets.list())[0]).toMatchObject({ isAvailable: true });
});

test("stops listing when the items can't be stored, and says why", async () => {
  const bench = await openBench();
  const { workspace, datasets, folder } = bench;
  vi.spyOn(workspace.datasets, "addItems").mockImplementation(() => {
    throw new AppError("output.diskFull", "The disk is full.");
  });
  const { id } = await datasets.open(folder);
  await untilPassing(() =>
    expect(workspace.datasets.get(id).listing).toMatchObject({ status: "failed", error: { code: "output.diskFull" } }),
  );
});

test("a listing that the end of the program cut off goes on with the next one", async () => {
  const folder = temporaryFolder();
  const first = await openBench(folder);
  first.answers.listDataset = (_, __, options) =>
    new Promise((_resolve, reject) => options?.signal?.addEventListener("abort", () => reject(new CancelledError())));
  const { id } = await first.datasets.open(first.folder);
  first.datasets.close();
  await settled();
  expect(first.workspace.datasets.get(id).listing.status).toBe("listing");
  first.close();
  const second = await openBench(folder);
  second.datasets.start();
  await untilPassing(() =>
    expect(second.workspace.datasets.get(id)).toMatchObject({ listing: { status: "complete" }, imageCount: 3 }),
  );
});

test("removes a dataset in the middle of its listing", async () => {
  const bench = await openBench();
  const { datasets, answers, events, folder } = bench;
  answers.listDataset = async (_, input, options) => {
    await new Promise((resolve) => options?.signal?.addEventListener("abort", resolve));
    return listing(["a.png"])("listDataset", input as never, options as never) as never;
  };
  const { id } = await datasets.open(folder);
  await datasets.remove(id);
  await settled();
  expect(await datasets.list()).toEqual([]);
  expect(events.at(-1)).toEqual({ type: "datasetRemoved", datasetId: id });
  await expect(datasets.remove(id)).rejects.toMatchObject({ code: "workspace.unknown" });
});

test("lists on only when nobody waits for a thumbnail", async () => {
  const bench = await openBench();
  const { datasets, workspace, answers, folder } = bench;
  const made = Promise.withResolvers<void>();
  const makes = answer({ bytes: new Uint8Array([1]), size: { width: 8, height: 4 } });
  answers.thumbnail = async (...request) => made.promise.then(() => makes(...request));
  const second = Promise.withResolvers<void>();
  const told = Promise.withResolvers<void>();
  answers.listDataset = async (command, input, options) => {
    await listing(["a.png"])(command, input, options);
    await second.promise;
    const report = await listing(["b.png"])(command, input, options);
    told.resolve();
    return report;
  };
  const { id } = await datasets.open(folder);
  await untilPassing(() => expect(workspace.datasets.get(id).imageCount).toBe(1));
  const [a] = await imageIds(bench, id);
  const thumbnail = datasets.thumbnail(a);
  second.resolve();
  await told.promise;
  await settled();
  expect(workspace.datasets.get(id).imageCount).toBe(1);
  made.resolve();
  await thumbnail;
  await untilPassing(() => expect(workspace.datasets.get(id).imageCount).toBe(2));
});

test("gives the file itself where a browser shows it, otherwise what the background made of it", async () => {
  const bench = await openBench();
  const [a, b] = await imageIds(bench, await listed(bench));
  expect(await bench.datasets.pixels(a)).toEqual({
    kind: "file",
    path: join(bench.folder, "a.png"),
    type: "image/png",
  });
  writeFileSync(join(bench.folder, "b.png"), "II*\0 a TIFF under another name");
  expect(await bench.datasets.pixels(b)).toEqual({ kind: "bytes", bytes: new Uint8Array([3]), type: "image/png" });
});

test("makes a thumbnail once, for two windows at a time as well, and again when the image changes", async () => {
  const bench = await openBench();
  const { datasets, answers, folder } = bench;
  const [a] = await imageIds(bench, await listed(bench));
  const make = vi.fn(answers.thumbnail);
  answers.thumbnail = make as unknown as DatasetBackground["request"];
  await Promise.all([datasets.thumbnail(a), datasets.thumbnail(a)]);
  expect(await datasets.thumbnail(a)).toMatchObject({ kind: "file", type: "image/webp" });
  expect(make).toHaveBeenCalledTimes(1);
  expect((await datasets.image(a)).size).toEqual({ width: 8, height: 4 });
  writeFileSync(join(folder, "a.png"), Buffer.concat([PNG_HEAD, PNG_HEAD]));
  expect(await datasets.thumbnail(a)).toMatchObject({ kind: "bytes" });
  expect(make).toHaveBeenCalledTimes(2);
});

test("an image that can't be read is still listed; its thumbnail says why", async () => {
  const bench = await openBench();
  const [a] = await imageIds(bench, await listed(bench));
  bench.answers.thumbnail = failure(new AppError("image.damaged", "It breaks off."));
  expect(await bench.datasets.image(a)).toMatchObject({ key: "a.png", size: null });
  await expect(bench.datasets.thumbnail(a)).rejects.toMatchObject({ code: "image.damaged" });
});

test("refuses files that links lead out of the opened folder", async () => {
  const bench = await openBench();
  const secret = join(temporaryFolder(), "secret.png");
  writeFileSync(secret, PNG_HEAD);
  symlinkSync(secret, join(bench.folder, "link.png"));
  bench.answers.listDataset = listing(["a.png", "../set-secret.png", "link.png"]);
  writeFileSync(join(bench.folder, "..", "set-secret.png"), PNG_HEAD);
  const ids = await imageIds(bench, await listed(bench));
  const items = await Promise.all(ids.map((id) => bench.datasets.image(id)));
  for (const { id, key } of items) {
    const asked = [bench.datasets.pixels(id), bench.datasets.thumbnail(id), bench.datasets.imagePath(id)];
    for (const one of await Promise.allSettled(asked)) {
      if (key === "a.png") expect(one.status).toBe("fulfilled");
      else expect(one).toMatchObject({ status: "rejected", reason: { code: "input.outside" } });
    }
  }
});

test("gives ground truth where there are labels, and says where there are none", async () => {
  const bench = await openBench();
  const [a, b] = await imageIds(bench, await listed(bench));
  expect(await bench.datasets.groundTruth(a, "19")).toMatchObject({ kind: "bytes", bytes: new Uint8Array([4]) });
  await expect(bench.datasets.groundTruth(b, "19")).rejects.toMatchObject({ message: /"b\.png" has no labels/ });
});

test("leaves classes unread while labels can't be reached, and gives up on a file that is damaged", async () => {
  const bench = await openBench();
  const { answers, workspace, datasets } = bench;
  answers.presentClasses = failure(new AppError("engine.ended" as never, "The process ended."));
  const id = await listed(bench);
  await untilPassing(() => expect(workspace.datasets.get(id).listing.status).toBe("complete"));
  expect(workspace.datasets.withoutClasses(id, 9)).toHaveLength(1);
  answers.presentClasses = failure(new AppError("image.damaged", "It breaks off."));
  await datasets.rescan(id);
  await untilPassing(() => expect(workspace.datasets.withoutClasses(id, 9)).toHaveLength(0));
  expect(workspace.datasets.get(id).classes).toEqual([]);
});

test("has the sample once, and follows the program's folder when that moves", async () => {
  const workspaceFolder = temporaryFolder();
  const first = await openBench(workspaceFolder);
  const sample = await first.datasets.openSampleDataset();
  expect(sample).toMatchObject({ isSample: true, path: first.folder });
  expect((await first.datasets.openSampleDataset()).id).toBe(sample.id);
  await untilPassing(() => expect(first.workspace.datasets.get(sample.id).listing.status).toBe("complete"));
  first.close();
  const second = await openBench(workspaceFolder);
  second.datasets.start();
  expect(second.workspace.datasets.get(sample.id).path).toBe(second.folder);
});

test("lists damaged images and labels that were looked at, until they can be read or the folder is listed anew", async () => {
  const bench = await openBench();
  const { datasets, workspace, answers, events } = bench;
  answers.presentClasses = failure(new AppError("label.size", "The labels have another size."));
  const id = await listed(bench);
  const codes = () => workspace.datasets.get(id).notices.map(({ code, count }) => [code, count]);
  await untilPassing(() => expect(codes()).toEqual([["label.size", 1]]));

  const [a, b] = await imageIds(bench, id);
  const makes = answers.thumbnail;
  answers.thumbnail = failure(new AppError("image.damaged", "The image breaks off."));
  for (const image of [a, b]) await expect(datasets.thumbnail(image)).rejects.toThrow("breaks off");
  expect(codes()).toEqual([
    ["image.damaged", 2],
    ["label.size", 1],
  ]);
  await untilPassing(() => {
    const told = events.findLast((event) => event.type === "datasetChanged");
    expect(told?.type === "datasetChanged" && told.dataset.notices[0]).toEqual({
      code: "image.damaged",
      message: "The image breaks off.",
      count: 2,
    });
  });

  // A process that ended says nothing of the file.
  answers.thumbnail = failure(new AppError("engine.ended" as never, "The process ended."));
  await expect(datasets.thumbnail(b)).rejects.toThrow("ended");
  expect(codes()[0]).toEqual(["image.damaged", 2]);
  if (makes !== undefined) answers.thumbnail = makes;
  await datasets.thumbnail(b);
  expect(codes()[0]).toEqual(["image.damaged", 1]);

  answers.presentClasses = answer({ trainIds: [0], pixels: 32, unknown: [], hints: [] });
  await datasets.rescan(id);
  await untilPassing(() => expect(codes()).toEqual([]));
  await untilPassing(() => expect(workspace.datasets.withoutClasses(id, 9)).toHaveLength(0));
  expect(codes()).toEqual([]);
});

test("sends photographs whole up to the limit, and of longer ones where their tiles are, cut once when they are wanted", async () => {
  const bench = await openBench();
  const { datasets, folder, answers } = bench;
  const [a, b] = await imageIds(bench, await listed(bench));
  answers.imageSize = answer({ width: 4096, height: 4096 });
  expect(await datasets.photo(a)).toMatchObject({ kind: "file", path: join(folder, "a.png") });
  answers.imageSize = answer({ width: 6000, height: 5000 });
  const photo = await datasets.photo(b);
  if (photo.kind !== "bytes") throw new Error("a description of tiles is no file");
  expect(JSON.parse(new TextDecoder().decode(photo.bytes))).toEqual({
    width: 6000,
    height: 5000,
    tilePx: 512,
    levels: 5,
    thumbnail: routes.thumbnail(b),
    tiles: routes.photoTiles(b),
  });

  await expect(datasets.photoTile(b, 4, 11, 9)).rejects.toMatchObject({ code: "input.missing" });
  const cut = vi.fn(async (_command: string, input: unknown) => {
    const tiles = join((input as { folder: string }).folder, "photo_files", "4");
    mkdirSync(tiles, { recursive: true });
    writeFileSync(join(tiles, "11_9.png"), "tile");
    return null as never;
  });
  answers.photoTiles = cut as unknown as DatasetBackground["request"];
  await Promise.all([datasets.photoReady(b), datasets.photoReady(b)]);
  const tile = await datasets.photoTile(b, 4, 11, 9);
  expect(tile.kind === "file" && readFileSync(tile.path, "utf8")).toBe("tile");
  expect(cut).toHaveBeenCalledTimes(1);

  writeFileSync(join(folder, "b.png"), Buffer.concat([PNG_HEAD, PNG_HEAD]));
  await expect(datasets.photoTile(b, 4, 11, 9)).rejects.toMatchObject({ code: "input.missing" });
});
