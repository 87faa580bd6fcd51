// Label tables: their laws and refusals; their values are compared in test/golden/metrics.test.ts.
import { describe, expect, it } from "vitest";
import {
  cityscapesIdFromTrainId,
  LABEL_ENCODINGS,
  labelIdToTrainId,
} from "../../../src-shared/labels/label-id-to-train-id.ts";

describe("labelIdToTrainId", () => {
  it.each(LABEL_ENCODINGS)("uses every one of the 16 classes, and ignores 255: %s", (encoding) => {
    const table = labelIdToTrainId(encoding, 16);
    expect(new Set(table.filter((trainId) => trainId !== 255)).size).toBe(16);
    expect(table[255]).toBe(255);
  });

  it("leaves files that hold train ids as they are, for 19 classes", () => {
    expect([...labelIdToTrainId("bdd", 19)]).toEqual(Array.from({ length: 256 }, (_, id) => id));
  });

  it("gives each caller a table of its own", () => {
    labelIdToTrainId("cityscapes", 19).fill(0);
    expect(labelIdToTrainId("cityscapes", 19)[0]).toBe(255);
  });

  it("refuses SYNTHIA's labels for a 19-class model", () => {
    expect(() => labelIdToTrainId("synthia", 19)).toThrow(expect.objectContaining({ code: "input.option" }));
  });

  it("refuses an unknown number of classes", () => {
    expect(() => labelIdToTrainId("gta", 20)).toThrow(expect.objectContaining({ code: "checkpoint.classes" }));
  });
});

describe("cityscapesIdFromTrainId", () => {
  it.each([19, 16])("is undone by Cityscapes' own table, for %i classes", (numClasses) => {
    const toLabelId = cityscapesIdFromTrainId(numClasses);
    const toTrainId = labelIdToTrainId("cityscapes", numClasses);
    for (let trainId = 0; trainId < numClasses; trainId++) {
      expect(toTrainId[Number(toLabelId[trainId])]).toBe(trainId);
    }
  });

  it("writes ignored pixels, and what is no class, as 0", () => {
    const table = cityscapesIdFromTrainId(16);
    expect([table[16], table[254], table[255]]).toEqual([0, 0, 0]);
  });
});
