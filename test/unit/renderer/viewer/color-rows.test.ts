// The rows of 256 colours.
import { expect, test } from "vitest";
import { classColorRow, rampColor, rampColorRow } from "../../../../src-renderer/viewer/color-rows.ts";
import { labelSetFor } from "../../../../src-shared/labels/label-sets.ts";

test("hidden classes and ids without a class are transparent, all others opaque in their colour", () => {
  const { palette } = labelSetFor(16);
  const row = classColorRow(palette, new Set([3, 15]));
  for (let id = 0; id < 256; id++) {
    const color = palette[id];
    const isShown = color !== undefined && id !== 3 && id !== 15;
    expect(row[id * 4 + 3]).toBe(isShown ? 255 : 0);
    if (color !== undefined) expect([...row.slice(id * 4, id * 4 + 3)]).toEqual([...color]);
  }
});

test("the ramp gets lighter with every value, so that it reads without colour", () => {
  const row = rampColorRow();
  const lightness = (value: number): number => {
    const [r = 0, g = 0, b = 0] = row.slice(value * 4, value * 4 + 3);
    return 0.2126 * (r / 255) ** 2.2 + 0.7152 * (g / 255) ** 2.2 + 0.0722 * (b / 255) ** 2.2;
  };
  for (let value = 1; value < 256; value++) expect(lightness(value)).toBeGreaterThanOrEqual(lightness(value - 1));
  expect(rampColor(-1)).toEqual(rampColor(0));
  expect(rampColor(2)).toEqual(rampColor(1));
});
