// Runs through the real engine process on a tiny checkpoint: what is told and kept, cancelled, killed, and run again.
import { spawnSync } from "node:child_process";
import { readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import type { Child } from "../../src-main/jobs/child.ts";
import { type Jobs, openJobs } from "../../src-main/jobs/open-jobs.ts";
import { forkEngines } from "../../src-main/jobs/start-engines.ts";
import { Checkpoints } from "../../src-main/server/services/checkpoint-service.ts";
import { Runs } from "../../src-main/server/services/run-service.ts";
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import type { ImageId, RunId } from "../../src-shared/contract/workbench/ids.ts";
import { runQuerySchema } from "../../src-shared/contract/workbench/run-query.ts";
import {
  machineSchema,
  ownParameter,
  PLANES,
  type Run,
  type RunConfigForm,
  runConfigFormSchema,
} from "../../src-shared/contract/workbench/runs.ts";
import { openPreflight } from "../helpers/open-preflight.ts";
import { ROOT } from "../helpers/run-cli.ts";
import { openRunWorkspace, type RunWorkspaceFixture } from "../helpers/run-workspace.ts";
import { until } from "../helpers/until.ts";

let fixture: RunWorkspaceFixture;
let jobs: Jobs;
let runs: Runs;
let events: WorkbenchEvent[] = [];
/** The engine process, as it was started last. */
let child: Child | undefined;

beforeAll(async () => {
  fixture = await openRunWorkspace();
  const forked = forkEngines();
  const start = {
    ...forked,
    engine: () => {
      child = forked.engine();
      return child;
    },
  };
  const publish = (event: WorkbenchEvent): void => {
    events.push(event);
  };
  const now = (): number => Date.now();
  const { workspace } = fixture;
  jobs = openJobs({ workspace, publish, now, start });
  const { estimator, preflight } = openPreflight({ workspace, jobs });
  runs = new Runs({ workspace, jobs, publish, now, estimator, preflight });
  // With its keys, which the estimate counts.
  const checkpoints = new Checkpoints({ checkpoints: workspace.checkpoints, background: jobs.background, publish });
  await checkpoints.open(fixture.checkpoint.path);
});
afterAll(async () => {
  jobs.close();
  await fixture.close();
});
beforeEach(() => {
  events = [];
});

const SMALL = { numEpochs: 3, threshold: 0.5, scales: [0.5, 1] };

function request(config: Partial<RunConfigForm>, image = 0) {
  return {
    imageId: fixture.images[image] as ImageId,
    checkpointId: fixture.checkpoint.id,
    config: runConfigFormSchema.parse({ ...SMALL, ...config }),
    machine: machineSchema.parse({}),
  };
}

async function ended(id: RunId): Promise<Run> {
  await until(() => fixture.workspace.runs.summary(id).endedAt !== null);
  return runs.get(id);
}

async function ran(config: Partial<RunConfigForm>, image = 0): Promise<Run> {
  return ended((await runs.start(request(config, image))).id);
}

/** What happened, a word each. */
const told = (): string[] =>
  events.flatMap((event) => {
    if (event.type === "runProgressed") return [event.event.type];
    if (event.type === "iterationKept") return [`kept ${event.kept.iteration}`];
    return event.type === "runChanged" ? [event.run.status] : [];
  });

async function planeOf(id: RunId, iteration: number, plane: (typeof PLANES)[number]): Promise<Buffer> {
  return gunzipSync(await readFile(fixture.workspace.artifacts.planePath(id, iteration, plane)));
}

describe("an adaptation", () => {
  it("tells and keeps everything in order, the unadapted prediction first", async () => {
    const run = await ran({});
    expect(run.status).toBe("finished");
    const view = "viewFinished";
    const step = (iteration: number): string[] => ["iterationFinished", `kept ${iteration}`];
    expect(told()).toEqual([
      ...["queued", "running", "running", "kept 0"],
      // Two references: the checkpoint as stored, and with alpha 0.
      ...["running", "running", view, view, view, view, "pseudoLabelFinished"],
      ...step(1),
      ...step(2),
      ...["iterationFinished", "predictionFinished", "kept 3", "finished"],
    ]);
    expect(run).toMatchObject({
      size: { width: 64, height: 48 },
      provenance: { runtime: "onnx", provider: "cpu", checkpointSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(run.losses).toHaveLength(3);
    expect(run.kept.map(({ iteration, scores }) => [iteration, scores === null])).toEqual([
      [0, false],
      [1, false],
      [2, false],
      [3, false],
    ]);
    for (const plane of PLANES) {
      expect((await planeOf(run.id, 2, plane)).length).toBe(64 * 48 * (plane === "candidates" ? 4 : 1));
    }
    const pseudoLabel = gunzipSync(await readFile(fixture.workspace.artifacts.pseudoLabelPath(run.id)));
    expect(pseudoLabel.filter((id) => id !== 255)).toHaveLength(run.pseudoLabel?.keptPixels ?? -1);
  });

  it("finds its model laid out the second time, and comes to the same numbers", async () => {
    const [first, second] = [await ran({}), await ran({})];
    expect(second.losses).toEqual(first.losses);
    expect(await planeOf(second.id, 3, "labels")).toEqual(await planeOf(first.id, 3, "labels"));
    const [newest] = fixture.workspace.runs.costsOf(fixture.checkpoint.id, 1);
    expect(newest?.cost.loadMs).toBe(0);
    expect(await runs.estimate(request({}))).toMatchObject({ basis: "measured" });
  });

  it("gives the labels that its command line gives", async () => {
    const run = await ran({ keepEvery: 3, alpha: 0.3 });
    expect(run.kept.map(({ iteration }) => iteration)).toEqual([0, 3]);
    const output = join(fixture.folder, "cli");
    const line = (await runs.command(run.id)).replace("acclimate", `"$NODE" --no-warnings "$MAIN"`);
    const env = { ...process.env, NODE: process.execPath, MAIN: join(ROOT, "src-main/cli/main.ts"), OUTPUT: output };
    const { status, stderr } = spawnSync("sh", ["-c", `${line} --output "$OUTPUT" --json`], { env });
    expect([status, stderr.toString()]).toEqual([0, ""]);
    const written = await decodeLabelMap(join(output, "0_trainIds.png"));
    expect(Buffer.from(written.data)).toEqual(await planeOf(run.id, 3, "labels"));
  });
});

it("a run can be cancelled while its model is loaded, and the next one runs", async () => {
  child?.kill(); // so that nothing is laid out
  await until(() => jobs.engine.state.status !== "ready");
  const { id } = await runs.start(request({}));
  await until(() => fixture.workspace.runs.summary(id).status !== "queued");
  await runs.cancel(id);
  expect((await ended(id)).status).toBe("cancelled");
  expect((await ran({ numEpochs: 1 })).status).toBe("finished");
});

it("a run is cancelled between its iterations, and keeps those that are finished", async () => {
  const { id } = await runs.start(request({ numEpochs: 500 }));
  await until(() => told().includes("kept 2"));
  await runs.cancel(id);
  const run = await ended(id);
  expect(run.status).toBe("cancelled");
  expect(run.losses.length).toBeLessThan(500);
  expect(await planeOf(id, 2, "labels")).toHaveLength(64 * 48);
  expect(told().filter((word) => word === "cancelled")).toHaveLength(1);
});

it("an engine that is killed interrupts its run, what was finished stays, and the next run starts it again", async () => {
  const { id } = await runs.start(request({ numEpochs: 500 }));
  await until(() => told().includes("kept 1"));
  child?.kill();
  const run = await ended(id);
  expect(run).toMatchObject({
    status: "interrupted",
    error: { code: "engine.ended", message: expect.stringMatching(/^The engine stopped in the middle: .*\.$/) },
  });
  expect(run.kept.length).toBeGreaterThanOrEqual(2);
  expect(await planeOf(id, 1, "confidence")).toHaveLength(64 * 48);
  const states = events.flatMap((event) => (event.type === "engineChanged" ? [event.engine.status] : []));
  expect(states).toEqual(["stopped"]);
  expect((await ran({ numEpochs: 1 })).status).toBe("finished");
});

it("a sweep is a run for every place of its grid but for the iterations, which are read off it, and is cancelled as a whole", async () => {
  const grid = { baseLr: [0.01, 0.05], numEpochs: [4, 2, 6], threshold: [0.5, 0.5], flips: [true, false] };
  const group = await runs.startSweep({ ...request({}), grid });
  expect(group).toMatchObject({ kind: "sweep", grid });
  const { runs: own } = await runs.list(runQuerySchema.parse({ groupId: group.id }));
  const varied = ["baseLr", "flips", "numEpochs", "keepEvery"] as const;
  expect(own.map(({ config }) => varied.map((name) => ownParameter(config, name))).reverse()).toEqual([
    [0.01, false, 6, 1],
    [0.01, true, 6, 1],
    [0.05, false, 6, 1],
    [0.05, true, 6, 1],
  ]);
  await runs.cancelGroup(group.id);
  for (const { id } of own) await ended(id);
  expect((await runs.groups())[0]?.counts).toMatchObject({ queued: 0, running: 0 });
});

it("a batch goes over its images, keeps first and last, and a damaged image stops only itself", async () => {
  await truncate(fixture.imagePath(1), 200);
  const { imageId: _, ...rest } = request({ numEpochs: 2 });
  const group = await runs.startBatch({ ...rest, imageIds: [...fixture.images], name: "all" });
  const { runs: own } = await runs.list(runQuerySchema.parse({ groupId: group.id }));
  const ends = await Promise.all(own.reverse().map(({ id }) => ended(id)));
  expect(ends.map(({ status }) => status)).toEqual(["finished", "failed", "finished"]);
  expect(ends[1]?.error).toMatchObject({ code: "image.damaged", message: expect.stringContaining("1.png") });
  expect(ends[0]?.kept.map(({ iteration }) => iteration)).toEqual([0, 2]);
});

it("an image that has gone is refused in one sentence, and a removed run leaves nothing", async () => {
  const run = await ran({ method: "predict" });
  await runs.remove(run.id);
  await expect(runs.get(run.id)).rejects.toMatchObject({ code: "workspace.unknown" });
  await expect(readFile(fixture.workspace.artifacts.planePath(run.id, 0, "labels"))).rejects.toThrow("ENOENT");
  await rm(fixture.imagePath(2));
  await expect(runs.start(request({}, 2))).rejects.toMatchObject({
    code: "input.missing",
    message: expect.stringContaining("is not there any more"),
  });
});
