// What the events of the server do to the query cache.
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";
import {
  applyEvent,
  isAskedFor,
  runAfterKept,
  runAfterProgress,
  runListAfter,
  staleAfter,
  withEntity,
} from "../../../../src-renderer/state/event-to-cache.ts";
import { queries } from "../../../../src-renderer/state/queries.ts";
import type { Checkpoint } from "../../../../src-shared/contract/workbench/checkpoints.ts";
import type { WorkbenchEvent } from "../../../../src-shared/contract/workbench/events.ts";
import { type Run, runConfigFormSchema, runSchema } from "../../../../src-shared/contract/workbench/runs.ts";
import { aCheckpoint } from "../../../helpers/workbench-entities.ts";

function someRun(id: string, more: Partial<Run> = {}): Run {
  return {
    ...runSchema.parse({
      id,
      groupId: null,
      status: "running",
      method: "adapt",
      config: runConfigFormSchema.parse({}),
      image: { id: "image0001", datasetId: "dataset1", key: "fog/000.png" },
      checkpoint: { id: "checkpoint1", name: "sample", numClasses: 19 },
      createdAt: 1,
      startedAt: 2,
      endedAt: null,
      error: null,
      miouBefore: null,
      miouAfter: null,
      lastLoss: null,
      notes: "",
      machine: {},
      size: null,
      losses: [],
      kept: [],
      views: [],
      pseudoLabel: null,
      lastEvent: null,
      provenance: null,
    }),
    ...more,
  };
}

const run = someRun("run00001");
const iteration = (number: number, loss: number) => ({
  type: "iterationFinished" as const,
  iteration: number,
  iterations: 10,
  loss,
  elapsedMs: 1,
});
const kept = (number: number) => ({
  iteration: number,
  scores: null,
  meanConfidence: 0.5,
  meanEntropy: 0.5,
  figures: null,
});

describe("a list of runs", () => {
  it("gets a new run on top, once", () => {
    const list = runListAfter({ total: 1, runs: [someRun("run00000")], cells: [[0.5]] }, {}, run);
    expect(list.runs.map(({ id }) => id)).toEqual(["run00001", "run00000"]);
    expect(list.cells).toEqual([[], [0.5]]);
    expect(runListAfter(list, {}, run)).toEqual(list);
  });

  it("loses a run that no longer is what was asked for", () => {
    const query = { statuses: ["running" as const] };
    const list = { total: 1, runs: [run], cells: [[]] };
    expect(runListAfter(list, query, { ...run, status: "finished" })).toEqual({ total: 0, runs: [], cells: [] });
  });

  it("is left alone by runs of other images, checkpoints and groups", () => {
    expect(isAskedFor(run, { imageId: run.image.id, checkpointId: run.checkpoint.id })).toBe(true);
    expect(isAskedFor({ ...run, image: { ...run.image, id: someRun("x2345678").image.id } }, {})).toBe(true);
    const list = { total: 0, runs: [], cells: [] };
    const other = { datasetId: null, imageId: "image0002" as typeof run.image.id };
    expect(runListAfter(list, other, run)).toBe(list);
  });

  it("does not guess where a new run lies in a later page", () => {
    const list = { total: 200, runs: [], cells: [] };
    expect(runListAfter(list, { offset: 100 }, run)).toBe(list);
    for (const query of [
      { sort: { by: "miou" as const, descending: true } },
      { groupBy: "image" as const },
      { text: "fog" },
      { where: [{ column: "miou" as const, from: 0, to: 1 }] },
    ]) {
      expect(runListAfter(list, query, run)).toBe(list);
    }
  });
});

describe("a run", () => {
  it("takes in losses in any order and twice without counting twice", () => {
    const after = [iteration(2, 0.5), iteration(1, 0.9), iteration(2, 0.5)].reduce(runAfterProgress, run);
    expect(after.losses).toEqual([0.9, 0.5]);
    expect(after.lastEvent).toEqual(iteration(2, 0.5));
  });

  it("lists each finished view once", () => {
    const view = {
      type: "viewFinished" as const,
      index: 0,
      count: 6,
      scale: 0.5,
      flipped: false,
      gray: false,
      elapsedMs: 1,
    };
    const after = [view, view].reduce(runAfterProgress, run);
    expect(after.views).toEqual([{ index: 0, scale: 0.5, flipped: false, gray: false }]);
  });

  it("keeps its iterations in order, each once", () => {
    const after = [3, 0, 1, 3].map(kept).reduce(runAfterKept, run);
    expect(after.kept.map((entry) => entry.iteration)).toEqual([0, 1, 3]);
  });
});

describe("the cache", () => {
  it("shows a changed run in every list and as itself, and keeps what only the whole run has", () => {
    const cache = new QueryClient();
    cache.setQueryData(queries.runs({}).queryKey, { total: 1, runs: [run], cells: [[]] });
    cache.setQueryData(queries.run(run.id).queryKey, { ...run, losses: [0.9] });
    const { losses: _, ...summary } = { ...run, status: "finished" as const };
    applyEvent(cache, { type: "runChanged", run: summary });
    expect(cache.getQueryData(queries.runs({}).queryKey)?.runs[0]?.status).toBe("finished");
    expect(cache.getQueryData(queries.run(run.id).queryKey)).toMatchObject({ status: "finished", losses: [0.9] });
  });

  it("does not invent runs that nobody asked for", () => {
    const cache = new QueryClient();
    applyEvent(cache, { type: "runProgressed", runId: run.id, event: iteration(1, 0.9) });
    applyEvent(cache, { type: "iterationKept", runId: run.id, kept: kept(0) });
    expect(cache.getQueryData(queries.run(run.id).queryKey)).toBeUndefined();
  });

  it("forgets a removed run everywhere", () => {
    const cache = new QueryClient();
    cache.setQueryData(queries.runs({}).queryKey, { total: 1, runs: [run], cells: [[]] });
    cache.setQueryData(queries.run(run.id).queryKey, run);
    applyEvent(cache, { type: "runRemoved", runId: run.id });
    expect(cache.getQueryData(queries.runs({}).queryKey)).toEqual({ total: 0, runs: [], cells: [] });
    expect(cache.getQueryData(queries.run(run.id).queryKey)).toBeUndefined();
  });

  it("shows the engine's state", () => {
    const cache = new QueryClient();
    const info = {
      version: "1",
      platform: "linux",
      cores: 2,
      memoryBytes: 1,
      workspacePath: "/w",
      engine: { status: "ready" as const },
      notices: [],
    };
    cache.setQueryData(queries.system().queryKey, info);
    applyEvent(cache, { type: "engineChanged", engine: { status: "failed", message: "It ended." } });
    expect(cache.getQueryData(queries.system().queryKey)?.engine).toEqual({ status: "failed", message: "It ended." });
  });

  it("replaces an entity in its place and adds a new one at the end", () => {
    const list = [
      { id: "a", value: 1 },
      { id: "b", value: 2 },
    ];
    expect(withEntity(list, { id: "a", value: 3 })).toEqual([
      { id: "a", value: 3 },
      { id: "b", value: 2 },
    ]);
    expect(withEntity(list, { id: "c", value: 4 })).toHaveLength(3);
  });
});

describe("what is fetched anew", () => {
  it("is the grid, comparisons and estimates after a run has ended, and only lists before", () => {
    const running: WorkbenchEvent = { type: "runChanged", run };
    const finished: WorkbenchEvent = { type: "runChanged", run: { ...run, status: "finished" } };
    expect(staleAfter(running)).toEqual([["groups"], ["runs"]]);
    expect(staleAfter(finished)).toContainEqual(["images", "dataset1"]);
    expect(staleAfter(finished)).toContainEqual(["comparison"]);
  });

  it("is nothing while a run goes on: its events carry all there is to show", () => {
    expect(staleAfter({ type: "runProgressed", runId: run.id, event: iteration(1, 0.9) })).toEqual([]);
    expect(staleAfter({ type: "iterationKept", runId: run.id, kept: kept(0) })).toEqual([]);
  });
});

it("asks once more for a list whose first answer was under way when an event came, since that may be older", async () => {
  const cache = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  const checkpoint = aCheckpoint();
  const answers = [Promise.withResolvers<Checkpoint[]>(), Promise.withResolvers<Checkpoint[]>()];
  let asked = 0;
  const observer = new QueryObserver(cache, {
    queryKey: ["checkpoints"],
    queryFn: () => answers[asked++]?.promise ?? Promise.reject(new Error("asked too often")),
  });
  const stop = observer.subscribe(() => {});
  applyEvent(cache, { type: "checkpointChanged", checkpoint });
  answers[0]?.resolve([]);
  answers[1]?.resolve([checkpoint]);
  await vi.waitFor(() => expect(cache.getQueryData(["checkpoints"])).toEqual([checkpoint]));
  expect(asked).toBe(2);
  stop();
});
