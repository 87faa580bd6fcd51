// Thumbnails are found again until their image changes, and the oldest go when there are too many.
import { existsSync, readdirSync, utimesSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { type ImageVersion, ThumbnailCache } from "../../../src-main/workspace/thumbnail-cache.ts";
import type { DatasetId } from "../../../src-shared/contract/workbench/ids.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const BYTES = new Uint8Array(100);

function version(path: string, different: Partial<ImageVersion> = {}): ImageVersion {
  return { datasetId: "dataset01" as DatasetId, path, mtimeMs: 1.5, sizeBytes: 10, ...different };
}

test("finds the thumbnail of a file as long as it is the same file", async () => {
  const cache = new ThumbnailCache(temporaryFolder());
  expect(await cache.find(version("/a"))).toBeNull();
  const path = await cache.add(version("/a"), BYTES);
  expect(await cache.find(version("/a"))).toBe(path);
  for (const other of [version("/b"), version("/a", { mtimeMs: 2 }), version("/a", { sizeBytes: 11 })]) {
    expect(await cache.find(other)).toBeNull();
  }
});

test("removes the oldest when there are too many, those of earlier programs too", async () => {
  const folder = temporaryFolder();
  const earlier = new ThumbnailCache(folder, { maxBytes: 1000 });
  const paths: string[] = [];
  for (let i = 0; i < 9; i += 1) {
    paths.push(await earlier.add(version(`/${i}`), BYTES));
    utimesSync(paths[i] ?? "", i, i);
  }
  const cache = new ThumbnailCache(folder, { maxBytes: 1000 });
  paths.push(await cache.add(version("/9"), BYTES));
  await cache.makeRoom();
  expect(paths.filter(existsSync)).toHaveLength(10);
  paths.push(await cache.add(version("/10"), BYTES));
  await cache.makeRoom();
  expect(paths.map(existsSync)).toEqual([false, false, ...Array(9).fill(true)]);
});

test("a full disk leaves the thumbnail that was there, and nothing half written", async () => {
  const folder = temporaryFolder();
  const path = await new ThumbnailCache(folder).add(version("/a"), BYTES);
  const full = new ThumbnailCache(folder, {
    write: async (file) => {
      await writeFile(file, BYTES.subarray(0, 5));
      throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    },
  });
  await expect(full.add(version("/a"), new Uint8Array(50))).rejects.toMatchObject({
    code: "output.diskFull",
    message: `"${path}" could not be written: no space is left for the folder "${dirname(path)}"; free some, or choose another folder.`,
  });
  await expect(full.add(version("/b"), BYTES)).rejects.toMatchObject({ code: "output.diskFull" });
  expect(readdirSync(dirname(path))).toHaveLength(1);
});

test("forgets those of a dataset, and no others", async () => {
  const cache = new ThumbnailCache(temporaryFolder());
  const other = version("/a", { datasetId: "dataset02" as DatasetId });
  await cache.add(version("/a"), BYTES);
  await cache.add(other, BYTES);
  await cache.forget("dataset01" as DatasetId);
  expect(await cache.find(version("/a"))).toBeNull();
  expect(await cache.find(other)).not.toBeNull();
});
