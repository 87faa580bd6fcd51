// How an unfinished run is told of: what happened, then what is left of it, each once.
import { describe, expect, it } from "vitest";
import { interruptionOf } from "../../../../src-main/workspace/interruption-of.ts";
import { runEnd } from "../../../../src-renderer/features/adapt/run-end.ts";
import type { KeptIteration } from "../../../../src-shared/contract/workbench/runs.ts";

const kept = (iteration: number): KeptIteration => ({
  iteration,
  scores: null,
  meanConfidence: 0.5,
  meanEntropy: 0.5,
  figures: null,
});

describe("the end of a run", () => {
  it("says what happened and what is left, without saying anything twice", () => {
    const error = interruptionOf("run").during;
    const end = runEnd({ status: "interrupted", error, kept: [kept(0), kept(5), kept(7)] });
    expect(end).toEqual({
      level: "warning",
      text: "Acclimate ended in the middle of this run. What it had up to iteration 7 is kept.",
    });
    const sentences = end?.text.split(/(?<=\.) /) ?? [];
    expect(new Set(sentences).size).toBe(sentences.length);
    expect(end?.text.match(/kept/g)).toHaveLength(1);
  });

  it("promises nothing of a run that had nothing", () => {
    expect(runEnd({ status: "cancelled", error: null, kept: [] })).toEqual({ level: "info", text: "Cancelled." });
    expect(runEnd({ status: "failed", error: null, kept: [kept(0)] })?.text).toBe(
      "The run failed. The unadapted prediction is kept.",
    );
  });

  it("is none of a run that is not over, or came to its end", () => {
    for (const status of ["queued", "running", "finished"] as const) {
      expect(runEnd({ status, error: null, kept: [] })).toBeNull();
    }
  });
});
