// The queue as windows get it: order, what each is, the time it still takes; cancelled and moved by its items.
import { describe, expect, it } from "vitest";
import type { QueueState } from "../../../../src-main/jobs/job-queue.ts";
import { JobList, type JobListParts } from "../../../../src-main/server/services/job-list.ts";
import type { GroupId, RunId } from "../../../../src-shared/contract/workbench/ids.ts";
import { queueSchema } from "../../../../src-shared/contract/workbench/queue.ts";
import { type RunGroup, runGroupSchema } from "../../../../src-shared/contract/workbench/runs.ts";
import { anEvaluation, aRun, aTraining } from "../../../helpers/workbench-entities.ts";

const GROUP = "groupgroup" as GroupId;
const running = aRun({ groupId: GROUP, status: "running", startedAt: 1000 });
const [second, third, alone] = [aRun({ groupId: GROUP }), aRun({ groupId: GROUP }), aRun()];
const evaluation = anEvaluation({ done: 10, images: 40 });
const training = aTraining({ leftMs: 60_000, isPaused: true });
const group: RunGroup = runGroupSchema.parse({
  id: GROUP,
  kind: "batch",
  name: "night",
  createdAt: 1,
  checkpoint: { id: "checkpoint1", name: "one.pth", numClasses: 3 },
  config: { method: "adapt" },
  grid: null,
  counts: { queued: 2, running: 1, finished: 0, failed: 0, cancelled: 0, interrupted: 0 },
});

function listOf(state: QueueState, told: string[] = []) {
  const runs = new Map([running, second, third, alone].map((run) => [run.id, run]));
  let now = 2000;
  const parts = {
    workspace: {
      runs: { get: (id: RunId) => runs.get(id), summary: (id: RunId) => runs.get(id), group: () => group },
      evaluations: { get: () => evaluation },
      trainings: { get: () => training },
    },
    jobs: {
      engine: { state: { status: "failed", message: "The engine ends at every start." } },
      queue: {
        state,
        jobsOf: (id: string) => [`jobs of ${id}`],
        cancel: (ids: readonly string[]) => told.push(`cancel ${ids.join()}`),
        kill: (id: string) => told.push(`kill ${id}`),
        move: (id: string, before: string | null) => told.push(`move ${id} before ${before}`),
      },
    },
    estimator: {
      estimate: async () => ({ milliseconds: 5000 }),
      estimateEvaluation: async () => ({ milliseconds: 80_000 }),
    },
    now: () => now,
  };
  const list = new JobList(parts as unknown as JobListParts); // as much of the stores as is asked of them
  return { list, pass: (ms: number) => (now += ms) };
}

const waitingRun = { id: alone.id, kind: "run", jobs: new Set([alone.id]) } as const;

describe("the queue", () => {
  it("lists what computes first, its group as one, then what waits, with the time each takes", async () => {
    const { list } = listOf({
      running: { id: running.id, kind: "run", item: GROUP, isStopping: false },
      waiting: [waitingRun, { id: GROUP, kind: "run", jobs: new Set([second.id, third.id]) }],
      isHeld: false,
    });
    // The estimates are worked out once somebody has asked.
    await expect.poll(async () => (await list.list()).items.every(({ leftMs }) => leftMs !== null)).toBe(true);
    const queue = await list.list();
    expect(queueSchema.parse(queue).heldBecause).toBeNull();
    expect(queue.items).toMatchObject([
      { kind: "group", state: "running", open: 3, run: { id: running.id }, leftMs: 4000 + 2 * 5000 },
      { kind: "run", state: "waiting", leftMs: 5000 },
    ]);
  });

  it("says of an evaluation what its pace tells, of a training what it tells itself, and that it is held", async () => {
    const evaluating = { id: evaluation.id, kind: "evaluation", item: evaluation.id, isStopping: true } as const;
    const { list, pass } = listOf({ running: evaluating, waiting: [], isHeld: false });
    expect((await list.list()).items).toMatchObject([{ state: "stopping", leftMs: null }]);
    Object.assign(evaluation, { done: 20 });
    pass(10_000);
    expect((await list.list()).items).toMatchObject([{ kind: "evaluation", leftMs: 20_000 }]);

    const held = { id: training.id, kind: "training", item: training.id, isStopping: false } as const;
    expect((await listOf({ running: held, waiting: [], isHeld: false }).list.list()).items).toMatchObject([
      { kind: "training", state: "paused", leftMs: 60_000 },
    ]);
  });

  it("expects of an evaluation that waits what its open images take", async () => {
    Object.assign(evaluation, { done: 10, images: 40 });
    const jobs = new Set([evaluation.id]);
    const { list } = listOf({
      running: null,
      waiting: [{ id: evaluation.id, kind: "evaluation", jobs }],
      isHeld: false,
    });
    await expect.poll(async () => (await list.list()).items).toMatchObject([{ kind: "evaluation", leftMs: 60_000 }]);
  });

  it("says why nothing is carried out while the engine can't be started", async () => {
    const { list } = listOf({ running: null, waiting: [waitingRun], isHeld: true });
    expect((await list.list()).heldBecause).toBe("The engine ends at every start.");
  });

  it("is changed by its items", async () => {
    const told: string[] = [];
    const { list } = listOf(
      { running: { id: running.id, kind: "run", item: GROUP, isStopping: false }, waiting: [], isHeld: false },
      told,
    );
    await list.cancel(GROUP);
    await list.kill(GROUP);
    await list.kill(alone.id); // does not run
    await list.move({ id: alone.id, before: null });
    expect(told).toEqual([`cancel jobs of ${GROUP}`, `kill ${running.id}`, `move ${alone.id} before null`]);
  });
});
