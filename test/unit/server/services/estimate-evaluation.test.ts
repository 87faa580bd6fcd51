// What an evaluation will take: as many images as its split has, the first one with the laying out of its graphs.
import { afterEach, beforeEach, expect, test } from "vitest";
import { RunEstimator } from "../../../../src-main/server/services/estimate-run.ts";
import type { RunWork } from "../../../../src-shared/contract/engine-protocol.ts";
import { startEvaluationSchema } from "../../../../src-shared/contract/workbench/evaluations.ts";
import type { ImageId } from "../../../../src-shared/contract/workbench/ids.ts";
import { openRunWorkspace, type RunWorkspaceFixture } from "../../../helpers/run-workspace.ts";

const part = { gflop: 10, movedBytes: 0, heldBytes: 1e6 };
const WORK: RunWork = {
  prediction: part,
  views: [],
  iteration: part,
  weightBytes: 1e6,
  scoreBytes: 3e6,
  heldScoreBytes: 3e6,
};

let fixture: RunWorkspaceFixture;
beforeEach(async () => {
  fixture = await openRunWorkspace(3);
});
afterEach(() => fixture.close());

function estimateOf(config: object, split: string | null = null) {
  const { workspace, images, checkpoint } = fixture;
  const answers = {
    measureWork: WORK,
    measureSpeed: { gigaflopsPerSecond: 100 },
    thumbnail: { bytes: new Uint8Array(), size: { width: 64, height: 48 } },
  };
  const request = async (command: keyof typeof answers) => answers[command];
  const jobs = { engine: { memoryBytes: 0 }, background: { request }, queue: { lastRun: undefined } };
  const estimator = new RunEstimator({ workspace, jobs: jobs as never }); // as much of them as an estimate asks
  const { datasetId } = workspace.datasets.image(images[0] as ImageId);
  const asked = startEvaluationSchema.parse({ datasetId, split, checkpointId: checkpoint.id, config });
  return estimator.estimateEvaluation(asked);
}

test("grows with the images, and with the passes of MC dropout", async () => {
  const predicted = await estimateOf({ method: "predict" });
  expect(predicted).toMatchObject({ images: 3, basis: "calculated" });
  // 10 GFLOP at 100 a second, at least: three images, and the first one laid out.
  expect(predicted?.milliseconds).toBeGreaterThan(400);
  expect(predicted?.milliseconds).toBeLessThan(600);
  const dropout = await estimateOf({ method: "mc-dropout", passes: 10 });
  expect(dropout?.milliseconds).toBeGreaterThan(7 * (predicted?.milliseconds ?? 0));
  const adapted = await estimateOf({ method: "adapt", numEpochs: 5 });
  expect(adapted?.peakBytes).toBeGreaterThan(predicted?.peakBytes ?? 0);
});

test("is none where the split has no images", async () => {
  expect(await estimateOf({ method: "predict" }, "elsewhere")).toBeNull();
});
