// The figures under the panes: bars of classes, curves, and the first choice of an image.
import fc from "fast-check";
import { expect, test } from "vitest";
import { lastIteration, seriesOf, thinned } from "../../../../src-renderer/features/adapt/chart-series.ts";
import { classRows, pixelShares, shownChange } from "../../../../src-renderer/features/adapt/class-scores.ts";
import { RECIPE } from "../../../../src-renderer/state/adapt-form.ts";
import { firstCheckpoint, firstImage } from "../../../../src-renderer/state/first-choice.ts";
import { checkpointIdSchema, datasetIdSchema, imageIdSchema } from "../../../../src-shared/contract/workbench/ids.ts";
import { labelSetFor } from "../../../../src-shared/labels/label-sets.ts";

const classes = labelSetFor(19);
const scores = (...values: [number, number | null][]): (number | null)[] => {
  const iou: (number | null)[] = Array(19).fill(null);
  for (const [trainId, value] of values) iou[trainId] = value;
  return iou;
};

test("bars have the classes that are present, by falling change", () => {
  const before = scores([0, 0.5], [13, 0.4], [10, 0.9]);
  const after = scores([0, 0.6], [13, 0.7], [10, 0.8]);
  const rows = classRows({ before, after, newest: after }, classes, "change");
  expect(rows.map(({ name }) => name)).toEqual(["car", "road", "sky"]);
  expect(rows.map(({ change }) => Number(change?.toFixed(3)))).toEqual([0.3, 0.1, -0.1]);
});

test("a class that appears gains all of its value", () => {
  const gained = scores([0, 0.3]);
  const [row] = classRows({ before: scores([0, null]), after: gained, newest: gained }, classes, "change");
  expect(row).toMatchObject({ before: null, after: 0.3, change: 0.3 });
});

test("rows keep their places while earlier iterations are looked at", () => {
  const figures = fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 19, maxLength: 19 });
  const order = fc.constantFrom("change", "iou", "name");
  fc.assert(
    fc.property(figures, figures, figures, figures, order, (before, newest, one, other, by) => {
      const places = (after: typeof one) =>
        classRows({ before, after, newest }, classes, by).map(({ trainId }) => trainId);
      expect(places(one)).toEqual(places(other));
      expect(places(one)).toEqual(places(newest));
    }),
  );
});

test("no change is written beside an IoU that is not there, unlike a share of the pixels", () => {
  const row = { trainId: 0, name: "road", before: 0.2, after: null, change: -0.2 };
  expect(shownChange(row, true)).toBeNull();
  expect(shownChange(row, false)).toBe(-0.2);
  expect(shownChange({ ...row, after: 0.2001, change: 0.0001 }, true)).toBe(0);
});

test("without a second prediction there is no change", () => {
  const [row] = classRows({ before: scores([0, 0.3]), after: null, newest: null }, classes, "iou");
  expect(row).toMatchObject({ before: 0.3, after: null, change: null });
});

test("shares of the pixels add up to all that have a class", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 18 }), fc.constant(255)), { minLength: 1 }), (labels) => {
      const shares = pixelShares(Uint8Array.from(labels), 19);
      const sum = shares.reduce<number>((total, share) => total + (share ?? 0), 0);
      expect(sum).toBeCloseTo(labels.filter((label) => label !== 255).length / labels.length);
    }),
  );
});

test("losses are drawn where their iteration ends; holes are left out", () => {
  const losses = [1.5, Number.NaN, 0.5];
  expect(seriesOf({ losses, kept: [] }, "loss")).toEqual([
    { iteration: 1, value: 1.5 },
    { iteration: 3, value: 0.5 },
  ]);
});

test("a long curve is thinned, and keeps its least and greatest value", () => {
  const points = Array.from({ length: 100_000 }, (_, iteration) => ({
    iteration,
    value: Math.sin(iteration * 12.9898),
  }));
  points[54_321] = { iteration: 54_321, value: 9 };
  const drawn = thinned(points, 1000);
  expect(drawn.length).toBeLessThanOrEqual(1000);
  expect(drawn).toContainEqual({ iteration: 54_321, value: 9 });
  expect(drawn.map(({ iteration }) => iteration)).toEqual(
    drawn.map(({ iteration }) => iteration).toSorted((a, b) => a - b),
  );
});

test("the axis has room for what is still to come, and for nothing after the end", () => {
  const run = { config: RECIPE, losses: [1, 1, 1], kept: [] };
  expect(lastIteration({ ...run, losses: [1], status: "running" })).toBe(10);
  expect(lastIteration({ ...run, losses: [1, 1, 1], status: "cancelled" })).toBe(3);
  expect(lastIteration({ ...run, config: { ...RECIPE, method: "predict" }, losses: [], status: "finished" })).toBe(1);
});

const image = (key: string, tags: string[] = []) => ({
  id: imageIdSchema.parse(key.replace(/\W/g, "").padEnd(8, "0")),
  datasetId: datasetIdSchema.parse("dataset1"),
  key,
  split: null,
  tags,
  hasLabels: true,
  size: null,
  scores: null,
});

test("the first image is a foggy one, then a dark one, then whichever comes first", () => {
  const [clear, night, fog] = [
    image("clear/images/000.png"),
    image("night/images/000.png"),
    image("fog/images/000.png"),
  ];
  expect(firstImage([clear, night, fog])).toBe(fog);
  expect(firstImage([clear, night])).toBe(night);
  expect(firstImage([clear])).toBe(clear);
  expect(firstImage([image("a.png"), image("b.png", ["fog"])])?.key).toBe("b.png");
  expect(firstImage([])).toBeNull();
});

test("the first checkpoint is one that can be run, the sample's before others", () => {
  const checkpoint = (name: string, change: { isSample?: boolean; problem?: { code: string; message: string } }) => ({
    id: checkpointIdSchema.parse(name.padEnd(8, "0")),
    name,
    path: `/${name}`,
    isSample: false,
    isAvailable: true,
    format: "safetensors",
    sizeBytes: 1,
    sha256: "0".repeat(64),
    arch: "deeplab",
    backbone: "resnet18",
    numClasses: 19,
    alpha: 0.1,
    recommended: null,
    recommendedProblem: null,
    problem: null,
    ...change,
  });
  const broken = checkpoint("broken", { problem: { code: "checkpoint.damaged", message: "breaks off" } });
  const own = checkpoint("own", {});
  const sample = checkpoint("sample", { isSample: true });
  expect(firstCheckpoint([broken, own, sample])).toBe(sample);
  expect(firstCheckpoint([broken, own])).toBe(own);
  expect(firstCheckpoint([broken])).toBeNull();
});
