// The order of what waits: first come, first served, groups together, moved as somebody says.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JobId } from "../../../src-main/jobs/job.ts";
import { JobOrder } from "../../../src-main/jobs/job-order.ts";
import type { GroupId, RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { QueueItemId } from "../../../src-shared/contract/workbench/queue.ts";

const run = (name: string): RunId => name as RunId;
const GROUP = "group" as GroupId;

function drained(order: JobOrder): JobId[] {
  const taken: JobId[] = [];
  for (let next = order.shift(); next !== undefined; next = order.shift()) taken.push(next.id);
  return taken;
}

describe("the order of jobs", () => {
  it("is that in which they came; the runs of a group stand together", () => {
    const order = new JobOrder();
    order.add([run("a")], "run", null);
    order.add([run("g1"), run("g2")], "run", GROUP);
    order.add([run("b")], "run", null);
    expect(order.items().map(({ id, jobs }) => [id, jobs.size])).toEqual([
      ["a", 1],
      ["group", 2],
      ["b", 1],
    ]);
    expect(order.size).toBe(4);
    expect(order.shift()).toEqual({ id: "a", kind: "run", item: "a" });
    expect(order.shift()).toEqual({ id: "g1", kind: "run", item: "group" });
    expect(drained(order)).toEqual(["g2", "b"]);
  });

  it("forgets what is taken out, and a group with its last run", () => {
    const order = new JobOrder();
    order.add([run("g1"), run("g2")], "run", GROUP);
    expect([order.remove(run("g1")), order.remove(run("g1")), order.has(run("g2"))]).toEqual(["run", undefined, true]);
    order.remove(run("g2"));
    expect(order.items()).toEqual([]);
    expect(order.item(GROUP)).toBeUndefined();
  });

  it("moves an item before another, behind all, and not at all where it does not wait", () => {
    const order = new JobOrder();
    order.add(["a", "b", "c"].map(run), "run", null);
    expect(order.move(run("c"), run("a"))).toBe(true);
    expect(order.items().map(({ id }) => id)).toEqual(["c", "a", "b"]);
    order.move(run("c"), null);
    order.move(run("a"), run("gone"));
    expect(order.items().map(({ id }) => id)).toEqual(["b", "c", "a"]);
    expect(order.move(run("gone"), run("a"))).toBe(false);
    expect(order.move(run("b"), run("b"))).toBe(true);
    expect(drained(order)).toEqual(["b", "c", "a"]);
  });

  it("loses and doubles nothing, however items are moved", () => {
    const names = ["a", "b", "c", "d", "e"];
    const moves = fc.array(fc.tuple(fc.constantFrom(...names), fc.option(fc.constantFrom(...names, "gone"))));
    fc.assert(
      fc.property(moves, (all) => {
        const order = new JobOrder();
        order.add(names.map(run), "run", null);
        for (const [id, before] of all) {
          order.move(id as QueueItemId, before as QueueItemId | null);
          if (before === null || before === "gone") expect(order.items().at(-1)?.id).toBe(id);
        }
        expect(drained(order).toSorted()).toEqual(names);
      }),
    );
  });
});
