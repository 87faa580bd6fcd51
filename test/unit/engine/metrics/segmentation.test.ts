// Confusion matrix and IoU against their definitions, pixel by pixel.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addToConfusionMatrix,
  type ConfusionMatrix,
  emptyConfusionMatrix,
  mergeConfusionMatrices,
} from "../../../../src-main/engine/metrics/confusion-matrix.ts";
import { segmentationScores } from "../../../../src-main/engine/metrics/iou.ts";

const K = 4;

/** Labels with ignored pixels and ids of no class among them; predictions always a class. */
const anyPixels = fc.array(fc.tuple(fc.constantFrom(0, 1, 2, 3, 4, 200, 255), fc.nat({ max: K - 1 })), {
  maxLength: 60,
});
type Pixels = [number, number][];

function matrixOf(pixels: Pixels): ConfusionMatrix {
  const matrix = emptyConfusionMatrix(K);
  addToConfusionMatrix(
    matrix,
    Uint8Array.from(pixels, ([label]) => label),
    Uint8Array.from(pixels, ([, prediction]) => prediction),
  );
  return matrix;
}

/** IoU from its definition, over sets of pixels. */
function iouByDefinition(pixels: Pixels, c: number): number {
  const counted = pixels.filter(([label]) => label < K);
  const both = counted.filter(([label, prediction]) => label === c && prediction === c).length;
  return both / counted.filter(([label, prediction]) => label === c || prediction === c).length;
}

describe("confusion matrix", () => {
  it("counts label rows and prediction columns, without ignored pixels", () => {
    const { counts } = matrixOf([
      [0, 1],
      [0, 1],
      [3, 2],
      [255, 0],
      [4, 0],
    ]);
    expect([...counts]).toEqual([0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
  });

  it("merges to the matrix of all images together, in any grouping", () => {
    fc.assert(
      fc.property(anyPixels, anyPixels, anyPixels, (a, b, c) => {
        const [x, y, z] = [matrixOf(a), matrixOf(b), matrixOf(c)];
        const left = mergeConfusionMatrices(mergeConfusionMatrices(x, y), z);
        expect(left).toEqual(mergeConfusionMatrices(x, mergeConfusionMatrices(y, z)));
        expect(left).toEqual(matrixOf([...a, ...b, ...c]));
      }),
    );
  });

  it("calls a prediction outside the classes, and sizes that differ, a bug", () => {
    expect(() => addToConfusionMatrix(emptyConfusionMatrix(2), Uint8Array.of(0), Uint8Array.of(2))).toThrow(
      /prediction 2 of a model with 2 classes/,
    );
    expect(() => addToConfusionMatrix(emptyConfusionMatrix(2), Uint8Array.of(0, 1), Uint8Array.of(1))).toThrow(
      /2 labels and 1 predictions/,
    );
    expect(() => mergeConfusionMatrices(emptyConfusionMatrix(2), emptyConfusionMatrix(3))).toThrow(/2 and 3 classes/);
  });
});

describe("segmentation scores", () => {
  it("equal their definitions", () => {
    fc.assert(
      fc.property(anyPixels, (pixels) => {
        const counted = pixels.filter(([label]) => label < K);
        fc.pre(counted.length > 0);
        const scores = segmentationScores(matrixOf(pixels));
        const ious = [0, 1, 2, 3].map((c) => iouByDefinition(pixels, c));
        expect([...scores.iouPerClass]).toEqual(ious);
        const defined = ious.filter((iou) => !Number.isNaN(iou));
        expect(scores.meanIou).toBeCloseTo(defined.reduce((sum, iou) => sum + iou, 0) / defined.length, 12);
        expect(scores.overallAccuracy).toBeCloseTo(counted.filter(([l, p]) => l === p).length / counted.length, 12);
        const weighted = counted.reduce((sum, [label]) => sum + Number(ious[label]) / counted.length, 0);
        expect(scores.frequencyWeightedIou).toBeCloseTo(weighted, 12);
      }),
    );
  });

  it("count a class that is predicted but never labelled as 0, and skip one that is neither", () => {
    const scores = segmentationScores(
      matrixOf([
        [0, 0],
        [0, 1],
      ]),
    );
    expect([...scores.iouPerClass]).toEqual([0.5, 0, Number.NaN, Number.NaN]);
    expect(scores.meanIou).toBe(0.25);
    expect([...scores.accuracyPerClass]).toEqual([0.5, Number.NaN, Number.NaN, Number.NaN]);
    expect(scores.meanAccuracy).toBe(0.5);
  });

  it("are not numbers when no pixel is labelled", () => {
    const scores = segmentationScores(matrixOf([[255, 1]]));
    expect([scores.meanIou, scores.overallAccuracy, scores.meanAccuracy, scores.frequencyWeightedIou]).toEqual(
      Array(4).fill(Number.NaN),
    );
  });
});
