// Label files in every encoding become train ids; strange ids are told, not refused.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withEqualSizes } from "../../../../src-main/engine/datasets/check-sizes.ts";
import { DatasetReport } from "../../../../src-main/engine/datasets/dataset-report.ts";
import { readLabelFile, readLabels, reportUnknownIds } from "../../../../src-main/engine/datasets/read-labels.ts";
import { colorPng, datasetFolder, grayPng, listed, palettePng } from "../../../helpers/dataset-trees.ts";
import { temporaryFile } from "../../../helpers/pictures.ts";

const PANOPTIC = {
  annotations: [{ file_name: "a.png", segments_info: [{ id: 1 + 256 * 2 + 65536 * 3, category_id: 34 }] }],
};

describe("readLabelFile", () => {
  it("turns ids into train ids, of 19 or 16 classes", async () => {
    const path = temporaryFile("a.png", grayPng(7, 23, 22, 0, 255));
    expect([...(await readLabelFile(path, "cityscapes", 19)).labels.data]).toEqual([0, 10, 9, 255, 255]);
    expect([...(await readLabelFile(path, "cityscapes", 16)).labels.data]).toEqual([0, 9, 255, 255, 255]);
  });

  it("counts the pixels of ids that the data set does not have, and ignores them", async () => {
    const path = temporaryFile("a.png", grayPng(0, 34, 34, 255, 18));
    const { labels, unknownIds } = await readLabelFile(path, "trainIds", 19);
    expect([...labels.data]).toEqual([0, 255, 255, 255, 18]);
    expect(unknownIds).toEqual([{ id: 34, pixels: 2 }]);
    // GTA5 has 34, its license plates.
    expect((await readLabelFile(path, "gta", 19)).unknownIds).toEqual([]);
  });

  it("takes the red of SYNTHIA's 16-bit colours, and its grey copies", async () => {
    const colors = temporaryFile("a.png", colorPng(16, [3, 700, 0], [1, 0, 0], [22, 0, 0]));
    expect([...(await readLabelFile(colors, "synthia", 19)).labels.data]).toEqual([0, 10, 255]);
    expect([...(await readLabelFile(colors, "synthia", 16)).labels.data]).toEqual([0, 9, 255]);
    const gray = temporaryFile("a.png", grayPng(3, 1));
    expect([...(await readLabelFile(gray, "synthia", 19)).labels.data]).toEqual([0, 10]);
  });

  it("refuses colours where ids should be", async () => {
    const path = temporaryFile("a.png", colorPng(8, [128, 64, 128]));
    await expect(readLabelFile(path, "cityscapes", 19)).rejects.toMatchObject({ code: "image.format" });
  });

  it("reads the indices of a palette, not its colours", async () => {
    const path = temporaryFile("a.png", await palettePng());
    const { labels, unknownIds } = await readLabelFile(path, "gta", 19);
    expect([...labels.data]).toEqual([255, 255]); // indices 0 and 1: unlabeled and ego vehicle
    expect(unknownIds).toEqual([]);
  });

  it("looks segments up in panoptic.json", async () => {
    const root = datasetFolder("wd", [], {
      "panoptic.json": JSON.stringify(PANOPTIC),
      "panoptic/a.png": colorPng(8, [1, 2, 3], [9, 9, 9]),
      "panoptic/b.png": colorPng(8, [1, 2, 3]),
    });
    const { labels } = await readLabelFile(join(root, "panoptic/a.png"), "wilddash2", 19);
    expect([...labels.data]).toEqual([14, 255]); // a pickup is a truck; no segment is no class
    await expect(readLabelFile(join(root, "panoptic/b.png"), "wilddash2", 19)).rejects.toMatchObject({
      code: "input.missing",
    });
  });

  it("refuses a list of segments that is none", async () => {
    const root = datasetFolder("wd", [], { "panoptic.json": "[]", "panoptic/a.png": colorPng(8, [1, 2, 3]) });
    await expect(readLabelFile(join(root, "panoptic/a.png"), "wilddash2", 19)).rejects.toMatchObject({
      code: "image.format",
    });
  });

  it("knows 19 and 16 classes", async () => {
    const path = temporaryFile("a.png", grayPng(0));
    await expect(readLabelFile(path, "cityscapes", 20)).rejects.toMatchObject({ code: "checkpoint.classes" });
  });

  it("stops when it is cancelled", async () => {
    const path = temporaryFile("a.png", grayPng(0));
    await expect(readLabelFile(path, "cityscapes", 19, AbortSignal.abort())).rejects.toMatchObject({
      name: "CancelledError",
    });
  });
});

describe("readLabels", () => {
  it("reads an item as its layout says, and refuses one without labels", async () => {
    const root = datasetFolder("mine", ["images/a.png", "images/b.png"], { "labels/a.png": grayPng(5) });
    const [labelled, bare] = (await listed(root)).items;
    if (labelled === undefined || bare === undefined) throw new Error("two items were expected");
    expect([...(await readLabels(labelled, 19)).labels.data]).toEqual([5]);
    await expect(readLabels(bare, 19)).rejects.toMatchObject({ code: "input.missing" });
  });
});

describe("reportUnknownIds", () => {
  it("has a line for each id", () => {
    const report = new DatasetReport();
    reportUnknownIds(report, "a.png", [{ id: 40, pixels: 2 }]);
    reportUnknownIds(report, "b.png", [
      { id: 40, pixels: 1 },
      { id: 99, pixels: 1 },
    ]);
    expect(report.lines.map(({ count, path, message }) => [count, path, /the id \d+/.exec(message)?.[0]])).toEqual([
      [2, "a.png", "the id 40"],
      [1, "b.png", "the id 99"],
    ]);
  });
});

describe("withEqualSizes", () => {
  it("leaves out and reports pairs that differ in size or can't be opened", async () => {
    const rgb = colorPng(8, [1, 2, 3], [4, 5, 6]);
    const root = datasetFolder("mine", ["labels/damaged.png"], {
      "images/good.png": rgb,
      "labels/good.png": grayPng(0, 1),
      "images/short.png": rgb,
      "labels/short.png": grayPng(0),
      "images/damaged.png": rgb,
      "images/bare.png": "no image, and no labels to compare with",
    });
    const report = new DatasetReport();
    const sound = await withEqualSizes((await listed(root)).items, report);
    expect(sound.map(({ key }) => key)).toEqual(["images/bare.png", "images/good.png"]);
    expect(report.lines.map(({ code, path }) => [code, path])).toEqual([
      ["dataset.sizesDiffer", "images/short.png"],
      ["dataset.fileDamaged", "images/damaged.png"],
    ]);
  });
});
