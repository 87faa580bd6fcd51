// Tiles on disk: made once for each version of a file, whole or not at all, and bounded.
import { existsSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PyramidCache } from "../../../src-main/workspace/pyramid-cache.ts";
import type { DatasetId } from "../../../src-shared/contract/workbench/ids.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const datasetId = "dataset" as DatasetId;
const version = (path: string, mtimeMs = 1) => ({ datasetId, path, mtimeMs, sizeBytes: 10 });
const writing = (bytes: number) => async (folder: string) => writeFileSync(join(folder, "0.png"), Buffer.alloc(bytes));

it("makes tiles once for all who ask, and anew for another version of the file", async () => {
  const cache = new PyramidCache(temporaryFolder());
  let made = 0;
  const write = async (folder: string): Promise<void> => {
    made += 1;
    await writing(5)(folder);
  };
  const [first, second] = await Promise.all([cache.make(version("/a"), write), cache.make(version("/a"), write)]);
  expect(second).toBe(first);
  expect(await cache.make(version("/a"), write)).toBe(first);
  expect(await cache.find(version("/a"))).toBe(first);
  expect(made).toBe(1);
  expect(await cache.find(version("/a", 2))).toBeNull();
  expect(await cache.make(version("/a", 2), write)).not.toBe(first);
});

it("keeps nothing of tiles that failed", async () => {
  const folder = temporaryFolder();
  const cache = new PyramidCache(folder);
  const failing = async (part: string): Promise<void> => {
    await writing(5)(part);
    throw new Error("damaged");
  };
  await expect(cache.make(version("/a"), failing)).rejects.toThrow("damaged");
  expect(await cache.find(version("/a"))).toBeNull();
  expect(readdirSync(join(folder, "unfinished"))).toEqual([]);
  await cache.make(version("/a"), writing(5));
  expect(await cache.find(version("/a"))).not.toBeNull();
});

it("removes those that were not looked at for longest, and those of a dataset", async () => {
  const cache = new PyramidCache(temporaryFolder(), { maxBytes: 25 });
  const paths = [];
  for (const name of ["/a", "/b"]) paths.push(await cache.make(version(name), writing(10)));
  const [a = "", b = ""] = paths;
  utimesSync(a, 1, 1);
  utimesSync(b, 2, 2);
  await cache.find(version("/a")); // looked at now
  await cache.make(version("/c"), writing(10));
  expect([existsSync(a), existsSync(b)]).toEqual([true, false]);
  await cache.forget(datasetId);
  expect(await cache.find(version("/c"))).toBeNull();
});
