// Which image pixel each device pixel shows.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  deviceRect,
  deviceView,
  imageIndexAt,
  imageIndexTable,
  NOWHERE,
} from "../../../../src-renderer/viewer/device-view.ts";

const RATIOS = [1, 1.25, 1.5, 2];

test("at whole scales every image pixel covers equally many device pixels, whatever the ratio", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...RATIOS),
      fc.integer({ min: 1, max: 32 }),
      fc.double({ min: 0, max: 40, noNaN: true }),
      (ratio, scale, center) => {
        const pane = { left: 0, top: 0, width: 3000, height: 10 };
        const { originX } = deviceView({ centerX: center, centerY: 5, zoom: scale / ratio }, pane, ratio);
        const table = imageIndexTable(pane.width, originX, scale, 40);
        const counts = new Map<number, number>();
        for (const index of table) counts.set(index, (counts.get(index) ?? 0) + 1);
        counts.delete(NOWHERE);
        expect(new Set(counts.values())).toEqual(new Set([scale]));
        expect(counts.size).toBe(40);
      },
    ),
  );
});

test("the middle of the viewport lies in the middle of the pane, to half a device pixel", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...RATIOS),
      fc.double({ min: 0.1, max: 32, noNaN: true }),
      fc.double({ min: 0, max: 2048, noNaN: true }),
      fc.integer({ min: 10, max: 2000 }),
      (ratio, zoom, centerX, width) => {
        const pane = { left: 7, top: 0, width, height: 100 };
        const { originX, scale } = deviceView({ centerX, centerY: 0, zoom }, pane, ratio);
        expect(Math.abs(originX + centerX * scale - width / 2)).toBeLessThanOrEqual(0.5);
      },
    ),
  );
});

test("indices rise along the table and are nowhere outside the image", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -5000, max: 1000 }),
      fc.double({ min: 0.05, max: 64, noNaN: true }),
      fc.integer({ min: 1, max: 5000 }),
      (origin, scale, length) => {
        const table = imageIndexTable(600, origin, scale, length);
        const inside = [...table].filter((index) => index !== NOWHERE);
        expect(inside).toEqual(inside.toSorted((a, b) => a - b));
        for (const [offset, index] of table.entries()) {
          const exact = (offset + 0.5 - origin) / scale;
          expect(index).toBe(exact < 0 || exact >= length ? NOWHERE : Math.floor(exact));
          expect(imageIndexAt(offset, origin, scale, length)).toBe(index);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("neighbouring boxes share an edge on device pixels: no gap, no overlap", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...RATIOS),
      fc.double({ min: 0, max: 50, noNaN: true }),
      fc.double({ min: 1, max: 900, noNaN: true }),
      (ratio, left, width) => {
        const origin = { left: 3.3, top: 1.1 };
        const first = deviceRect({ left, top: 0, right: left + width, bottom: 10 }, origin, ratio);
        const second = deviceRect({ left: left + width, top: 0, right: left + 2 * width, bottom: 10 }, origin, ratio);
        expect(first.left + first.width === second.left).toBe(true);
      },
    ),
  );
});
