// Dataset folders: pairs by name, and one sentence for each thing that can be wrong with them.
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DatasetReport } from "../../../../src-main/engine/datasets/dataset-report.ts";
import { openLabelledFolder } from "../../../../src-main/engine/datasets/labelled-folder.ts";
import type { SplitChoice } from "../../../../src-main/engine/datasets/split-choice.ts";
import { encodeLabelPng, encodeRgbPng } from "../../../../src-main/engine/images/encode-png.ts";
import { colorPng, datasetFolder, grayPng } from "../../../helpers/dataset-trees.ts";
import { temporaryFolder } from "../../../helpers/pictures.ts";

interface Sizes {
  readonly label?: { width: number; height: number };
  readonly id?: number;
}

async function folderWith(names: readonly string[], { label = { width: 8, height: 6 }, id = 3 }: Sizes = {}) {
  const root = temporaryFolder();
  for (const part of ["images", "labels"]) mkdirSync(join(root, part));
  for (const name of names) {
    const image = { width: 8, height: 6, data: new Uint8Array(8 * 6 * 3).fill(name.length) };
    const labels = { ...label, data: new Uint8Array(label.width * label.height).fill(id) };
    writeFileSync(join(root, "images", `${name}.png`), await encodeRgbPng(image));
    writeFileSync(join(root, "labels", `${name}.png`), await encodeLabelPng(labels));
  }
  return root;
}

/** Moves a file elsewhere, with a link in its place. */
function movedOut(path: string): void {
  const outside = join(temporaryFolder(), "private.png");
  renameSync(path, outside);
  symlinkSync(outside, path);
}

describe("openLabelledFolder", () => {
  it("reads image and labels of one name, in the order of the names", async () => {
    const data = await openLabelledFolder(await folderWith(["bb", "a"]), 19);
    expect(data.count).toBe(2);
    const first = await data.read(0);
    expect(first.image.data[0]).toBe(1);
    expect(first.labels.data[0]).toBe(3);
  });

  it.each(["images", "labels"])("follows a link among %s that leads out of it, or leaves it out", async (part) => {
    const root = await folderWith(["a", "b"]);
    movedOut(join(root, part, "b.png"));
    const followed = await openLabelledFolder(root, 19);
    expect((await followed.read(1)).labels.data[0]).toBe(3);
    const report = new DatasetReport();
    expect((await openLabelledFolder(root, 19, { contained: true, report })).count).toBe(1);
    expect(report.lines).toMatchObject([{ code: "dataset.linkOutside", path: "images/b.png" }]);
  });

  it("takes 255 for ignored", async () => {
    const data = await openLabelledFolder(await folderWith(["a"], { id: 255 }), 19);
    expect((await data.read(0)).labels.data[0]).toBe(255);
  });

  it("names the folder that is not there", async () => {
    await expect(openLabelledFolder(join(temporaryFolder(), "no"), 19)).rejects.toMatchObject({
      code: "input.missing",
    });
  });

  it("refuses a folder without images", async () => {
    await expect(openLabelledFolder(await folderWith([]), 19)).rejects.toMatchObject({ code: "input.unreadable" });
  });

  it("leaves out, and names, an image without labels, one of another size and an empty one", async () => {
    const root = await folderWith(["a", "empty", "short"]);
    writeFileSync(join(root, "images", "lonely.jpg"), "");
    writeFileSync(join(root, "images", "empty.png"), "");
    const short = { width: 4, height: 6, data: new Uint8Array(24) };
    writeFileSync(join(root, "labels", "short.png"), await encodeLabelPng(short));
    const report = new DatasetReport();
    const data = await openLabelledFolder(root, 19, { report });
    expect(data.count).toBe(1);
    expect(report.lines.map(({ code, path }) => [code, path])).toEqual([
      ["dataset.labelMissing", "images/lonely.jpg"],
      ["dataset.fileDamaged", "images/empty.png"],
      ["dataset.sizesDiffer", "images/short.png"],
    ]);
    expect(report.lines[1]?.message).toContain('empty.png" is empty');
  });

  it("says why nothing is left", async () => {
    const root = await folderWith(["a"], { label: { width: 4, height: 6 } });
    await expect(openLabelledFolder(root, 19)).rejects.toThrow(/no images with labels that can be used.*in size/);
  });

  it("refuses a file of which no id is a train id", async () => {
    const data = await openLabelledFolder(await folderWith(["a"], { id: 26 }), 19);
    await expect(data.read(0)).rejects.toMatchObject({
      code: "label.ids",
      message: expect.stringContaining("holds the id 26"),
    });
  });
});

describe("openLabelledFolder with a known data set", () => {
  const image = colorPng(8, [1, 2, 3], [4, 5, 6]);
  const pair = (split: string, ...ids: readonly number[]) => ({
    [`leftImg8bit/${split}/ulm/${split}_leftImg8bit.png`]: image,
    [`gtFine/${split}/ulm/${split}_gtFine_labelIds.png`]: grayPng(...ids),
  });

  it("reads one split, with ids as train ids", async () => {
    const root = datasetFolder("cs", [], { ...pair("train", 7, 99), ...pair("val", 8, 8) });
    const report = new DatasetReport();
    const training = await openLabelledFolder(root, 19, { split: "train", report });
    expect(training.count).toBe(1);
    expect([...(await training.read(0)).labels.data]).toEqual([0, 255]);
    expect(report.lines).toMatchObject([{ code: "dataset.unknownIds", count: 1 }]);
    expect([...(await (await openLabelledFolder(root, 19, { split: "val" })).read(0)).labels.data]).toEqual([1, 1]);
  });

  it("leaves out pairs of different sizes, and says why nothing is left", async () => {
    const some = await openLabelledFolder(datasetFolder("cs", [], { ...pair("train", 7, 7), ...pair("val", 7) }), 19, {
      split: "val",
    }).catch((error: unknown) => error);
    expect(some).toMatchObject({ code: "input.unreadable", message: expect.stringContaining("in size") });
  });

  it.each([
    ["image", "leftImg8bit/val/ulm/val_leftImg8bit.png"],
    ["label file", "gtFine/val/ulm/val_gtFine_labelIds.png"],
  ])("follows an %s that is a link out of it, or leaves the pair out with a line in the report", async (_, file) => {
    const root = datasetFolder("cs", [], { ...pair("train", 7, 7), ...pair("val", 8, 8) });
    movedOut(join(root, file));
    expect((await openLabelledFolder(root, 19, { split: null })).count).toBe(2);
    const report = new DatasetReport();
    const contained = await openLabelledFolder(root, 19, { split: null, report, contained: true });
    expect(contained.count).toBe(1);
    expect([...(await contained.read(0)).labels.data]).toEqual([0, 0]);
    expect(report.lines).toMatchObject([
      {
        code: "dataset.linkOutside",
        count: 1,
        message:
          '1 image such as "leftImg8bit/val/ulm/val_leftImg8bit.png", or the labels, leads out of the opened folder, and is left out; open the folder that the files are really in.',
      },
    ]);
  });

  it("refuses a split that it does not have, and takes all images only where nobody has named one, and says so", async () => {
    const root = datasetFolder("cs", [], { ...pair("train", 7, 7), ...pair("val", 8, 8) });
    const message = `"${root}" has no split "trian", only "train", "val"; name one of them, or "all" for every image.`;
    const open = (choice: SplitChoice, report = new DatasetReport()) =>
      openLabelledFolder(root, 19, { ...choice, otherwise: choice.otherwise ?? "refused", report });
    await expect(open({ split: "trian" })).rejects.toMatchObject({ code: "input.option", message });
    await expect(open({ split: "trian", otherwise: "allOfUnsplit" })).rejects.toMatchObject({ message });
    const report = new DatasetReport();
    expect((await open({ split: "other", otherwise: "all" }, report)).count).toBe(2);
    expect(report.lines.map(({ message: line }) => line)).toEqual([
      `"${root}" has no split "other": all of train, val are taken.`,
    ]);
  });

  it("has 19 or 16 classes", async () => {
    const root = datasetFolder("cs", [], pair("train", 7, 7));
    await expect(openLabelledFolder(root, 7)).rejects.toMatchObject({ code: "checkpoint.classes" });
  });
});
