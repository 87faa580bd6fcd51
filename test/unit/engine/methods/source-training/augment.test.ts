// Augmentation: crops lie inside and cover what they may, image and labels change together, seeds decide everything.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { augment, randomCrop } from "../../../../../src-main/engine/methods/source-training/augment.ts";
import { createRandom } from "../../../../../src-main/engine/random.ts";
import {
  type AugmentationConfig,
  augmentationConfigSchema,
} from "../../../../../src-shared/contract/training/source-training.ts";

const RECIPE: AugmentationConfig = augmentationConfigSchema.parse({});
const GEOMETRY_ONLY: AugmentationConfig = { ...RECIPE, blurRadius: [0, 0], jitter: 0, gray: 0 };

/** A picture whose red channel is the label, so that what happens to one can be seen in the other. */
function labelledColumns(width: number, height: number) {
  const labels = Uint8Array.from({ length: width * height }, (_, i) => (i % width < width / 2 ? 0 : 1));
  const data = Uint8Array.from({ length: labels.length * 3 }, (_, i) => (labels[Math.floor(i / 3)] === 0 ? 0 : 200));
  return { image: { width, height, data }, labels: { width, height, data: labels } };
}

describe("randomCrop", () => {
  it("lies inside the image, for any size and area", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), fc.integer(), (w, h, seed) => {
        const { top, left, width, height } = randomCrop(w, h, [0.08, 1], createRandom(seed));
        expect(top >= 0 && left >= 0 && width >= 1 && height >= 1).toBe(true);
        expect(left + width <= w && top + height <= h).toBe(true);
      }),
    );
  });

  it("has the asked share of the area and an aspect between 3:4 and 4:3, up to rounding", () => {
    const random = createRandom(3);
    for (let i = 0; i < 200; i++) {
      const { width, height } = randomCrop(1000, 1000, [0.2, 0.5], random);
      expect((width * height) / 1e6).toBeGreaterThan(0.198);
      expect((width * height) / 1e6).toBeLessThan(0.502);
      expect(width / height).toBeGreaterThan(0.74);
      expect(width / height).toBeLessThan(1.35);
    }
  });

  it("falls back to the central part of 4:3 where nothing fits a wide image", () => {
    expect(randomCrop(1000, 90, [1, 1], createRandom(1))).toEqual({ top: 0, left: 440, width: 120, height: 90 });
  });

  it("falls back to the central part of 3:4 where nothing fits a tall image", () => {
    expect(randomCrop(90, 1000, [1, 1], createRandom(1))).toEqual({ top: 440, left: 0, width: 90, height: 120 });
  });
});

describe("augment", () => {
  it("is the same for the same seed and another for another", () => {
    const source = labelledColumns(64, 48);
    const result = (seed: number) => augment(source, [32, 40], RECIPE, createRandom(seed)).image.data;
    expect(result(5)).toEqual(result(5));
    expect(result(5)).not.toEqual(result(6));
  });

  it("gives image and labels of the asked size", () => {
    const { image, labels } = augment(labelledColumns(64, 48), [32, 40], RECIPE, createRandom(1));
    expect([image.height, image.width, labels.height, labels.width]).toEqual([32, 40, 32, 40]);
  });

  it("crops and mirrors the labels as it does the image", () => {
    const source = labelledColumns(128, 96);
    for (let seed = 0; seed < 20; seed++) {
      const { image, labels } = augment(source, [64, 64], GEOMETRY_ONLY, createRandom(seed));
      const differing = [...labels.data].filter((label, i) => (image.data[3 * i] ?? 0) >= 100 !== (label === 1));
      expect(differing.length).toBeLessThanOrEqual(2 * 64); // the edge is smooth in the image and sharp in the labels
    }
  });

  it("makes no labels up", () => {
    const { labels } = augment(labelledColumns(64, 48), [80, 80], RECIPE, createRandom(2));
    expect(labels.data.every((label) => label <= 1)).toBe(true);
  });
});
