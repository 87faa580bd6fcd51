// Listing: batches, faults that stop nothing, links, and what does stop.

import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { DatasetReport } from "../../../../src-main/engine/datasets/dataset-report.ts";
import { findEnclosingDataset } from "../../../../src-main/engine/datasets/detect-layout.ts";
import { listDataset } from "../../../../src-main/engine/datasets/list-dataset.ts";
import { packageRoot } from "../../../../src-main/files/package-root.ts";
import { datasetItemSchema, datasetReportLineSchema } from "../../../../src-shared/contract/dataset.ts";
import { datasetFolder, grayPng, listed } from "../../../helpers/dataset-trees.ts";
import { temporaryFolder } from "../../../helpers/pictures.ts";

const frames = (count: number) => Array.from({ length: count }, (_, i) => `${String(i + 1).padStart(5, "0")}.png`);

describe("listDataset", () => {
  it("opens the built-in sample as one data set, domains as tags", async () => {
    const { items, lines } = await listed(join(packageRoot(), "resources", "sample"));
    expect(items).toHaveLength(16);
    expect(items.every(({ labelEncoding }) => labelEncoding === "trainIds")).toBe(true);
    expect([...new Set(items.flatMap(({ tags }) => tags))]).toEqual(["clear", "fog", "night", "rain"]);
    expect(lines).toEqual([]);
  });

  it("gives items and lines that the contract knows, with unique keys, the same every time", async () => {
    const root = datasetFolder("gta", [...frames(30).map((name) => `images/${name}`), "labels/00001.png"]);
    const first = await listed(root);
    for (const item of first.items) expect(datasetItemSchema.parse(item)).toEqual(item);
    for (const line of first.lines) expect(datasetReportLineSchema.parse(line)).toEqual(line);
    expect(new Set(first.items.map(({ key }) => key)).size).toBe(30);
    expect(await listed(root)).toEqual(first);
  });

  it("gives the first folder at once and the rest in batches of a thousand", async () => {
    const root = datasetFolder("plain", ["a/0.png", ...frames(2500).map((name) => `b/${name}`)]);
    const sizes: number[] = [];
    for await (const items of listDataset(root)) sizes.push(items.length);
    expect(sizes).toEqual([1, 1000, 1000, 500]);
  });

  it("tells masks from photographs by their pixels where names leave it open", async () => {
    const photo = await sharp(randomBytes(32 * 32 * 3), { raw: { width: 32, height: 32, channels: 3 } })
      .png()
      .toBuffer();
    const mask = grayPng(0, 0, 1, 1);
    const root = datasetFolder("mine", ["beside/a.jpg"], {
      "beside/a.png": mask,
      "one/b.png": photo,
      "two/b.png": mask,
      "alone/c_seg.png": photo,
    });
    const { items } = await listed(root);
    expect(items.map(({ key, labelPath }) => [key, labelPath?.slice(root.length + 1) ?? null])).toEqual([
      ["alone/c_seg.png", null],
      ["beside/a.jpg", "beside/a.png"],
      ["one/b.png", "two/b.png"],
    ]);
  });

  it("stops between folders when it is cancelled", async () => {
    const stop = new AbortController();
    const listing = listDataset(datasetFolder("plain", ["a/0.png", "b/0.png"]), { signal: stop.signal });
    await listing.next();
    stop.abort();
    await expect(listing.next()).rejects.toMatchObject({ name: "CancelledError" });
  });

  it("takes the layout it is told", async () => {
    const root = datasetFolder("mine", ["images/a.png", "labels/a.png"]);
    expect((await listed(root, { layout: "wilddash" })).items).toMatchObject([{ labelEncoding: "wilddash" }]);
  });

  it("says that a folder has nothing of the layout", async () => {
    const { items, lines } = await listed(datasetFolder("empty", ["notes.txt"]));
    expect(items).toEqual([]);
    expect(lines).toMatchObject([{ code: "dataset.empty" }]);
  });

  it("says which data set a plain folder is a part of", async () => {
    const root = datasetFolder("cs", ["leftImg8bit/val/ulm/u_leftImg8bit.png"]);
    const { lines } = await listed(join(root, "leftImg8bit/val"));
    expect(lines).toMatchObject([
      { code: "dataset.otherLayout", message: expect.stringContaining("(Cityscapes)"), path: root },
    ]);
  });

  it("says that fog lies beside clear images", async () => {
    const root = datasetFolder("cs", [
      "leftImg8bit/val/ulm/u_leftImg8bit.png",
      "leftImg8bit_foggy/val/ulm/u_leftImg8bit_foggy_beta_0.01.png",
      "gtFine/val/ulm/u_gtFine_labelIds.png",
    ]);
    const { items, lines } = await listed(root);
    expect(items).toHaveLength(1);
    expect(lines).toMatchObject([
      { code: "dataset.otherLayout", message: expect.stringContaining("also holds Foggy Cityscapes") },
    ]);
  });

  it("follows links to files and folders, and reports those that lead nowhere", async () => {
    const elsewhere = datasetFolder("elsewhere", ["x_leftImg8bit.png"]);
    const root = datasetFolder("cs", ["leftImg8bit/val/ulm/u_leftImg8bit.png"]);
    symlinkSync(elsewhere, join(root, "leftImg8bit/val/linked"));
    symlinkSync(join(root, "nowhere"), join(root, "leftImg8bit/val/ulm/broken_leftImg8bit.png"));
    const { items, lines } = await listed(root);
    expect(items.map(({ key }) => key)).toEqual([
      "leftImg8bit/val/linked/x_leftImg8bit.png",
      "leftImg8bit/val/ulm/u_leftImg8bit.png",
    ]);
    expect(lines.find(({ code }) => code === "dataset.linkBroken")).toMatchObject({ count: 1 });
  });

  it("does not go round in circles of links", async () => {
    const root = datasetFolder("plain", ["a/0.png"]);
    symlinkSync(root, join(root, "a", "again"));
    symlinkSync(join(root, "nowhere"), join(root, "a", "broken"));
    const { items, lines } = await listed(root);
    expect(items).toHaveLength(1);
    expect(lines).toMatchObject([{ code: "dataset.linkBroken", count: 1 }]);
  });

  // The administrator may read everything.
  it.skipIf(process.getuid?.() === 0 || process.platform === "win32")(
    "reports a folder that may not be read",
    async () => {
      const root = datasetFolder("plain", ["a/0.png", "b/0.png"]);
      chmodSync(join(root, "b"), 0);
      const { items, lines } = await listed(root);
      chmodSync(join(root, "b"), 0o700);
      expect(items).toHaveLength(1);
      expect(lines).toMatchObject([{ code: "dataset.folderUnreadable", path: "b", count: 1 }]);
    },
  );

  it("refuses a root that is not there, or no folder", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    await expect(listed(join(folder, "no"))).rejects.toMatchObject({ code: "input.missing" });
    await expect(listed(join(folder, "file"))).rejects.toMatchObject({ code: "input.unreadable" });
  });
});

describe("findEnclosingDataset", () => {
  it("goes up to the root of a known data set", async () => {
    const root = datasetFolder("a", ["rgb_anon/fog/val/GP1/GP1_frame_1_rgb_anon.png"]);
    expect(await findEnclosingDataset(join(root, "rgb_anon/fog/val"))).toMatchObject({
      layout: "acdc",
      below: "rgb_anon/fog/val",
    });
  });

  it("finds none for plain folders", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "images"));
    expect(await findEnclosingDataset(join(folder, "images"))).toBeNull();
  });
});

describe("DatasetReport", () => {
  it("keeps one line for all files with the same fault, and a hundred of their paths", () => {
    const report = new DatasetReport();
    for (let i = 0; i < 250; i++) report.add("dataset.labelMissing", `${i}.png`, (n, path) => `${n} such as ${path}`);
    expect(report.lines).toMatchObject([{ count: 250, message: "250 such as 0.png", path: "0.png" }]);
    expect(report.lines[0]?.examples).toHaveLength(100);
  });
});
