// The queue as the window knows it, and what it says of one job.
import { useQuery } from "@tanstack/react-query";
import type { Queue, QueueItem, QueueItemId } from "../../src-shared/contract/workbench/queue.ts";
import { formatDuration } from "../components/format.ts";
import { queries } from "./queries.ts";

/** Undefined while it is loaded. */
export function useQueue(): Queue | undefined {
  return useQuery(queries.queue()).data;
}

/** Milliseconds until it is the turn of the item at this place; null where one before it can't be foretold. */
export function startsInMs(items: readonly QueueItem[], place: number): number | null {
  let sum = 0;
  for (const { leftMs } of items.slice(0, place)) {
    if (leftMs === null) return null;
    sum += leftMs;
  }
  return sum;
}

/** The item before which this one is to stand to be one place further up or down; undefined where it can't be moved. */
export function neighbourFor(
  items: readonly QueueItem[],
  place: number,
  direction: "up" | "down" | "first",
): QueueItemId | null | undefined {
  const firstWaiting = items.findIndex(({ state }) => state === "waiting");
  if (items[place]?.state !== "waiting") return undefined;
  if (direction === "down") return place === items.length - 1 ? undefined : (items[place + 2]?.id ?? null);
  if (place === firstWaiting) return undefined;
  return items[direction === "first" ? firstWaiting : place - 1]?.id;
}

/** "Waiting, 2 before it, starts in about 3 min", for where the names of those before it are not at hand. */
export function waitText(queue: Queue | undefined, id: QueueItemId): string {
  const place = queue?.items.findIndex((item) => item.id === id) ?? -1;
  if (queue === undefined || place < 0) return "Waiting";
  if (queue.heldBecause !== null) return "Waiting for the engine";
  const startMs = startsInMs(queue.items, place);
  const start = startMs === null ? "" : `, starts in about ${formatDuration(startMs)}`;
  return place === 0 ? "Waiting" : `Waiting, ${place} before it${start}`;
}
