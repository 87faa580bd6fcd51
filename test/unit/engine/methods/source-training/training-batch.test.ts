// Batches: every image once an epoch, in an order and with changes that seed, epoch and place decide.
import { describe, expect, it } from "vitest";
import {
  chunks,
  epochBatches,
  readBatch,
  sampleReader,
} from "../../../../../src-main/engine/methods/source-training/training-batch.ts";
import { trainingConfigSchema } from "../../../../../src-shared/contract/training-config.ts";

const config = trainingConfigSchema.parse({ batchSize: 4, cropSize: [32, 48], seed: 3 });

const data = {
  count: 3,
  read: (index: number) =>
    Promise.resolve({
      image: { width: 60, height: 40, data: new Uint8Array(60 * 40 * 3).fill(40 * index) },
      labels: { width: 60, height: 40, data: new Uint8Array(60 * 40).fill(index === 2 ? 255 : index) },
    }),
};

const reader = sampleReader(data, config);
const batchOf = (places: readonly number[], epoch = 0) => readBatch(reader, places, epoch, config.numClasses);

describe("epochBatches", () => {
  it("deals out every image once and keeps the smaller last batch", () => {
    const batches = epochBatches(10, 0, config);
    expect(batches.map((batch) => batch.length)).toEqual([4, 4, 2]);
    expect(batches.flat().toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("has another order in each epoch, and the same one when run again", () => {
    expect(epochBatches(50, 0, config)).toEqual(epochBatches(50, 0, config));
    expect(epochBatches(50, 0, config)).not.toEqual(epochBatches(50, 1, config));
  });
});

describe("chunks", () => {
  it("cuts a batch into parts of so many images, the last one smaller", () => {
    expect(chunks([4, 7, 1, 3, 0], 2)).toEqual([[4, 7], [1, 3], [0]]);
  });
});

describe("readBatch", () => {
  it("puts the images one after another, normalised", async () => {
    const batch = await batchOf([0, 1]);
    expect(batch.size).toBe(2);
    expect(batch.images).toHaveLength(2 * 3 * 32 * 48);
    expect(batch.labels).toEqual(Int32Array.from({ length: 2 * 32 * 48 }, (_, i) => (i < 32 * 48 ? 0 : 1)));
  });

  it("counts the pixels with a class", async () => {
    expect((await batchOf([1, 2])).labelledPixels).toBe(32 * 48);
  });

  it("changes an image in the same way whichever batch it is in", async () => {
    const alone = await batchOf([1], 4);
    const second = await batchOf([0, 1], 4);
    expect(second.images.slice(3 * 32 * 48)).toEqual(alone.images);
  });
});
