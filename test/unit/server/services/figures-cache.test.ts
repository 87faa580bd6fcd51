// Figures that are asked for again and again: made when something changed, and of a long evaluation not every time.
import { expect, it } from "vitest";
import { FiguresCache } from "../../../../src-main/server/services/figures-cache.ts";
import { anEvaluation } from "../../../helpers/workbench-entities.ts";

const FIGURES = { summary: null, failures: [] };

function cacheOf(tookMs: number) {
  const made: number[] = [];
  const clock = { time: 0 };
  const cache = new FiguresCache(
    async ({ done }) => {
      made.push(done);
      clock.time += tookMs;
      return FIGURES;
    },
    () => clock.time,
  );
  return { cache, made, clock };
}

it("makes figures once until something changes", async () => {
  const { cache, made } = cacheOf(0);
  const evaluation = anEvaluation({ status: "running", done: 1 });
  await Promise.all([cache.of(evaluation), cache.of(evaluation)]);
  await cache.of(evaluation);
  await cache.of({ ...evaluation, done: 2 });
  await cache.of({ ...evaluation, done: 2, status: "finished" });
  await cache.of(anEvaluation({ done: 7 }));
  expect(made).toEqual([1, 2, 2, 7]);
});

it("rests while the evaluation runs, longer the longer they take, and never at its end", async () => {
  const { cache, made, clock } = cacheOf(100);
  const evaluation = anEvaluation({ status: "running", done: 1 });
  await cache.of(evaluation);
  clock.time += 399;
  await cache.of({ ...evaluation, done: 2 });
  expect(made).toEqual([1]);
  clock.time += 1;
  await cache.of({ ...evaluation, done: 3 });
  await cache.of({ ...evaluation, done: 4, status: "finished" });
  expect(made).toEqual([1, 3, 4]);
});

it("tries again after a failure", async () => {
  let tries = 0;
  const cache = new FiguresCache(async () => {
    tries += 1;
    if (tries === 1) throw new Error("the process ended");
    return FIGURES;
  });
  const evaluation = anEvaluation();
  await expect(cache.of(evaluation)).rejects.toThrow("the process ended");
  expect(await cache.of(evaluation)).toBe(FIGURES);
});
