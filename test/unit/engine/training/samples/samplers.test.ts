// Samplers: what each deals out, and that it follows from seed and step alone.
import { describe, expect, it } from "vitest";
import { importanceSampler } from "../../../../../src-main/engine/training/samples/importance-sampler.ts";
import {
  pairSamplers,
  type Sampler,
  shuffledSampler,
  uniformSampler,
} from "../../../../../src-main/engine/training/samples/sampler.ts";

const options = { count: 10, batchSize: 4, seed: 3 };
const steps = (sampler: Sampler, count: number, first = 0) =>
  Array.from({ length: count }, (_, k) => sampler.draws(first + k));
const places = (sampler: Sampler, count: number) =>
  steps(sampler, count).flatMap((draws) => draws.map(({ place }) => place));
const isRepeatable = (make: (seed: number) => Sampler) => {
  const whole = steps(make(3), 12);
  // Asked for in any order, and after a restart in the middle.
  expect(steps(make(3), 4, 8)).toEqual(whole.slice(8));
  expect(steps(make(4), 12)).not.toEqual(whole);
  const keys = whole.flat().map(({ place, draw }) => `${place} ${draw}`);
  expect(new Set(keys).size).toBe(keys.length);
};

describe("the shuffled sampler", () => {
  it("deals out every image once an epoch, and keeps the smaller last batch", () => {
    const sampler = shuffledSampler(options);
    expect(sampler.stepsPerEpoch).toBe(3);
    const epoch = steps(sampler, 3);
    expect(epoch.map(({ length }) => length)).toEqual([4, 4, 2]);
    expect(
      epoch
        .flat()
        .map(({ place }) => place)
        .toSorted((a, b) => a - b),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(steps(sampler, 3, 3).flat()).not.toEqual(epoch.flat());
    expect(sampler.draws(3)[0]?.draw).toBe(1);
  });

  it("drops what does not fill a batch where it is asked to, and goes round where there is not one batch", () => {
    const dropped = shuffledSampler(options, "dropped");
    expect(dropped.stepsPerEpoch).toBe(2);
    expect(new Set(places(dropped, 2)).size).toBe(8);
    const few = shuffledSampler({ ...options, count: 3 }, "dropped");
    expect(few.stepsPerEpoch).toBe(1);
    expect(places(few, 1)).toHaveLength(4);
  });

  it("follows from seed and step", () => {
    isRepeatable((seed) => shuffledSampler({ ...options, seed }));
    isRepeatable((seed) => shuffledSampler({ count: 3, batchSize: 8, seed }, "dropped"));
  });
});

it("the uniform sampler draws each image about as often", () => {
  const counts = Map.groupBy(places(uniformSampler(options), 2500), (place) => place);
  for (let place = 0; place < 10; place += 1) {
    expect(Math.abs((counts.get(place)?.length ?? 0) - 1000)).toBeLessThan(120);
  }
  isRepeatable((seed) => uniformSampler({ ...options, seed }));
});

describe("pairs", () => {
  it("keep in step, and every pair comes about as often", () => {
    const [first, second] = pairSamplers([2, 3], 4, 5);
    const pairs = places(first, 1500).map((place, k) => `${place} ${places(second, 1500)[k]}`);
    const counts = Map.groupBy(pairs.slice(0, 600), (pair) => pair);
    expect(counts.size).toBe(6);
    for (const { length } of counts.values()) expect(Math.abs(length - 100)).toBeLessThan(40);
    isRepeatable((seed) => pairSamplers([2, 3], 4, seed)[1]);
  });
});

describe("the importance sampler", () => {
  it("goes through the classes, and draws an image by its class's probabilities", () => {
    const sampler = importanceSampler([Float64Array.of(1, 1, 1), Float64Array.of(0, 0.25, 1)], {
      batchSize: 4,
      seed: 1,
    });
    const drawn = steps(sampler, 1000).flat();
    const ofClass = (c: number) => drawn.filter(({ draw }) => draw % 2 === c).map(({ place }) => place);
    expect(new Set(ofClass(0))).toEqual(new Set([0]));
    const share = ofClass(1).filter((place) => place === 2).length / ofClass(1).length;
    expect(Math.abs(share - 0.75)).toBeLessThan(0.03);
    isRepeatable((seed) => importanceSampler([Float64Array.of(0.5, 1)], { batchSize: 4, seed }));
  });

  it("has to have images", () => {
    expect(() => importanceSampler([new Float64Array()], options).draws(0)).toThrow("there is no image to draw");
  });
});
