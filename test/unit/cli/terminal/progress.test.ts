// The lines of progress: what an earlier start had done makes the time left no shorter.
import { expect, it } from "vitest";
import { EvaluationProgress } from "../../../../src-main/cli/terminal/evaluation-progress.ts";
import { TuningProgress } from "../../../../src-main/cli/terminal/tuning-progress.ts";
import { type TuningResult, tunedParametersSchema } from "../../../../src-shared/contract/tuning.ts";

it("an evaluation that goes on tells its time left by the images of this start", () => {
  let now = 0;
  const progress = new EvaluationProgress(() => now);
  const evaluated = (done: number) =>
    progress.hear({ type: "imageEvaluated", key: "a.png", done, images: 100, miou: null });
  now = 5000;
  evaluated(91);
  expect(progress.line).not.toContain("left");
  now = 15_000;
  evaluated(92);
  expect(progress.line).toContain("about 1 min 20 s left");
});

it("a tuning that goes on tells its time left by the runs of this start", () => {
  let now = 0;
  const start = tunedParametersSchema.parse({});
  const progress = new TuningProgress(start, () => now);
  const result = (done: number): TuningResult => ({
    ...{ done, planned: 20, failed: 0, problem: null, unadapted: null, ranking: [] },
  });
  expect(progress.resumed).toBeNull();
  now = 10_000;
  progress.hear(result(16));
  expect(progress.resumed).toBe(15);
  expect(progress.line).toContain("16 of about 20 runs  about 40.0 s left");
});
