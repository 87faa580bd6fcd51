// Images of an evaluation: joined with another one's, ordered, narrowed to a cell or a class.

import { describe, expect, it } from "vitest";
import { classRows } from "../../../../src-renderer/features/evaluate/class-rows.ts";
import {
  imageRows,
  orderedRows,
  rowsOfCell,
  rowsOfClass,
} from "../../../../src-renderer/features/evaluate/image-rows.ts";
import {
  type PaneSource,
  paneRequest,
  probedPicture,
} from "../../../../src-renderer/features/evaluate/pane-request.ts";
import type { EvaluationSummary } from "../../../../src-shared/contract/evaluation.ts";
import { evaluationIdSchema, imageIdSchema } from "../../../../src-shared/contract/workbench/ids.ts";
import { CITYSCAPES_19 } from "../../../../src-shared/labels/label-sets.ts";

type PerImage = EvaluationSummary["perImage"][number];

const idOf = (key: string) => imageIdSchema.parse(`image000${key}`);

function figures(images: readonly Partial<PerImage>[]) {
  const perImage = images.map((image) => ({
    key: "a",
    miou: 0.5,
    iou: [0.5],
    entropy: 0.1,
    confidence: 0.9,
    ...image,
  }));
  const summary: EvaluationSummary = {
    images: perImage.length,
    labelled: perImage.length,
    failed: 0,
    numClasses: 1,
    pooled: null,
    meanImageMiou: null,
    calibration: null,
    entropy: null,
    confidence: null,
    overlapAgreement: null,
    domains: [],
    perImage,
  };
  return { summary, imageIds: Object.fromEntries(perImage.map(({ key }) => [key, idOf(key)])) };
}

const own = figures([
  { key: "a", miou: 0.5, entropy: 0.3, iou: [0.9, null] },
  { key: "b", miou: null, entropy: 0.2, iou: [null, null] },
  { key: "c", miou: 0.7, entropy: 0.1, iou: [0.2, 0.4] },
]);
const other = figures([
  { key: "a", miou: 0.6 },
  { key: "c", miou: 0.4 },
]);
const keys = (rows: readonly { key: string }[]) => rows.map(({ key }) => key).join("");

describe("the images", () => {
  it("have a gain where both evaluations have a figure", () => {
    const rows = imageRows(own, other);
    expect(rows.map(({ gain }) => gain?.toFixed(2) ?? null)).toEqual(["-0.10", null, "0.30"]);
    expect(imageRows(own, null).every(({ gain }) => gain === null)).toBe(true);
  });

  it("that are gone from the dataset are left out", () => {
    expect(keys(imageRows({ ...own, imageIds: { c: idOf("c") } }, null))).toBe("c");
    expect(imageRows({ summary: null, imageIds: {} }, null)).toEqual([]);
  });

  it.each([
    ["worst", "acb"],
    ["best", "cab"],
    ["gain", "cab"],
    ["loss", "acb"],
    ["mostEntropy", "abc"],
    ["name", "abc"],
  ] as const)("are ordered: %s", (order, expected) => {
    expect(keys(orderedRows(imageRows(own, other), order))).toBe(expected);
  });

  it("of a cell come with its pixels, the most first", () => {
    const rows = rowsOfCell(imageRows(own, null), [
      { imageId: idOf("c"), pixels: 5 },
      { imageId: idOf("a"), pixels: 9 },
      { imageId: idOf("z"), pixels: 99 },
    ]);
    expect(rows.map(({ key, pixels }) => [key, pixels])).toEqual([
      ["a", 9],
      ["c", 5],
    ]);
  });

  it("of a class begin with its lowest IoU", () => {
    expect(keys(rowsOfClass(imageRows(own, null), 0))).toBe("ca");
    expect(keys(rowsOfClass(imageRows(own, null), 1))).toBe("c");
  });
});

describe("the classes", () => {
  const iou = Array.from({ length: 19 }, (_, id) => (id === 3 ? null : id / 20));
  const flat = Array.from({ length: 19 }, (_, id) => (id === 4 ? null : 0.5));

  it("stand as they are listed, with the change against the other evaluation", () => {
    const rows = classRows(iou, flat, "class", CITYSCAPES_19.names);
    expect(rows.map(({ trainId }) => trainId)).toEqual(iou.map((_, id) => id));
    expect(rows[18]?.gain).toBeCloseTo(0.4);
    expect(rows[3]?.gain).toBeNull();
    expect(rows[4]?.gain).toBeNull();
  });

  it("by IoU begin with the best, and end with those that have none", () => {
    const rows = classRows(iou, null, "iou", CITYSCAPES_19.names);
    expect(rows[0]?.trainId).toBe(18);
    expect(rows.at(-1)?.trainId).toBe(3);
  });
});

describe("a pane", () => {
  const evaluationId = evaluationIdSchema.parse("evaluation1");
  const context = {
    evaluationId,
    otherId: null,
    imageId: idOf("a"),
    modelClasses: CITYSCAPES_19,
    hasLabels: true,
    errorBandPx: 3,
  };

  it("asks for the evaluation's own prediction against the labels", () => {
    expect(paneRequest("errors", context)).toEqual({
      status: "ready",
      layer: {
        kind: "errors",
        labels: "/evaluations/evaluation1/images/image000a",
        truth: "/images/image000a/labels?classes=19",
        bandPx: 3,
      },
    });
  });

  it("says what is missing", () => {
    expect(paneRequest("errors", { ...context, hasLabels: false })).toMatchObject({
      reason: "This image has no labels",
    });
    expect(paneRequest("difference", context)).toMatchObject({ reason: "Compared with nothing" });
  });

  it("lets the probe tell what it draws: of errors the classes and the truth, of a photograph nothing", () => {
    const titles = (source: PaneSource) => probedPicture(source, context).predictions.map(({ title }) => title);
    expect(titles("errors")).toEqual(["Prediction"]);
    expect(probedPicture("errors", context).truth?.labels).toBe("/images/image000a/labels?classes=19");
    expect(probedPicture("prediction", context).truth).toBeNull();
    expect(titles("image")).toEqual([]);
    expect(titles("difference")).toEqual([]);
    const otherId = evaluationIdSchema.parse("evaluation2");
    expect(probedPicture("difference", { ...context, otherId }).predictions.map(({ title }) => title)).toEqual([
      "Prediction",
      "Compared",
    ]);
  });
});
