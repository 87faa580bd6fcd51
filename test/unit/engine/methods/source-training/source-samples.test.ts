// Samples of source training: changes that seed, epoch and place decide; and batches cut into parts.
import { describe, expect, it } from "vitest";
import { partsOf } from "../../../../../src-main/engine/methods/source-training/batch-parts.ts";
import { sourceSampleMaker } from "../../../../../src-main/engine/methods/source-training/source-samples.ts";
import { sampleReader } from "../../../../../src-main/engine/training/samples/read-samples.ts";
import { stacked } from "../../../../../src-main/engine/training/samples/sample.ts";
import { sourceTrainingConfigSchema } from "../../../../../src-shared/contract/training/source-training.ts";

const config = sourceTrainingConfigSchema.parse({ batchSize: 4, cropSize: [32, 48], seed: 3 });
const PIXELS = 32 * 48;

const data = {
  count: 3,
  read: (index: number) =>
    Promise.resolve({
      image: { width: 60, height: 40, data: new Uint8Array(60 * 40 * 3).fill(40 * index) },
      labels: { width: 60, height: 40, data: new Uint8Array(60 * 40).fill(index === 2 ? 255 : index) },
    }),
};

const reader = sampleReader({ source: data }, { source: { data: "source", settings: config } }, sourceSampleMaker);

async function batchOf(places: readonly number[], epoch = 0) {
  const samples = await Promise.all(places.map((place) => reader.read("source", { place, draw: epoch })));
  return Object.fromEntries(Object.entries(stacked(samples)).map(([name, plane]) => [`source.${name}`, plane]));
}

describe("the parts of a batch", () => {
  it("have the images one after another, normalised, with their labels", async () => {
    const [part, ...others] = partsOf(await batchOf([0, 1]), 4, config.numClasses);
    expect(others).toEqual([]);
    expect(part?.size).toBe(2);
    expect(part?.images).toHaveLength(2 * 3 * PIXELS);
    expect(part?.labels).toEqual(Int32Array.from({ length: 2 * PIXELS }, (_, i) => (i < PIXELS ? 0 : 1)));
  });

  it("are so many images each, the last one fewer, and count their pixels with a class", async () => {
    const parts = partsOf(await batchOf([1, 2, 0]), 2, config.numClasses);
    expect(parts.map(({ size, labelledPixels }) => [size, labelledPixels])).toEqual([
      [2, PIXELS],
      [1, PIXELS],
    ]);
  });
});

describe("an image", () => {
  it("is changed in the same way whichever batch it is in, and otherwise in another epoch", async () => {
    const alone = (await batchOf([1], 4))["source.image"]?.data;
    const second = (await batchOf([0, 1], 4))["source.image"]?.data;
    expect(second?.slice(3 * PIXELS)).toEqual(alone);
    expect((await batchOf([1], 5))["source.image"]?.data).not.toEqual(alone);
  });
});
