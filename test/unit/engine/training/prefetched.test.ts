// Items come in their order, are loaded ahead of time, and fail when it is their turn.
import { describe, expect, it } from "vitest";
import { prefetched } from "../../../../src-main/engine/training/prefetched.ts";

const later = <T>(value: T, milliseconds: number) =>
  new Promise<T>((resolve) => setTimeout(() => resolve(value), milliseconds));

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe("prefetched", () => {
  it("keeps the order, whichever is loaded first", async () => {
    const loaded = await all(prefetched([5, 1, 3], (k) => later(k, k), 2));
    expect(loaded).toEqual([5, 1, 3]);
  });

  it("loads so many items ahead, and no more", async () => {
    const started: number[] = [];
    const load = (k: number) => {
      started.push(k);
      return Promise.resolve(k);
    };
    const items = prefetched([0, 1, 2, 3, 4, 5], load, 2);
    await items.next();
    expect(started).toEqual([0, 1, 2, 3]);
    await items.next();
    expect(started).toEqual([0, 1, 2, 3, 4]);
  });

  it("gives what came before a failure", async () => {
    const load = (k: number) => (k === 2 ? Promise.reject(new Error("damaged")) : Promise.resolve(k));
    const items = prefetched([0, 1, 2, 3], load, 3);
    expect([(await items.next()).value, (await items.next()).value]).toEqual([0, 1]);
    await expect(items.next()).rejects.toThrow("damaged");
  });

  it("is empty for no items", async () => {
    expect(await all(prefetched([], (k: number) => later(k, k), 3))).toEqual([]);
  });
});
