// Speed, time left, and the share of the time spent waiting.
import { expect, it } from "vitest";
import { TrainingClock } from "../../../../src-main/engine/training/training-clock.ts";

it("knows nothing at the start", () => {
  const { imagesPerSecond, waitShare } = new TrainingClock();
  expect([imagesPerSecond, waitShare, new TrainingClock().leftMs(10, 0)]).toEqual([0, 0, 0]);
});

it("goes by the last fifty steps, waiting included", () => {
  const clock = new TrainingClock();
  clock.hearStep(4, 100_000, 90_000); // the first step compiles and waits
  for (let k = 0; k < 50; k++) clock.hearStep(4, 2000, 100);
  clock.hearValidation(30_000);
  expect(clock.imagesPerSecond).toBe(2);
  expect(clock.leftMs(10, 2)).toBe(10 * 2000 + 2 * 30_000);
  expect(clock.waitShare).toBeCloseTo(95_000 / 200_000, 12);
  expect(clock.meanImagesPerSecond).toBeCloseTo(204 / 200, 12);
});
