// The event hub: order, replay, what was missed, ends.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventHub } from "../../../src-main/server/event-hub.ts";
import type { WorkbenchEvent } from "../../../src-shared/contract/workbench/events.ts";

const event = (message: string): WorkbenchEvent => ({ type: "noticed", level: "info", message });

/** The next `count` ids and messages of a subscription. */
async function take(hub: EventHub, lastId: number | null, count: number): Promise<(readonly [number, string])[]> {
  const stop = new AbortController();
  const told: (readonly [number, string])[] = [];
  if (count === 0) return told;
  for await (const { id, event } of hub.subscribe(lastId, stop.signal)) {
    told.push([id, event.type === "noticed" ? event.message : event.type]);
    if (told.length === count) break;
  }
  return told;
}

describe("EventHub", () => {
  test("tells those who name no last one to load everything, then new events only", async () => {
    const hub = new EventHub();
    hub.publish(event("before"));
    const told = take(hub, null, 3);
    hub.publish(event("a"));
    hub.publish(event("b"));
    expect(await told).toEqual([
      [1, "missed"],
      [2, "a"],
      [3, "b"],
    ]);
  });

  test("replays what came after the last one", async () => {
    const hub = new EventHub();
    for (const message of ["a", "b", "c"]) hub.publish(event(message));
    expect(await take(hub, 1, 2)).toEqual([
      [2, "b"],
      [3, "c"],
    ]);
  });

  test("says first that events were dropped, then tells those that are left", async () => {
    const hub = new EventHub(2);
    for (const message of ["a", "b", "c", "d"]) hub.publish(event(message));
    expect(await take(hub, 1, 3)).toEqual([
      [2, "missed"],
      [3, "c"],
      [4, "d"],
    ]);
  });

  test("takes an id it never gave for one of another launch", async () => {
    const hub = new EventHub();
    hub.publish(event("a"));
    expect(await take(hub, 900, 2)).toEqual([
      [0, "missed"],
      [1, "a"],
    ]);
  });

  test("lets a slow reader miss events instead of keeping them for it", async () => {
    const hub = new EventHub(3);
    const reader = hub.subscribe(0, new AbortController().signal);
    hub.publish(event("a"));
    expect((await reader.next()).value).toEqual({ id: 1, event: event("a") });
    for (const message of ["b", "c", "d", "e", "f"]) hub.publish(event(message));
    expect((await reader.next()).value).toEqual({ id: 3, event: { type: "missed" } });
    expect((await reader.next()).value).toEqual({ id: 4, event: event("d") });
  });

  test("ends a subscription when its window goes, and all when the server closes", async () => {
    const hub = new EventHub();
    const gone = new AbortController();
    const [one, other] = [hub.subscribe(0, gone.signal), hub.subscribe(0, new AbortController().signal)];
    const ends = [one.next(), other.next()];
    gone.abort();
    expect(await ends[0]).toEqual({ done: true, value: undefined });
    hub.close();
    expect(await ends[1]).toEqual({ done: true, value: undefined });
  });

  test("ids count up by one from wherever a reader starts, across any capacity", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 30 }), fc.nat(40), async (...args) => {
        const [capacity, count, lastId] = args;
        const hub = new EventHub(capacity);
        for (let i = 1; i <= count; i += 1) hub.publish(event(String(i)));
        const first = lastId > count || lastId < count - capacity ? Math.max(0, count - capacity) : lastId;
        const isMissed = first !== lastId;
        const expected = Array.from({ length: count - first }, (_, i) => [first + 1 + i, String(first + 1 + i)]);
        const told = await take(hub, lastId, expected.length + (isMissed ? 1 : 0));
        expect(told).toEqual(isMissed ? [[first, "missed"], ...expected] : expected);
      }),
    );
  });
});
