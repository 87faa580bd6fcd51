// The class sets, and that the second palette keeps its promise.
import { describe, expect, it } from "vitest";
import { labelSetFor } from "../../../src-shared/labels/label-sets.ts";
import type { Palette, Rgb } from "../../../src-shared/labels/palettes.ts";

describe("labelSetFor", () => {
  it.each([19, 16])("gives %i names, colours and Cityscapes ids", (numClasses) => {
    const set = labelSetFor(numClasses);
    expect(set.numClasses).toBe(numClasses);
    for (const perClass of [set.names, set.palette, set.colorBlindSafePalette, set.cityscapesIds ?? [], set.fileIds]) {
      expect(perClass).toHaveLength(numClasses);
    }
    expect(new Set(set.names).size).toBe(numClasses);
  });

  it("leaves out terrain, truck and train for 16 classes and renumbers the rest", () => {
    const { names, palette, cityscapesIds } = labelSetFor(16);
    expect(names.slice(8)).toEqual(["vegetation", "sky", "person", "rider", "car", "bus", "motorcycle", "bicycle"]);
    expect(cityscapesIds?.slice(8)).toEqual([21, 23, 24, 25, 26, 28, 32, 33]);
    expect(palette[13]).toEqual(labelSetFor(19).palette[15]);
  });

  it.each([2, 11, 21, 150, 255])("has neutral names and a colour for each of %i classes", (numClasses) => {
    const set = labelSetFor(numClasses);
    expect(set).toMatchObject({ name: null, numClasses, cityscapesIds: null });
    expect(set.names.slice(0, 2)).toEqual(["class 0", "class 1"]);
    for (const palette of [set.palette, set.colorBlindSafePalette]) {
      expect(new Set(palette.map((color) => color.join())).size).toBe(numClasses);
      expect(palette.flat().every((value) => Number.isInteger(value) && value >= 0 && value <= 255)).toBe(true);
    }
    expect(labelSetFor(numClasses)).toBe(set);
    expect(labelSetFor(set)).toBe(set);
  });

  it.each([0, 1, 256])("refuses %i classes, which no label map can hold", (numClasses) => {
    expect(() => labelSetFor(numClasses)).toThrow(expect.objectContaining({ code: "checkpoint.classes" }));
  });
});

describe("the colour-blind-safe palette", () => {
  const { palette, colorBlindSafePalette } = labelSetFor(19);

  it.each(["normal", "protanopia", "deuteranopia", "tritanopia"] as const)(
    "keeps any two classes apart: %s",
    (eyes) => {
      expect(smallestDistance(colorBlindSafePalette, eyes)).toBeGreaterThan(18);
    },
  );

  it("is needed: two of Cityscapes' colours all but fall together", () => {
    expect(smallestDistance(palette, "tritanopia")).toBeLessThan(12);
    expect(smallestDistance(palette, "deuteranopia")).toBeLessThan(12);
  });
});

// Machado, Oliveira, Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
// severity 1, on linear RGB.
const EYES = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

function smallestDistance(palette: Palette, eyes: keyof typeof EYES): number {
  const seen = palette.map((color) => cielab(color, EYES[eyes]));
  const distances = seen.flatMap((a, i) =>
    seen.slice(i + 1).map((b) => Math.hypot(...a.map((v, c) => v - Number(b[c])))),
  );
  return Math.min(...distances);
}

/** CIELAB (D65) of an sRGB colour as eyes with that response see it. */
function cielab(color: Rgb, response: readonly number[]): number[] {
  const linear = color.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  const apply = (matrix: readonly number[], v: readonly number[]): number[] =>
    [0, 3, 6].map((row) => v.reduce((sum, value, i) => sum + Number(matrix[row + i]) * value, 0));
  const seen = apply(response, linear).map((v) => Math.min(1, Math.max(0, v)));
  const xyz = apply([0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193, 0.1192, 0.9505], seen);
  const [x = 0, y = 0, z = 0] = xyz
    .map((v, i) => v / Number([0.9505, 1, 1.089][i]))
    .map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
