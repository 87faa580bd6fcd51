// The rules by which a pixel is trusted, on maps small enough to work out by hand.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pseudoLabel } from "../../../../../src-main/engine/methods/self-adaptation/pseudo-label.ts";

/** One row of pixels from rows of classes; powers of two, so that products are exact. */
function label(classes: readonly (readonly number[])[], threshold: number) {
  const width = classes[0]?.length ?? 0;
  const { labels, ...rest } = pseudoLabel(Float32Array.from(classes.flat()), classes.length, 1, width, threshold);
  return { ...rest, labels: [...labels.data], size: [labels.width, labels.height] };
}

describe("pseudoLabel", () => {
  it("keeps pixels strictly above the threshold, none that just reaches it", () => {
    const found = label(
      [
        [0.5, 0.25, 0.26],
        [0.125, 0.125, 0.125],
      ],
      0.5,
    );
    expect([...found.thresholds]).toEqual([0.25, 0.0625]);
    expect(found.labels).toEqual([0, 255, 0]);
    expect(found).toMatchObject({ keptPixels: 2, perClass: [2, 0], size: [3, 1] });
  });

  it("takes a class's largest probability over all pixels, also those where another class wins", () => {
    // Class 1 wins only at the second pixel, with less than half of what it has at the first.
    const found = label(
      [
        [0.75, 0.0625],
        [0.5, 0.21875],
      ],
      0.5,
    );
    expect([...found.thresholds]).toEqual([0.375, 0.25]);
    expect(found.labels).toEqual([0, 255]);
  });

  it("gives the first of equally probable classes", () => {
    expect(label([[0.5], [0.5]], 0.5).labels).toEqual([0]);
  });

  it("keeps a tie when any of the tied classes passes, with the first one's label", () => {
    // At the first pixel both have 0.25: class 0 would need more than 0.5, class 1 more than 0.125.
    const found = label(
      [
        [0.25, 1],
        [0.25, 0],
      ],
      0.5,
    );
    expect([...found.thresholds]).toEqual([0.5, 0.125]);
    expect(found.labels).toEqual([0, 0]);
    expect(found.perClass).toEqual([2, 0]);
  });

  it("forgets a smaller class that passed when a larger one does not", () => {
    const found = label(
      [
        [0.25, 0],
        [0.375, 1],
      ],
      0.5,
    );
    expect(found.labels).toEqual([255, 1]);
  });

  it("keeps nothing at threshold 1, not even the largest", () => {
    expect(
      label(
        [
          [0.5, 0.75],
          [0.5, 0.25],
        ],
        1,
      ),
    ).toMatchObject({ keptPixels: 0, labels: [255, 255] });
  });

  it("keeps every pixel at threshold 0", () => {
    expect(
      label(
        [
          [0.5, 0.75],
          [0.5, 0.25],
        ],
        0,
      ),
    ).toMatchObject({ keptPixels: 2, labels: [0, 0] });
  });

  it("multiplies in float32, as the original does", () => {
    const { thresholds } = label([[Math.fround(0.7)]], 0.7);
    expect(thresholds[0]).toBe(Math.fround(Math.fround(0.7) * Math.fround(0.7)));
  });

  it("counts what it keeps, and keeps fewer pixels the higher the threshold", () => {
    const probability = fc.integer({ min: 0, max: 64 }).map((n) => n / 64);
    const map = fc.array(fc.array(probability, { minLength: 6, maxLength: 6 }), { minLength: 2, maxLength: 4 });
    const share = fc.integer({ min: 0, max: 16 }).map((n) => n / 16);
    fc.assert(
      fc.property(map, share, share, (classes, a, b) => {
        const [low, high] = [label(classes, Math.min(a, b)), label(classes, Math.max(a, b))];
        for (const { labels, keptPixels, perClass } of [low, high]) {
          expect(perClass).toEqual(classes.map((_, k) => labels.filter((found) => found === k).length));
          expect(keptPixels).toBe(labels.filter((found) => found !== 255).length);
        }
        for (const [pixel, found] of high.labels.entries()) {
          if (found !== 255) expect(low.labels[pixel]).toBe(found);
        }
      }),
    );
  });
});
