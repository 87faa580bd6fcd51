// Errors of each class, and the band around the borders, against the plainest reading of their definitions.
import fc from "fast-check";
import { expect, test } from "vitest";
import { boundaryBand } from "../../../../src-renderer/viewer/boundary-band.ts";
import { errorCounts } from "../../../../src-renderer/viewer/error-counts.ts";

const IGNORED = 255;
const label = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 4 }) }, fc.constant(IGNORED));

/** Planes with flat areas, so that there are pixels far from every border, too. */
const plane = fc
  .record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 30 }),
    block: fc.integer({ min: 1, max: 12 }),
    ids: fc.array(label, { minLength: 64, maxLength: 64 }),
  })
  .map(({ width, height, block, ids }) => ({
    width,
    height,
    bytes: Uint8Array.from({ length: width * height }, (_, index) => {
      const [column, row] = [Math.floor((index % width) / block), Math.floor(index / width / block)];
      return ids[(column * 7 + row * 13) % ids.length] ?? IGNORED;
    }),
  }));

test("the band holds the labelled pixels with another class in the square around them", () => {
  fc.assert(
    fc.property(plane, fc.integer({ min: 1, max: 14 }), (truth, radius) => {
      const { width, height, bytes } = truth;
      const expected = new Uint8Array(bytes.length);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const own = bytes[y * width + x];
          if (own === IGNORED) continue;
          for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
            for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++) {
              const other = bytes[v * width + u];
              if (other !== own && other !== IGNORED) expected[y * width + x] = 255;
            }
          }
        }
      }
      expect(boundaryBand(truth, radius)).toEqual({ width, height, bytes: expected });
    }),
  );
});

test("counts are those of every class by itself, in the band and without ignored pixels", () => {
  fc.assert(
    fc.property(plane, fc.infiniteStream(label), fc.boolean(), (truth, stream, isBanded) => {
      const labels = Uint8Array.from(
        [...truth.bytes].map((own, index) => (index % 3 === 0 ? own : stream.next().value)),
      );
      const band = isBanded ? boundaryBand(truth, 2).bytes : null;
      const isCounted = (index: number): boolean =>
        truth.bytes[index] !== IGNORED && (band === null || band[index] !== 0);
      const indices = [...truth.bytes.keys()].filter(isCounted);
      const number = (condition: (predicted: number, actual: number) => boolean): number =>
        indices.filter((index) => condition(labels[index] ?? IGNORED, truth.bytes[index] ?? IGNORED)).length;
      const counts = errorCounts(labels, truth.bytes, band, 5);
      expect(counts.counted).toBe(indices.length);
      expect(counts.wrong).toBe(number((predicted, actual) => predicted !== actual));
      for (let id = 0; id < 5; id++) {
        expect(counts.truePositives[id]).toBe(number((predicted, actual) => predicted === id && actual === id));
        expect(counts.falsePositives[id]).toBe(number((predicted, actual) => predicted === id && actual !== id));
        expect(counts.falseNegatives[id]).toBe(number((predicted, actual) => predicted !== id && actual === id));
      }
    }),
  );
});
