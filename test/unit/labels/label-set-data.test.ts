// Label sets as data: those that come with the program, those of files, and whose ids count as what.
import { describe, expect, it } from "vitest";
import { BUILT_IN_LABEL_SETS } from "../../../src-shared/labels/built-in-label-sets.ts";
import { DATASET_ENCODINGS, labelTableFor, type TableEncoding } from "../../../src-shared/labels/dataset-tables.ts";
import { fileIdFromTrainId } from "../../../src-shared/labels/label-id-to-train-id.ts";
import { labelSetFrom, labelSetOf, parsedLabelSet } from "../../../src-shared/labels/label-set-data.ts";
import { CITYSCAPES_19, SYNTHIA_16 } from "../../../src-shared/labels/label-sets.ts";
import { CAMVID_IDS } from "../../../src-shared/labels/tables/camvid-ids.ts";
import { VOC_IDS } from "../../../src-shared/labels/tables/voc-ids.ts";

const builtIn = (name: string) => {
  const data = BUILT_IN_LABEL_SETS.get(name);
  if (data === undefined) throw new Error(name);
  return data;
};

describe("label sets that come with the program", () => {
  it.each([
    ["cityscapes", 19],
    ["bdd100k", 19],
    ["cityscapes-34", 34],
    ["synthia-16", 16],
    ["synthia-13", 13],
    ["mapillary-1.2", 66],
    ["mapillary-2.0", 124],
    ["idd-level1", 7],
    ["idd-level2", 16],
    ["idd-level3", 26],
    ["camvid-11", 11],
    ["pascal-voc", 21],
    ["ade20k", 150],
    ["two-classes", 2],
    ["two-classes-0-255", 2],
  ])("%s has %i classes, and is a file that could be read", (name, count) => {
    const data = builtIn(name);
    expect(parsedLabelSet(JSON.stringify(data), name)).toEqual(data);
    const set = labelSetFrom(data);
    expect(set.numClasses).toBe(count);
    for (const list of [set.names, set.palette, set.colorBlindSafePalette, set.fileIds])
      expect(list).toHaveLength(count);
    const { trainIds } = labelTableFor("ownIds", set);
    const ids = fileIdFromTrainId(set);
    // By its own table every class is found again.
    if (set.cityscapesIds === null) for (let k = 0; k < count; k += 1) expect(trainIds[ids[k] ?? 0]).toBe(k);
  });

  it("are those that a number of classes stands for, where they are the same", () => {
    for (const name of ["cityscapes", "bdd100k"]) expect(labelSetFrom(builtIn(name))).toBe(CITYSCAPES_19);
    expect(labelSetFrom(builtIn("synthia-16"))).toBe(SYNTHIA_16);
    expect(labelSetOf({ numClasses: 19 })).toBe(CITYSCAPES_19);
  });

  it("name CamVid's and VOC's classes as their tables do", () => {
    expect(builtIn("camvid-11").classes.map(({ name }) => name)).toEqual(
      CAMVID_IDS.slice(0, 11).map(([, name]) => name),
    );
    expect(builtIn("pascal-voc").classes.map(({ name }) => name)).toEqual(VOC_IDS.slice(0, 21).map(([, name]) => name));
  });

  it("read ADE20K's files from 1, and masks of 0 and 255", () => {
    const ade = labelTableFor("ownIds", labelSetFrom(builtIn("ade20k")));
    expect([ade.trainIds[0], ade.isKnown[0], ade.trainIds[1], ade.trainIds[150], ade.isKnown[151]]).toEqual([
      255, 1, 0, 149, 0,
    ]);
    const mask = labelTableFor("ownIds", labelSetFrom(builtIn("two-classes-0-255")));
    expect([mask.trainIds[0], mask.trainIds[255], mask.isKnown[1]]).toEqual([0, 1, 0]);
  });
});

describe("labels of one set for a model of another", () => {
  const camvid = labelSetFrom(builtIn("camvid-11"));

  it("count by the names of classes, many to one, and name those without a partner", () => {
    const { trainIds, withoutPartner } = labelTableFor("cityscapes", camvid);
    const named = (id: number) => camvid.names[trainIds[id] ?? 255] ?? null;
    expect([7, 8, 11, 20, 21, 24, 26].map(named)).toEqual([
      "road",
      "pavement",
      "building",
      "sign symbol",
      "tree",
      "pedestrian",
      "car",
    ]);
    expect(withoutPartner.get(22)).toBe("terrain");
    expect(labelTableFor("cityscapes", 16).withoutPartner.size).toBe(0);
  });

  it("are refused where no class is in common", () => {
    const own = labelSetFrom(parsedLabelSet('{"name":"x","classes":[{"name":"crack"},{"name":"rust"}]}', "x.json"));
    const tables = DATASET_ENCODINGS.filter(
      (one): one is TableEncoding => !["ownIds", "named", "polygons"].includes(one),
    );
    for (const encoding of tables) {
      expect(() => labelTableFor(encoding, own)).toThrow(/crack, rust, and label files in the ids of/);
      expect(() => labelTableFor(encoding, 5)).toThrow(/5 classes have no names/);
    }
  });
});

describe("files of label sets", () => {
  it.each([
    ["{", /is no label set: .*write \{"name"/],
    ['{"name":"a","classes":[{"name":"b"}]}', /at least 2 classes at "classes"/],
    ['{"name":"a","classes":[{"name":"b"},{"name":"B"}]}', /two classes are called "b"/],
    ['{"name":"a","classes":[{"name":"b"},{"name":"c","ids":[0]}]}', /the id 0 is given twice/],
    ['{"name":"a","classes":[{"name":"b","color":[0,0,256]},{"name":"c"}]}', /at "classes\.0\.color\.2"/],
  ])("%s is refused", (text, message) => {
    expect(() => parsedLabelSet(text, "own.json")).toThrow(message);
  });
});
