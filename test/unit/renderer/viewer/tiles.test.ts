// Planes above the limit of textures: every pixel in exactly one tile, with its neighbours at hand.
import fc from "fast-check";
import { expect, test } from "vitest";
import { imageIndexTable } from "../../../../src-renderer/viewer/device-view.ts";
import { deviceSpan, spansOf, tilesOf } from "../../../../src-renderer/viewer/tiles.ts";

test("tiles cover a line without gap or overlap, and no texture is larger than the limit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 8, max: 400 }), (length, limit) => {
      const spans = spansOf(length, limit);
      expect(spans[0]?.start).toBe(0);
      expect(spans.at(-1)?.end).toBe(length);
      for (const [index, span] of spans.entries()) {
        expect(span.end).toBeGreaterThan(span.start);
        expect(span.textureEnd - span.textureStart).toBeLessThanOrEqual(limit);
        if (index > 0) expect(span.start).toBe(spans[index - 1]?.end);
        // One more pixel on each side, where there is one.
        expect(span.textureStart).toBe(index === 0 ? 0 : span.start - 1);
        expect(span.textureEnd).toBe(index === spans.length - 1 ? length : span.end + 1);
      }
    }),
  );
});

test("what fits is one tile", () => {
  expect(tilesOf(4096, 2048, 4096)).toHaveLength(1);
  expect(tilesOf(16_384, 16_384, 4096)).toHaveLength(25);
});

test("the device pixels of all tiles are those of the image, each once", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 4, max: 50 }),
      fc.integer({ min: -200, max: 200 }),
      fc.double({ min: 0.1, max: 8, noNaN: true }),
      (length, limit, origin, scale) => {
        const table = imageIndexTable(150, origin, scale, length);
        const seen = spansOf(length, limit).flatMap((span) => {
          const { from, to } = deviceSpan(table, span);
          return Array.from({ length: to - from }, (_, offset) => from + offset);
        });
        const inside = [...table.keys()].filter((offset) => table[offset] !== -1);
        expect(seen).toEqual(inside);
      },
    ),
  );
});
