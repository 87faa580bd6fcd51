// Label files in every encoding become train ids; strange ids are told, not refused.
import { join } from "node:path";
import { encode } from "fast-png";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { withEqualSizes } from "../../../../src-main/engine/datasets/check-sizes.ts";
import { DatasetReport } from "../../../../src-main/engine/datasets/dataset-report.ts";
import { readLabelFile, readLabels } from "../../../../src-main/engine/datasets/read-labels.ts";
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
    const { labels, unknown } = await readLabelFile(path, "trainIds", 19);
    expect([...labels.data]).toEqual([0, 255, 255, 255, 18]);
    expect(unknown).toEqual([{ what: "id 34", pixels: 2 }]);
    // GTA5 has 34, its license plates.
    expect((await readLabelFile(path, "gta", 19)).unknown).toEqual([]);
  });

  it("takes ids of 16 bits as they are, also those that no table has", async () => {
    const wide = encode({ width: 3, height: 1, depth: 16, channels: 1, data: Uint16Array.of(7, 26_001, 8) });
    const { labels, unknown } = await readLabelFile(temporaryFile("a.png", wide), "cityscapes", 19);
    expect([...labels.data]).toEqual([0, 255, 1]);
    expect(unknown).toEqual([{ what: "id 26001", pixels: 1 }]);
  });

  it("refuses a file of which nothing is of a class, but not one of nothing", async () => {
    const strange = temporaryFile("a.png", grayPng(200, 200));
    await expect(readLabelFile(strange, "trainIds", 19)).rejects.toMatchObject({
      code: "label.ids",
      message: expect.stringContaining('a.png" holds the id 200'),
    });
    const nothing = temporaryFile("a.png", grayPng(255, 255));
    expect([...(await readLabelFile(nothing, "trainIds", 19)).labels.data]).toEqual([255, 255]);
  });

  it("says that a mask of black and white has but one class", async () => {
    const mask = temporaryFile("a.png", grayPng(0, 255, 0));
    expect((await readLabelFile(mask, "trainIds", 19)).hints).toEqual([expect.stringContaining("0 and 255 alone")]);
    expect((await readLabelFile(temporaryFile("a.png", grayPng(0, 1, 255)), "trainIds", 19)).hints).toEqual([]);
  });

  it("keeps train ids of other numbers of classes as they are", async () => {
    const path = temporaryFile("a.png", grayPng(0, 20, 21, 255));
    const { labels, unknown } = await readLabelFile(path, "ownIds", 21);
    expect([...labels.data]).toEqual([0, 20, 255, 255]);
    expect(unknown).toEqual([{ what: "id 21", pixels: 1 }]);
  });

  it("takes the red of SYNTHIA's 16-bit colours, and its grey copies", async () => {
    const colors = temporaryFile("a.png", colorPng(16, [3, 700, 0], [1, 0, 0], [22, 0, 0]));
    expect([...(await readLabelFile(colors, "synthia", 19)).labels.data]).toEqual([0, 10, 255]);
    expect([...(await readLabelFile(colors, "synthia", 16)).labels.data]).toEqual([0, 9, 255]);
    const gray = temporaryFile("a.png", grayPng(3, 1));
    expect([...(await readLabelFile(gray, "synthia", 19)).labels.data]).toEqual([0, 10]);
  });

  it("reads Cityscapes' colours, black as nothing, and counts those that are in no list", async () => {
    const path = temporaryFile("a.png", colorPng(8, [128, 64, 128], [0, 0, 0], [111, 74, 0], [10, 200, 10]));
    const { labels, unknown } = await readLabelFile(path, "trainIds", 19);
    expect([...labels.data]).toEqual([0, 255, 255, 255]);
    expect(unknown).toEqual([{ what: "colour 10 200 10", pixels: 1 }]);
  });

  it("counts a colour near a listed one as that, and says so", async () => {
    const path = temporaryFile("a.png", colorPng(8, [128, 64, 128], [130, 66, 120]));
    const { labels, unknown, hints } = await readLabelFile(path, "trainIds", 19);
    expect([...labels.data]).toEqual([0, 0]);
    expect(unknown).toEqual([]);
    expect(hints).toEqual([expect.stringContaining("has 1 pixels whose colours are in no list, but near")]);
  });

  it("refuses colours of which most are in no list, and says how to give one", async () => {
    const path = temporaryFile("a.png", colorPng(8, [128, 64, 128], [9, 200, 9], [1, 222, 3]));
    await expect(readLabelFile(path, "cityscapes", 19)).rejects.toMatchObject({
      code: "image.format",
      message: expect.stringContaining("--label-classes"),
    });
  });

  it("ignores what is transparent in a mask of colours", async () => {
    const rgba = Uint8Array.of(128, 64, 128, 255, 70, 130, 180, 0);
    const path = temporaryFile("a.png", encode({ width: 2, height: 1, depth: 8, channels: 4, data: rgba }));
    expect([...(await readLabelFile(path, "trainIds", 19)).labels.data]).toEqual([0, 255]);
  });

  it.each([
    [
      "labelmap.txt",
      "# label:color_rgb:parts:actions\nbackground:0,0,0::\nRoad:1,2,3::\ntree:9,9,200::\nbird:7,7,70::\n",
    ],
    ["label_colors.txt", "0 0 0\tVoid\n1 2 3\tRoad\n9 9 200\tTree\n7 7 70\tBird\n"],
    ["class_dict.csv", "name,r,g,b\nVoid,0,0,0\nRoad,1,2,3\nTree,9,9,200\nBird,7,7,70\n"],
    [
      "meta.json",
      JSON.stringify({
        classes: [
          { title: "road", color: "#010203" },
          { title: "tree", color: "#0909C8" },
          { title: "bird", color: "#070746" },
        ],
      }),
    ],
  ])("reads colours by the list beside them: %s", async (list, text) => {
    const mask = colorPng(8, [1, 2, 3], [9, 9, 200], [0, 0, 0], [7, 7, 70]);
    const root = datasetFolder("own", [], { [list]: text, "masks/val/a.png": mask });
    const { labels, unknown } = await readLabelFile(join(root, "masks/val/a.png"), "named", 19);
    expect([...labels.data]).toEqual([0, 8, 255, 255]);
    expect(unknown.map(({ what }) => what.toLowerCase())).toEqual(['class "bird"']);
  });

  it.each([
    ["_classes.csv", "Pixel Value, Class\n0, background\n1, road\n2, car\n"],
    ["classes.txt", "background\nroad\ncar\n"],
    ["class_names.txt", "__ignore__\n_background_\nroad\ncar\n"],
  ])("reads ids by the list beside them: %s", async (list, text) => {
    const root = datasetFolder("own", [], { [list]: text, "masks/a.png": grayPng(0, 1, 2, 9) });
    const { labels, unknown } = await readLabelFile(join(root, "masks/a.png"), "named", 19);
    expect([...labels.data]).toEqual([255, 0, 13, 255]);
    expect(unknown).toEqual([{ what: "id 9", pixels: 1 }]);
  });

  it("refuses a list that is none", async () => {
    const root = datasetFolder("own", [], { "class_dict.csv": "name,r,g,b\n", "masks/a.png": grayPng(0) });
    await expect(readLabelFile(join(root, "masks/a.png"), "named", 19)).rejects.toMatchObject({ code: "image.format" });
  });

  it("reads the indices of a palette, not its colours", async () => {
    const path = temporaryFile("a.png", await palettePng());
    const { labels, unknown } = await readLabelFile(path, "gta", 19);
    expect([...labels.data]).toEqual([255, 255]); // indices 0 and 1: unlabeled and ego vehicle
    expect(unknown).toEqual([]);
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

  it("are no labels of classes without names", async () => {
    const path = temporaryFile("a.png", grayPng(0));
    await expect(readLabelFile(path, "cityscapes", 20)).rejects.toMatchObject({ code: "checkpoint.classes" });
  });

  it("stops when it is cancelled", async () => {
    const path = temporaryFile("a.png", grayPng(0));
    await expect(readLabelFile(path, "cityscapes", 19, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "CancelledError",
    });
  });
});

describe("readLabels", () => {
  it("reads an item as its layout says, and refuses one without labels", async () => {
    const image = colorPng(8, [1, 2, 3]);
    const root = datasetFolder("mine", ["images/b.png"], { "images/a.png": image, "labels/a.png": grayPng(5) });
    const [labelled, bare] = (await listed(root)).items;
    if (labelled === undefined || bare === undefined) throw new Error("two items were expected");
    expect([...(await readLabels(labelled, 19)).labels.data]).toEqual([5]);
    await expect(readLabels(bare, 19)).rejects.toMatchObject({ code: "input.missing" });
  });
});

describe("readLabels of an image with a note which side is up", () => {
  const lying = (ids: Uint8Array) => {
    const root = datasetFolder("mine", [], { "a.png": ids });
    return { labelPath: join(root, "a.png"), labelEncoding: "trainIds" as const };
  };
  const image = async () => {
    const pixels = sharp(Buffer.alloc(6 * 3), { raw: { width: 3, height: 2, channels: 3 } });
    return temporaryFile("a.jpg", await pixels.withMetadata({ orientation: 6 }).jpeg().toBuffer());
  };
  const png = (width: number, height: number, ...ids: readonly number[]) =>
    encode({ width, height, channels: 1, depth: 8, data: Uint8Array.from(ids) });

  it("takes labels of the upright picture as they are, and turns those of the stored one", async () => {
    const upright = { imagePath: await image(), ...lying(png(2, 3, 4, 1, 5, 2, 6, 3)) };
    expect([...(await readLabels(upright, 19)).labels.data]).toEqual([4, 1, 5, 2, 6, 3]);
    const stored = { imagePath: await image(), ...lying(png(3, 2, 1, 2, 3, 4, 5, 6)) };
    expect((await readLabels(stored, 19)).labels).toEqual({
      width: 2,
      height: 3,
      data: Uint8Array.of(4, 1, 5, 2, 6, 3),
    });
  });

  it("names the note where neither fits", async () => {
    const other = { imagePath: await image(), ...lying(png(1, 2, 0, 0)) };
    await expect(readLabels(other, 19)).rejects.toThrow(
      /1 x 2 pixels, its image .* 2 x 3 once it is turned as the note/,
    );
  });
});

describe("what is of no class in a report", () => {
  it("is one line for all files, with ids, pixels and share", () => {
    const report = new DatasetReport();
    report.addUnknown({ path: "a.png", encoding: "cityscapes", pixels: 100, unknown: [{ what: "id 40", pixels: 20 }] });
    report.addUnknown({
      path: "b.png",
      encoding: "cityscapes",
      pixels: 100,
      unknown: [
        { what: "id 99", pixels: 40 },
        { what: "id 40", pixels: 10 },
      ],
    });
    expect(report.lines).toMatchObject([
      {
        code: "dataset.unknownIds",
        count: 2,
        path: "a.png",
        message:
          '2 label files such as "a.png" hold id 99 and id 40, which no class has: 70 pixels, 35.0 % of these files, count for nothing.',
      },
    ]);
  });

  it.each([
    ["mapillary", "id 108", "Mapillary Vistas 2.0"],
    ["trainIds", "id 26", "--label-encoding cityscapes"],
  ] as const)("comes with what the file may be: %s, %s", (encoding, what, hint) => {
    const report = new DatasetReport();
    report.addUnknown({ path: "a.png", encoding, pixels: 9, unknown: [{ what, pixels: 1 }] });
    expect(report.lines[0]?.message).toContain(hint);
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
      ["dataset.fileDamaged", "images/damaged.png"],
      ["dataset.sizesDiffer", "images/short.png"],
    ]);
  });
});
