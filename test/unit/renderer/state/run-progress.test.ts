// The progress line of a run.
import { describe, expect, it } from "vitest";
import { progressOf, viewCount } from "../../../../src-renderer/state/run-progress.ts";
import type { RunEvent } from "../../../../src-shared/contract/run-events.ts";
import { runConfigFormSchema } from "../../../../src-shared/contract/workbench/runs.ts";

const config = runConfigFormSchema.parse({});

function progressAfter(lastEvent: RunEvent | null) {
  return progressOf({ config, method: "adapt", status: "running", lastEvent });
}

describe("the progress of a run", () => {
  it("has two views for every scale", () => {
    expect(viewCount(config)).toBe(6);
  });

  it("never goes back", () => {
    const events: RunEvent[] = [
      ...Array.from({ length: 6 }, (_, index) => ({
        type: "viewFinished" as const,
        index,
        count: 6,
        scale: 0.5,
        flipped: false,
        gray: false,
        elapsedMs: 1,
      })),
      { type: "pseudoLabelFinished", keptPixels: 1, pixels: 2, perClass: [], agreement: 1 },
      ...Array.from({ length: 10 }, (_, index) => ({
        type: "iterationFinished" as const,
        iteration: index + 1,
        iterations: 10,
        loss: 1,
        elapsedMs: 1,
      })),
    ];
    const fractions = events.map((event) => progressAfter(event).fraction ?? 0);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBeLessThanOrEqual(1);
  });

  it("is not known before the first event, and says what is waited for", () => {
    expect(progressAfter(null)).toEqual({ label: "Starting", fraction: null });
    expect(progressOf({ config, method: "adapt", status: "queued", lastEvent: null }).label).toBe("Waiting");
  });
});
