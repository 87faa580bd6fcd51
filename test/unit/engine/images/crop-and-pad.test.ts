// Crops and borders: what is cut out of a bordered picture is the picture again.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { centralBox, cropImage, cropLabels } from "../../../../src-main/engine/images/crop.ts";
import { padImage, padLabels } from "../../../../src-main/engine/images/pad-picture.ts";
import { BugError } from "../../../../src-shared/contract/errors.ts";

const pixels = fc.integer({ min: 0, max: 5 });
const border = fc.record({ left: pixels, top: pixels, right: pixels, bottom: pixels });
const size = fc.record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) });

const ramp = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + 3) % 251);

describe("borders", () => {
  test("the part inside a border is the picture", () => {
    fc.assert(
      fc.property(size, border, ({ width, height }, around) => {
        const image = { width, height, data: ramp(width * height * 3) };
        const map = { width, height, data: ramp(width * height) };
        const box = { top: around.top, left: around.left, width, height };
        expect(cropImage(padImage(image, around), box)).toEqual(image);
        const padded = padLabels(map, around, 254);
        expect(cropLabels(padded, box)).toEqual(map);
        expect(padded.data.filter((id) => id === 254).length).toBe(padded.data.length - width * height);
      }),
    );
  });

  test("a border is black around images", () => {
    const { width, height, data } = padImage(
      { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) },
      {
        left: 1,
        top: 0,
        right: 0,
        bottom: 1,
      },
    );
    expect([width, height, ...data]).toEqual([2, 2, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0]);
  });
});

describe("central boxes", () => {
  test.each([
    [65, 40, 12], // 12.5
    [97, 52, 22], // 22.5
    [67, 40, 14], // 13.5
    [64, 40, 12],
    [41, 40, 0], // 0.5
  ])("of %i rows %i from row %i on", (rows, kept, top) => {
    expect(centralBox({ width: rows, height: rows }, kept, kept)).toEqual({
      top,
      left: top,
      width: kept,
      height: kept,
    });
  });
});

test("a box outside the picture is a bug", () => {
  const map = { width: 2, height: 2, data: ramp(4) };
  expect(() => cropLabels(map, { top: 1, left: 0, width: 2, height: 2 })).toThrow(BugError);
  expect(() => padLabels(map, { left: -1, top: 0, right: 0, bottom: 0 }, 0)).toThrow(BugError);
});
