// How long is left: by the pace of what has been done, before that by the estimate.
import { describe, expect, it } from "vitest";
import { runLeftMs } from "../../../../src-main/server/services/time-left.ts";
import { paceLeftMs } from "../../../../src-shared/contract/pace.ts";

describe("the time left", () => {
  it("of a run is what was expected, less what has passed, until iterations tell more", () => {
    expect(runLeftMs({ startedAt: 1000, lastEvent: null }, 5000, 3000)).toBe(3000);
    expect(runLeftMs({ startedAt: 1000, lastEvent: null }, 5000, 90_000)).toBe(0);
    expect(runLeftMs({ startedAt: 1000, lastEvent: null }, null, 3000)).toBeNull();
    const lastEvent = { type: "iterationFinished", iteration: 4, iterations: 10, loss: 1, elapsedMs: 2000 } as const;
    expect(runLeftMs({ startedAt: 1000, lastEvent }, 5000, 90_000)).toBe(12_000);
  });

  it("of an evaluation or a tuning goes by the pace since it was first seen", () => {
    expect(paceLeftMs({ done: 100, atMs: 1000 }, { done: 104, atMs: 9000 }, 110)).toBe(12_000);
    expect(paceLeftMs({ done: 100, atMs: 1000 }, { done: 100, atMs: 9000 }, 110)).toBeNull();
    expect(paceLeftMs({ done: 1, atMs: 0 }, { done: 2, atMs: 5 }, null)).toBeNull();
  });
});
