// The scrubber: follows a run until somebody scrubs back, and never stands where nothing is kept.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  FOLLOW,
  neighbours,
  played,
  type Scrub,
  scrubbedTo,
  shownIteration,
  stepped,
} from "../../../../src-renderer/features/adapt/scrub.ts";
import type { KeptIteration } from "../../../../src-shared/contract/workbench/runs.ts";

function keptAt(...iterations: number[]): KeptIteration[] {
  return iterations.map((iteration) => ({
    iteration,
    scores: null,
    meanConfidence: 0.5,
    meanEntropy: 0.5,
    figures: null,
  }));
}

test("shows the newest kept iteration while a run goes on", () => {
  expect(shownIteration(FOLLOW, [])).toBeNull();
  expect(shownIteration(FOLLOW, keptAt(0))).toBe(0);
  expect(shownIteration(FOLLOW, keptAt(0, 1, 2))).toBe(2);
});

test("stays where the user scrubbed to while more iterations come", () => {
  const scrub = scrubbedTo(1, keptAt(0, 1, 2));
  expect(shownIteration(scrub, keptAt(0, 1, 2, 3, 4))).toBe(1);
});

test("follows again once scrubbed to the newest", () => {
  const scrub = scrubbedTo(2, keptAt(0, 1, 2));
  expect(shownIteration(scrub, keptAt(0, 1, 2, 3))).toBe(3);
});

test("shows the last kept iteration before one that was not kept", () => {
  expect(shownIteration({ mode: "at", iteration: 7 }, keptAt(0, 5, 10))).toBe(5);
});

test("has a stop for each of 301 kept iterations", () => {
  const kept = keptAt(...Array.from({ length: 301 }, (_, iteration) => iteration));
  let scrub = scrubbedTo(0, kept);
  const seen = [shownIteration(scrub, kept)];
  for (let step = 0; step < 300; step++) {
    scrub = stepped(scrub, kept, 1);
    seen.push(shownIteration(scrub, kept));
  }
  expect(seen).toEqual(kept.map(({ iteration }) => iteration));
});

test("is always at a kept iteration, whatever steps are taken", () => {
  const iterations = fc
    .uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1 })
    .map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(iterations, fc.array(fc.integer({ min: -5, max: 5 })), (all, steps) => {
      const kept = keptAt(...all);
      let scrub: Scrub = FOLLOW;
      for (const step of steps) {
        const before = all.indexOf(shownIteration(scrub, kept) ?? -1);
        scrub = stepped(scrub, kept, step);
        const after = all.indexOf(shownIteration(scrub, kept) ?? -1);
        expect(after).toBe(Math.min(Math.max(before + step, 0), all.length - 1));
      }
    }),
  );
});

test("plays through all kept iterations and begins again", () => {
  const kept = keptAt(0, 5, 10);
  let scrub: Scrub = FOLLOW;
  const seen: (number | null)[] = [];
  for (let tick = 0; tick < 4; tick++) {
    scrub = played(scrub, kept);
    seen.push(shownIteration(scrub, kept));
  }
  expect(seen).toEqual([0, 5, 10, 0]);
});

test("names the neighbours of a stop, nearest first", () => {
  const kept = keptAt(0, 2, 4, 6, 8);
  expect(neighbours(4, kept, 2)).toEqual([6, 2, 8, 0]);
  expect(neighbours(0, kept, 1)).toEqual([2]);
  expect(neighbours(null, kept, 1)).toEqual([]);
});
