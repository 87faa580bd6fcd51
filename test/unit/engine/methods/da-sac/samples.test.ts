// Samples of both trainings: repeatable from seed, iteration and place, and of the shapes that a step takes.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReadPicture } from "../../../../../src-main/engine/methods/da-sac/masked-picture.ts";
import { baselineSamples, consistencySamples } from "../../../../../src-main/engine/methods/da-sac/samples.ts";
import { PADDED } from "../../../../../src-main/engine/methods/da-sac/target-sample.ts";
import { createRandom } from "../../../../../src-main/engine/random.ts";
import { AppError } from "../../../../../src-shared/contract/errors.ts";
import { daSacBaselineConfigSchema, daSacConfigSchema } from "../../../../../src-shared/contract/training/da-sac.ts";

const BASELINE = daSacBaselineConfigSchema.parse({ cropSize: [24, 32], seed: 3 });
const CONSISTENCY = daSacConfigSchema.parse({ cropSize: [24, 32], copies: 3, seed: 3 });

function picture(width: number, height: number, isLabelled = true): ReadPicture {
  const random = createRandom(width * 1000 + height);
  const bytes = (length: number, below: number) => Uint8Array.from({ length }, () => random.integer(below));
  return {
    image: { width, height, data: bytes(width * height * 3, 256) },
    labels: isLabelled ? { width, height, data: bytes(width * height, 19) } : null,
  };
}

describe("samples of the baseline", () => {
  const samples = baselineSamples(BASELINE);

  test("depend on iteration and place, and on nothing else", () => {
    const read = picture(60, 40);
    const first = samples.source(read, { iteration: 5, place: 1 });
    samples.source(read, { iteration: 9, place: 0 });
    expect(samples.source(read, { iteration: 5, place: 1 })).toEqual(first);
    expect(baselineSamples(BASELINE).source(read, { iteration: 5, place: 1 })).toEqual(first);
    expect(samples.source(read, { iteration: 5, place: 2 })).not.toEqual(first);
    expect(samples.source(read, { iteration: 6, place: 1 })).not.toEqual(first);
  });

  test("have the crop's size, also of an image that is smaller: what is padded is 0 and ignored", () => {
    const { image, labels } = samples.source(picture(10, 8), { iteration: 0, place: 0 });
    expect([image.length, labels.length]).toEqual([3 * 24 * 32, 24 * 32]);
    const padded = [...labels.keys()].filter((i) => labels[i] === 255);
    expect(padded.length).toBeGreaterThan(24 * 32 - 20 * 16 - 1);
    for (const c of [0, 1, 2]) expect(padded.every((i) => image[c * 24 * 32 + i] === 0)).toBe(true);
  });

  test("an image without labels is ignored everywhere", () => {
    const { labels } = samples.target(picture(60, 40, false), { iteration: 0, place: 0 });
    expect(labels.every((id) => id === 255)).toBe(true);
  });

  test("source images are moved to the target's colours, target and validation images are not", () => {
    const grey = { image: { width: 40, height: 30, data: new Uint8Array(3600).fill(128) }, labels: null };
    const plain = { ...BASELINE, sourceJitter: 0, sourceScale: [1, 1] as [number, number] };
    const own = baselineSamples(plain);
    const value = (sample: { image: Float32Array }) => sample.image[12 * 32 + 16] ?? Number.NaN;
    expect(value(own.source(grey, { iteration: 0, place: 0 }))).toBeCloseTo((128 / 255 - 0.73788571) / 0.31798286, 5);
    const imageNet = (128 / 255 - 0.485) / 0.229;
    expect(value(own.target(grey, { iteration: 0, place: 0 }))).toBeCloseTo(imageNet, 5);
    expect(value(own.validation(grey))).toBeCloseTo(imageNet, 5);
    const kept = baselineSamples({ ...plain, renormalizeSource: false });
    expect(value(kept.source(grey, { iteration: 0, place: 0 }))).toBeCloseTo(imageNet, 5);
  });

  test("validation refuses an image smaller than its crop in a sentence", () => {
    expect(() => samples.validation(picture(20, 20))).toThrow(AppError);
    expect(() => samples.validation(picture(20, 20))).toThrow(/20 x 20 pixels is smaller than the crop of 32 x 24/);
  });
});

describe("samples of the consistency step", () => {
  const samples = consistencySamples(CONSISTENCY);

  test("hold all crops of an image, repeatable", () => {
    const read = picture(100, 50);
    const sample = samples.target(read, { iteration: 2, place: 0 });
    expect(sample.student.length).toBe(3 * 3 * 24 * 32);
    expect(sample.teacher.length).toBe(3 * 3 * 24 * 32);
    expect(sample.labels.length).toBe(3 * 24 * 32);
    expect([sample.affine.length, sample.affineInverse.length]).toEqual([18, 18]);
    expect(consistencySamples(CONSISTENCY).target(read, { iteration: 2, place: 0 })).toEqual(sample);
    expect(samples.target(read, { iteration: 2, place: 1 })).not.toEqual(sample);
  });

  test("the first crop is the whole frame, the others are zoomed; matrices are inverse to each other", () => {
    for (let iteration = 0; iteration < 20; iteration++) {
      const { affine, affineInverse } = samples.target(picture(100, 50), { iteration, place: 0 });
      expect(Math.abs(affine[0] ?? 0)).toBe(1);
      expect(affine[4]).toBe(1);
      for (const crop of [0, 1, 2]) {
        const [a = 0, , x = 0, , d = 0, y = 0] = affine.subarray(6 * crop);
        const [ia = 0, , ix = 0, , id = 0, iy = 0] = affineInverse.subarray(6 * crop);
        expect(a * ia).toBeCloseTo(1, 5);
        expect(d * id).toBeCloseTo(1, 5);
        expect(a * ix + x).toBeCloseTo(0, 5);
        expect(d * iy + y).toBeCloseTo(0, 5);
        if (crop > 0) expect(d).toBeGreaterThan(1);
      }
    }
  });

  test("a frame that shrinks is padded, and the labels say so", () => {
    const shrinking = consistencySamples({ ...CONSISTENCY, zoom: [1.5, 2] });
    const { labels, teacher } = shrinking.target(picture(100, 50), { iteration: 0, place: 0 });
    const pixels = 24 * 32;
    expect(labels.subarray(0, pixels).includes(PADDED)).toBe(false);
    const padded = [...labels.subarray(pixels, 2 * pixels).entries()].filter(([, id]) => id === PADDED);
    expect(padded.length).toBeGreaterThan(pixels / 3);
    expect(padded.every(([i]) => teacher[3 * pixels + i] === 0)).toBe(true);
  });

  test("student and teacher see the same geometry, with noise only for the student", () => {
    const quiet = consistencySamples({ ...CONSISTENCY, targetBlur: null, targetJitter: 0, targetGray: 0 });
    const { student, teacher } = quiet.target(picture(100, 50), { iteration: 4, place: 0 });
    expect(student).toEqual(teacher);
    const noisy = samples.target(picture(100, 50), { iteration: 4, place: 0 });
    expect(noisy.student).not.toEqual(noisy.teacher);
  });
});

test("images of any size give samples of the crop's size, with labels that are classes, 255 or padding", () => {
  const side = fc.integer({ min: 1, max: 70 });
  fc.assert(
    fc.property(side, side, fc.nat({ max: 1000 }), fc.boolean(), (width, height, iteration, isTiny) => {
      const read = picture(width, height);
      const zoom: [number, number] = isTiny ? [0.01, 0.3] : [0.5, 2];
      const { source, target } = consistencySamples({ ...CONSISTENCY, sourceScale: [0.01, 2], zoom });
      const plain = source(read, { iteration, place: 0 });
      const crops = target(read, { iteration, place: 0 });
      expect([plain.image.length, plain.labels.length]).toEqual([3 * 24 * 32, 24 * 32]);
      expect([crops.student.length, crops.labels.length]).toEqual([3 * 3 * 24 * 32, 3 * 24 * 32]);
      expect(plain.labels.every((id) => id === 255 || (id >= 0 && id < 19))).toBe(true);
      expect(crops.labels.every((id) => id === PADDED || (id >= 0 && id < 19))).toBe(true);
      for (const data of [plain.image, crops.student, crops.teacher]) expect(data.every(Number.isFinite)).toBe(true);
    }),
    { numRuns: 60 },
  );
});
