// Auto-tuning through the real engine process: its ranking, stopped and gone on with, and what a single run says of its winner.
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Jobs, openJobs } from "../../src-main/jobs/open-jobs.ts";
import { forkEngines } from "../../src-main/jobs/start-engines.ts";
import { Tunings } from "../../src-main/server/services/tuning-service.ts";
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import type { TuningId } from "../../src-shared/contract/workbench/ids.ts";
import { startTuningSchema, type Tuning } from "../../src-shared/contract/workbench/tunings.ts";
import { openPreflight } from "../helpers/open-preflight.ts";
import { openRunWorkspace, type RunWorkspaceFixture } from "../helpers/run-workspace.ts";

let fixture: RunWorkspaceFixture;
let jobs: Jobs;
let tunings: Tunings;
/** Called with every event. */
let hear: (event: WorkbenchEvent) => void = () => undefined;

beforeAll(async () => {
  fixture = await openRunWorkspace();
  const publish = (event: WorkbenchEvent): void => hear(event);
  const parts = { workspace: fixture.workspace, publish, now: () => Date.now() };
  jobs = openJobs({ ...parts, start: forkEngines() });
  const { preflight } = openPreflight({ ...parts, jobs });
  tunings = new Tunings({ ...parts, jobs, preflight });
});
afterAll(async () => {
  jobs.close();
  await fixture.close();
});

function request(plan: object) {
  return startTuningSchema.parse({
    imageIds: fixture.images.slice(0, 2),
    checkpointId: fixture.checkpoint.id,
    machine: { provider: "cpu", threads: 1 },
    name: "two images",
    plan: {
      start: { numEpochs: 2, threshold: 0, scales: [0.5] },
      grid: { alpha: [0.5], baseLr: [0.01], numEpochs: [1, 2] },
      criterion: "informationMaximization",
      ...plan,
    },
  });
}

const of = (id: TuningId): Tuning => fixture.workspace.tunings.get(id);

/** Resolves with the tuning once it is so. */
function until(id: TuningId, isSo: (tuning: Tuning) => boolean): Promise<Tuning> {
  return new Promise((resolve) => {
    hear = (event) => {
      if (event.type === "tuningChanged" && event.tuning.id === id && isSo(event.tuning)) resolve(event.tuning);
    };
    if (isSo(of(id))) resolve(of(id));
  });
}

it("ranks settings and iterations over all images, stopped and gone on with as in one go", async () => {
  const whole = await tunings.start(request({}));
  const finished = await until(whole.id, ({ status }) => status !== "queued" && status !== "running");
  expect(finished).toMatchObject({ status: "finished", error: null });
  const ranking = finished.result?.ranking ?? [];
  expect(finished.result?.done).toBe(finished.result?.planned);
  expect(finished.result?.done).toBeGreaterThanOrEqual(6);
  expect(new Set(ranking.map(({ parameters }) => parameters.numEpochs))).toEqual(new Set([0, 1, 2]));
  expect(finished.result?.unadapted?.parameters).toMatchObject({ alpha: null, numEpochs: 0 });
  const values = ranking.filter(({ collapsed }) => collapsed === 0).map(({ value }) => value ?? Number.NaN);
  expect(values).toEqual(values.toSorted((a, b) => a - b));
  expect(ranking.every(({ miou }) => miou !== null)).toBe(true);

  const stopped = await tunings.start(request({}));
  await until(stopped.id, ({ result }) => (result?.done ?? 0) >= 3);
  await tunings.cancel(stopped.id);
  const early = await until(stopped.id, ({ status }) => status === "cancelled");
  expect(early.result?.done).toBeLessThan(finished.result?.done ?? 0);
  await tunings.resume(stopped.id);
  const again = await until(stopped.id, ({ status }) => status === "running" || status === "finished");
  expect(again.doneBefore).toBe(early.result?.done);
  const gone = await until(stopped.id, ({ status }) => status === "finished");
  expect(gone.result).toEqual(finished.result);
});

it("tells agreement of views where it was asked for, the command that searches the same, and goes on with nothing that has finished", async () => {
  const done = await tunings.start(request({ maxSettings: 1, criterion: "viewAgreement" }));
  const finished = await until(done.id, ({ status }) => status === "finished");
  expect(finished.result?.ranking[0]?.figures.viewAgreement).not.toBeNull();
  expect(await tunings.command(done.id)).toMatch(
    /^acclimate tune .* --only images\/0.png images\/1.png .*--criterion view-agreement /,
  );
  await expect(tunings.resume(done.id)).rejects.toMatchObject({ code: "input.option" });
  await tunings.remove(done.id);
  expect(await tunings.list()).not.toContainEqual(expect.objectContaining({ id: done.id }));
});
