// Files of runs are whole or not there, and a full disk is said in one sentence.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { ArtifactStore } from "../../../src-main/workspace/artifact-store.ts";
import { newId } from "../../../src-main/workspace/new-id.ts";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const PLANE = Uint8Array.from({ length: 1000 }, (_, i) => i % 19);

test("gives back a plane byte for byte, as gzip", async () => {
  const artifacts = new ArtifactStore(temporaryFolder());
  const id = newId<RunId>();
  await artifacts.makeRunFolder(id);
  await artifacts.writePlane(id, 3, "labels", PLANE);
  await artifacts.writePseudoLabel(id, PLANE);
  expect(new Uint8Array(gunzipSync(readFileSync(await artifacts.plane(id, 3, "labels"))))).toEqual(PLANE);
  expect(await artifacts.pseudoLabel(id)).toBe(artifacts.pseudoLabelPath(id));
  expect(await artifacts.runIds()).toEqual([id]);
  await artifacts.remove(id);
  await artifacts.remove(id);
  expect(existsSync(artifacts.runFolder(id))).toBe(false);
});

test("says plainly that a plane was not kept", async () => {
  const artifacts = new ArtifactStore(temporaryFolder());
  await expect(artifacts.plane(newId<RunId>(), 2, "entropy")).rejects.toMatchObject({
    code: "input.missing",
    message: "Iteration 2 of this run has no entropy; it was not kept, or the run ended before.",
  });
});

test("a full disk leaves the plane that was there and nothing half written", async () => {
  const folder = temporaryFolder();
  const id = newId<RunId>();
  await new ArtifactStore(folder).writePlane(id, 0, "labels", PLANE);
  const artifacts = new ArtifactStore(folder, async (path, bytes) => {
    await writeFile(path, bytes.subarray(0, 5));
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  });
  await expect(artifacts.writePlane(id, 0, "labels", PLANE.toReversed())).rejects.toMatchObject({
    code: "output.diskFull",
    message: /the disk is full; free some space, what was finished is kept\.$/,
  });
  expect(readdirSync(artifacts.runFolder(id))).toEqual(["0-labels.gz"]);
  expect(new Uint8Array(gunzipSync(readFileSync(artifacts.planePath(id, 0, "labels"))))).toEqual(PLANE);
});

test("refuses to begin with less space than is needed", async () => {
  const artifacts = new ArtifactStore(temporaryFolder());
  await artifacts.requireSpace(1);
  await expect(artifacts.requireSpace(2 ** 60)).rejects.toMatchObject({
    code: "output.diskFull",
    message: /are needed/,
  });
});
