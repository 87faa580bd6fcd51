// Checkpoints of the workbench: opened, opened again, refused with a reason, and the built-in one.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeSafetensors } from "../../../../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import { storeRecommended } from "../../../../src-main/engine/models/store-recommended.ts";
import { inspectCheckpoint } from "../../../../src-main/engine/process/handlers/inspect-checkpoint.ts";
import { PauseSwitch } from "../../../../src-main/engine/training/pause-switch.ts";
import type { EngineProcess } from "../../../../src-main/jobs/engine-process.ts";
import { Checkpoints } from "../../../../src-main/server/services/checkpoint-service.ts";
import { openWorkspace, type Workspace } from "../../../../src-main/workspace/open-workspace.ts";
import { PUBLISHED_PARAMETERS } from "../../../../src-shared/contract/recommended-parameters.ts";
import type { WorkbenchEvent } from "../../../../src-shared/contract/workbench/events.ts";
import { tinyStateDict, writeTinyCheckpoint } from "../../../helpers/tiny-checkpoint.ts";

let folder: string;
let workspace: Workspace;
let checkpoints: Checkpoints;
let events: WorkbenchEvent[];
let reads = 0;

/** The background process's own handler, without the process. */
const request = ((_: string, input: { path: string }) => {
  reads += 1;
  return inspectCheckpoint(input, {
    signal: new AbortController().signal,
    pause: new PauseSwitch(),
    isAlone: () => true,
    tell: () => undefined,
  });
}) as unknown as EngineProcess["request"];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "acclimate-checkpoints-"));
  workspace = await openWorkspace(join(folder, "workspace"));
  events = [];
  reads = 0;
  await writeTinyCheckpoint(join(folder, "model.safetensors"));
  checkpoints = new Checkpoints({
    checkpoints: workspace.checkpoints,
    background: { request },
    publish: (event) => events.push(event),
    samplePath: join(folder, "model.safetensors"),
  });
});
afterEach(async () => {
  workspace.close();
  await rm(folder, { recursive: true, force: true });
});

describe("opening a checkpoint", () => {
  it("says what is in it, and that it can be run", async () => {
    const opened = await checkpoints.open(join(folder, "model.safetensors"));
    expect(opened).toMatchObject({ name: "model.safetensors", arch: "deeplab", backbone: "resnet18", numClasses: 19 });
    expect(opened).toMatchObject({ alpha: 0.1, problem: null, isAvailable: true, isSample: false });
    const keys = await checkpoints.keys(opened.id);
    expect(new Set(keys.map(({ fit }) => fit))).toEqual(new Set(["matched"]));
    expect(await checkpoints.list()).toEqual([opened]);
    expect(events).toEqual([{ type: "checkpointChanged", checkpoint: opened }]);
  });

  it("again keeps its id", async () => {
    const first = await checkpoints.open(join(folder, "model.safetensors"));
    const second = await checkpoints.open(join(folder, ".", "model.safetensors"));
    expect(second.id).toBe(first.id);
    expect(await checkpoints.list()).toHaveLength(1);
  });

  it("explains what does not fit, key by key and in one sentence", async () => {
    const stateDict = new Map(tinyStateDict());
    stateDict.delete("cls_head.bias");
    stateDict.set("backbone.extra", { dtype: "float32", shape: [1], data: new Float32Array(1) });
    const key = "backbone.layer1.0.conv1.weight";
    stateDict.set(key, { dtype: "float32", shape: [2], data: new Float32Array(2) });
    const path = join(folder, "broken.safetensors");
    await writeSafetensors(path, stateDict, {});
    const opened = await checkpoints.open(path);
    expect(opened.problem).toEqual({
      code: "checkpoint.mismatch",
      message: `"${path}": 3 keys do not fit deeplab with resnet18.`,
    });
    const rows = (await checkpoints.keys(opened.id)).filter(({ fit }) => fit !== "matched");
    expect(rows).toEqual(
      expect.arrayContaining([
        { key: "cls_head.bias", dtype: "", shape: [], fit: "missing", expectedShape: [19], noNumbers: 0 },
        { key: "backbone.extra", dtype: "float32", shape: [1], fit: "unexpected", expectedShape: null, noNumbers: 0 },
        { key, dtype: "float32", shape: [2], fit: "wrongShape", expectedShape: [8, 8, 3, 3], noNumbers: 0 },
      ]),
    );
    expect(rows).toHaveLength(3);
  });

  it("lists keys of no known model, with the reason", async () => {
    const path = join(folder, "other.safetensors");
    const tensor = { dtype: "float32", shape: [1], data: new Float32Array(1) } as const;
    await writeSafetensors(path, new Map([["encoder.weight", tensor]]), {});
    const opened = await checkpoints.open(path);
    expect(opened).toMatchObject({ arch: null, numClasses: null, problem: { code: "checkpoint.architecture" } });
    expect(await checkpoints.keys(opened.id)).toMatchObject([{ key: "encoder.weight", fit: "other" }]);
  });

  it("says that it holds values that are no numbers, and where", async () => {
    const stateDict = new Map(tinyStateDict());
    const data = new Float32Array(19);
    data[3] = Number.NaN;
    stateDict.set("cls_head.bias", { dtype: "float32", shape: [19], data });
    const path = join(folder, "nan.safetensors");
    await writeSafetensors(path, stateDict, {});
    const opened = await checkpoints.open(path);
    expect(opened.problem).toMatchObject({
      code: "checkpoint.values",
      message: expect.stringContaining('"cls_head.bias" (1)'),
    });
    const broken = (await checkpoints.keys(opened.id)).filter(({ noNumbers }) => noNumbers > 0);
    expect(broken).toMatchObject([{ key: "cls_head.bias", fit: "matched", noNumbers: 1 }]);
  });

  it("of a number of classes without names can be run, too", async () => {
    const path = join(folder, "seven.safetensors");
    await writeTinyCheckpoint(path, 7);
    expect(await checkpoints.open(path)).toMatchObject({ numClasses: 7, problem: null });
  });

  it("that is none is refused, and nothing is remembered", async () => {
    await writeFile(join(folder, "page.pth"), "<!doctype html>");
    await expect(checkpoints.open(join(folder, "page.pth"))).rejects.toMatchObject({ code: "checkpoint.format" });
    expect(await checkpoints.list()).toEqual([]);
  });
});

it("a file that has gone is shown as such, and comes back with it", async () => {
  const path = join(folder, "model.safetensors");
  await checkpoints.open(path);
  await rm(path);
  expect(await checkpoints.list()).toMatchObject([{ isAvailable: false }]);
  await writeTinyCheckpoint(path);
  expect(await checkpoints.list()).toMatchObject([{ isAvailable: true }]);
});

it("the built-in one is read once, and stays the built-in one", async () => {
  const first = await checkpoints.openSampleCheckpoint();
  expect(first).toMatchObject({ isSample: true, name: "Sample: trained on clear days" });
  expect(await checkpoints.openSampleCheckpoint()).toEqual(first);
  expect(reads).toBe(1);
  expect((await checkpoints.open(join(folder, "model.safetensors"))).isSample).toBe(true);
});

it("the built-in one of another version is read again, with what it recommends", async () => {
  const path = join(folder, "model.safetensors");
  const first = await checkpoints.openSampleCheckpoint();
  expect(first.recommended).toBeNull();
  const parameters = { ...PUBLISHED_PARAMETERS, baseLr: 0.01 };
  const recommended = { method: "self-adaptation", parameters, foundOn: "Here." } as const;
  await storeRecommended(path, path, recommended, null);
  expect(await checkpoints.openSampleCheckpoint()).toMatchObject({ id: first.id, isSample: true, recommended });
  await rm(path);
  expect(await checkpoints.openSampleCheckpoint()).toMatchObject({ id: first.id, recommended });
});
