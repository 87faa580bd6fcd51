import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ComparedImage,
  gainHistogram,
  gainOfImage,
  gainSummary,
  histogramTicks,
  neighbourOf,
  orderedImages,
} from "../../../../src-renderer/features/compare/gains.ts";
import { imageId, runId, someScores } from "../runs/some-runs.ts";

function image(name: string, a: number | null, b: number | null): ComparedImage {
  return {
    imageId: imageId(name),
    key: `${name}.png`,
    runA: runId("a"),
    runB: runId("b"),
    a: a === null ? null : someScores(a),
    b: b === null ? null : someScores(b),
  };
}

const IMAGES = [image("c", 0.4, 0.7), image("a", 0.5, 0.4), image("d", null, null), image("b", 0.2, 0.2)];
const keys = (images: readonly ComparedImage[]) => images.map(({ key }) => key.slice(0, 1)).join("");

describe("many images on two sides", () => {
  it("orders by gain, by loss, by size of the change and by name; images without labels last", () => {
    expect(keys(orderedImages(IMAGES, "gain"))).toBe("cbad");
    expect(keys(orderedImages(IMAGES, "loss"))).toBe("abcd");
    expect(keys(orderedImages(IMAGES, "change"))).toBe("cabd");
    expect(keys(orderedImages(IMAGES, "name"))).toBe("abcd");
  });

  it("counts each image the same in its means", () => {
    const summary = gainSummary(IMAGES);
    expect(summary).toMatchObject({ images: 4, scored: 3, better: 1, worse: 1, equal: 1 });
    expect(summary.meanA).toBeCloseTo((0.4 + 0.5 + 0.2) / 3);
    expect(summary.meanB).toBeCloseTo((0.7 + 0.4 + 0.2) / 3);
    expect(summary.meanGain).toBeCloseTo(0.2 / 3);
    expect(summary.medianGain).toBe(0);
  });

  it("has no means where nothing is scored", () => {
    expect(gainSummary([image("d", null, 0.5)])).toMatchObject({ scored: 0, meanA: null, meanGain: null });
  });

  it("steps through an order and stops at its ends", () => {
    const ordered = orderedImages(IMAGES, "gain");
    expect(neighbourOf(ordered, imageId("b"), 1)?.key).toBe("a.png");
    expect(neighbourOf(ordered, imageId("c"), -1)).toBeNull();
    expect(neighbourOf(ordered, null, 1)).toBeNull();
  });
});

describe("the histogram of gains", () => {
  it("has an edge at 0 and as many bins on either side", () => {
    const bins = gainHistogram([-0.03, 0.01, 0.049]);
    expect(bins.some(({ from }) => from === 0)).toBe(true);
    expect(bins[0]?.from).toBe(-(bins.at(-1)?.to ?? 0));
  });

  it("puts a gain on an edge into the bin above it", () => {
    const bins = gainHistogram([0.3, -0.1, 0, 1]);
    expect(bins.find(({ from }) => from === 0.3)?.count).toBe(1);
    expect(bins.find(({ from }) => from === -0.1)?.count).toBe(1);
    expect(bins.find(({ from }) => from === 0)?.count).toBe(1);
    expect(bins.at(-1)?.count).toBe(1);
  });

  it("counts every gain once, and never a loss among the gains", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1 }), (gains) => {
        const bins = gainHistogram(gains);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(gains.length);
        const above = bins.filter(({ from }) => from >= 0).reduce((sum, { count }) => sum + count, 0);
        // Less than a billionth of a bin is nothing.
        expect(above).toBeGreaterThanOrEqual(gains.filter((gain) => gain >= 0).length);
        expect(above).toBeLessThanOrEqual(gains.filter((gain) => gain > -1e-9).length);
      }),
    );
  });

  it("is empty without gains", () => {
    expect(gainHistogram([])).toEqual([]);
  });

  it("writes 0 and edges evenly to either side", () => {
    expect(histogramTicks(gainHistogram([-0.049, 0.03]))).toEqual([-0.04, -0.02, 0, 0.02, 0.04]);
    expect(histogramTicks([])).toEqual([0]);
  });

  it("says the same of the images as of their gains", () => {
    expect(IMAGES.map(gainOfImage)[2]).toBeNull();
  });
});
