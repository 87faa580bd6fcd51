// Tables of ids: every data set's classes, ids and what is not one.
import { describe, expect, it } from "vitest";
import { DATASET_ENCODINGS, labelTableFor, type TableEncoding } from "../../../src-shared/labels/dataset-tables.ts";

/** How many ids each data set has; 255 is known besides. */
const ID_COUNTS: Record<TableEncoding, number> = {
  trainIds: 19,
  ownIds: 19,
  cityscapes: 34,
  gta: 35,
  synthia: 23,
  mapillary: 66,
  wilddash: 81,
  wilddash2: 81,
  iddIds: 40,
  camvid: 12,
  voc: 21,
};
const TABLES = DATASET_ENCODINGS.filter((encoding) => encoding !== "named" && encoding !== "polygons");
/** Their classes are fewer. */
const COMPLETE = TABLES.filter((encoding) => encoding !== "camvid" && encoding !== "voc");

describe("labelTableFor", () => {
  it.each(COMPLETE)("%s reaches all classes, 19 or 16 of them, and knows its ids", (encoding) => {
    for (const numClasses of [19, 16]) {
      const { trainIds, isKnown } = labelTableFor(encoding, numClasses);
      const reached = new Set(trainIds.filter((trainId) => trainId !== 255));
      expect([...reached].toSorted((a, b) => a - b)).toEqual(Array.from({ length: numClasses }, (_, i) => i));
      expect(isKnown.filter((known) => known === 1)).toHaveLength(ID_COUNTS[encoding] + 1);
      expect(trainIds[255]).toBe(255);
    }
  });

  it.each(TABLES)("%s: what is no id of the data set counts for nothing", (encoding) => {
    const { trainIds, isKnown } = labelTableFor(encoding, 19);
    for (let id = 0; id < 256; id++) if (isKnown[id] === 0) expect(trainIds[id]).toBe(255);
  });

  it.each<[TableEncoding, number, number, number]>([
    ["cityscapes", 23, 10, 9], // sky
    ["gta", 34, 255, 255], // license plate
    ["synthia", 22, 255, 255], // lane marking
    ["synthia", 1, 10, 9],
    ["synthia", 16, 9, 255], // terrain
    ["mapillary", 2, 1, 1], // curb
    ["mapillary", 8, 255, 255], // crosswalk
    ["wilddash", 34, 13, 12], // pickup, as a car
    ["wilddash2", 34, 14, 255], // pickup, as a truck
    ["wilddash", 41, 255, 255], // manhole
    ["wilddash2", 41, 0, 0],
    ["wilddash2", 58, 17, 14], // auto rickshaw
    ["iddIds", 5, 9, 255], // non-drivable fallback, as terrain
    ["iddIds", 11, 255, 255], // autorickshaw
    ["trainIds", 18, 18, 15],
    ["camvid", 0, 10, 9], // sky
    ["camvid", 11, 255, 255], // unlabelled
    ["voc", 15, 11, 10], // person
    ["voc", 3, 255, 255], // bird
  ])("%s id %i is class %i of 19 and %i of 16", (encoding, id, of19, of16) => {
    expect(labelTableFor(encoding, 19).trainIds[id]).toBe(of19);
    expect(labelTableFor(encoding, 16).trainIds[id]).toBe(of16);
  });
});
