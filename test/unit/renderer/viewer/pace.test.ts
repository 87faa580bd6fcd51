// Whether frames keep up with a motion.
import { expect, test } from "vitest";
import { FULL_PACE, type Pace, paceAfter } from "../../../../src-renderer/viewer/pace.ts";

function waited(pace: Pace, ...waits: readonly number[]): Pace {
  return waits.reduce(paceAfter, pace);
}

test("frames that come within 17 ms are fast, however many there are", () => {
  expect(waited(FULL_PACE, ...Array<number>(1000).fill(16.7)).isSlow).toBe(false);
});

test("frames that are waited for 50 ms are slow within a few", () => {
  expect(waited(FULL_PACE, ...Array<number>(8).fill(50)).isSlow).toBe(true);
});

test("one long wait does not make a machine slow", () => {
  expect(waited(FULL_PACE, 16, 16, 16, 2000, 16, 16).isSlow).toBe(false);
});

test("a slow machine stays slow", () => {
  const slow = waited(FULL_PACE, ...Array<number>(20).fill(50));
  expect(waited(slow, ...Array<number>(100).fill(5)).isSlow).toBe(true);
});
