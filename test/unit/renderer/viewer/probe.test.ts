// The probe reads what the planes hold, and nothing of planes that are not there.
import fc from "fast-check";
import { expect, test } from "vitest";
import { NO_PLANES, probeAt } from "../../../../src-renderer/viewer/probe.ts";
import { labelSetFor } from "../../../../src-shared/labels/label-sets.ts";

const classes = labelSetFor(19);
const size = { width: 37, height: 23 };
const pixels = size.width * size.height;
const ALL = { hiddenClasses: new Set<number>(), threshold: 0 };
const byte = (index: number, factor: number, limit: number): number => (index * factor + (index >> 3)) % limit;
const planes = {
  labels: Uint8Array.from({ length: pixels }, (_, index) => byte(index, 7, 19)),
  confidence: Uint8Array.from({ length: pixels }, (_, index) => byte(index, 11, 256)),
  entropy: Uint8Array.from({ length: pixels }, (_, index) => byte(index, 13, 256)),
  candidates: Uint8Array.from({ length: pixels * 4 }, (_, index) => byte(index, 3, 19)),
  truth: Uint8Array.from({ length: pixels }, (_, index) => (index % 5 === 0 ? 255 : byte(index, 5, 19))),
};

test("equals the stored values at 1,000 random pixels", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: size.width - 1 }), fc.integer({ min: 0, max: size.height - 1 }), (x, y) => {
      const index = y * size.width + x;
      const reading = probeAt(planes, size, { x, y }, classes, ALL);
      expect(reading?.predicted?.trainId).toBe(planes.labels[index]);
      expect(reading?.predicted?.name).toBe(classes.names[planes.labels[index] ?? -1]);
      expect(reading?.predicted?.labelId).toBe(classes.cityscapesIds?.[planes.labels[index] ?? -1]);
      expect(reading?.entropy).toBe((planes.entropy[index] ?? 0) / 255);
      expect(reading?.truth?.trainId).toBe(planes.truth[index]);
      expect(reading?.top.map(({ trainId, probability }) => [trainId, Math.round(probability * 255)])).toEqual([
        [planes.labels[index], planes.confidence[index]],
        [planes.candidates[index * 4], planes.candidates[index * 4 + 1]],
        [planes.candidates[index * 4 + 2], planes.candidates[index * 4 + 3]],
      ]);
    }),
    { numRuns: 1000 },
  );
});

test("never reports a plane that is not visible", () => {
  const onlyTruth = probeAt({ ...NO_PLANES, truth: planes.truth }, size, { x: 1, y: 0 }, classes, ALL);
  expect(onlyTruth).toMatchObject({ predicted: null, top: [], entropy: null });
  const withoutTruth = probeAt({ ...planes, truth: null }, size, { x: 1, y: 0 }, classes, ALL);
  expect(withoutTruth?.truth).toBeNull();
});

test("says that a pixel is ignored", () => {
  expect(probeAt(planes, size, { x: 0, y: 0 }, classes, ALL)?.truth).toEqual({
    trainId: 255,
    name: "ignored",
    labelId: null,
  });
});

test("has nothing to say outside of the image", () => {
  expect(probeAt(planes, size, { x: size.width, y: 0 }, classes, ALL)).toBeNull();
  expect(probeAt(planes, size, { x: 0, y: -1 }, classes, ALL)).toBeNull();
});

test("never names a hidden class, wherever it stands", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: pixels - 1 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 18 })).map((ids) => new Set(ids)),
      (index, hiddenClasses) => {
        const at = { x: index % size.width, y: Math.floor(index / size.width) };
        const reading = probeAt(planes, size, at, classes, { hiddenClasses, threshold: 0 });
        const told = [reading?.predicted, ...(reading?.top ?? []), reading?.truth];
        for (const entry of told) {
          expect(hiddenClasses.has(entry?.trainId ?? -1)).toBe(false);
          if (entry?.trainId === null) expect(entry).toMatchObject({ name: "hidden class", labelId: null });
        }
        // Its share stays: the probabilities still add up.
        expect(reading?.top.map(({ probability }) => Math.round(probability * 255))[0]).toBe(planes.confidence[index]);
        expect(reading?.predicted?.trainId === null).toBe(hiddenClasses.has(planes.labels[index] ?? -1));
      },
    ),
  );
});

test("tells no prediction of a pixel that is less sure than the threshold", () => {
  for (let index = 0; index < pixels; index++) {
    const at = { x: index % size.width, y: Math.floor(index / size.width) };
    const reading = probeAt(planes, size, at, classes, { ...ALL, threshold: 0.5 });
    const isUnsure = (planes.confidence[index] ?? 0) < 128;
    expect(reading?.isUnsure).toBe(isUnsure);
    expect(reading?.predicted === null).toBe(isUnsure);
    expect(reading?.top).toHaveLength(isUnsure ? 0 : 3);
  }
});
