// Files of runs are found where they were written, and too little space is said in one sentence.
import { existsSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ArtifactStore } from "../../../src-main/workspace/artifact-store.ts";
import { newId } from "../../../src-main/workspace/new-id.ts";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

test("finds what was written into a run's folder, until the run is removed", async () => {
  const artifacts = new ArtifactStore(temporaryFolder());
  const id = newId<RunId>();
  await artifacts.makeRunFolder(id);
  writeFileSync(artifacts.planePath(id, 3, "labels"), "");
  writeFileSync(artifacts.pseudoLabelPath(id), "");
  expect(await artifacts.plane(id, 3, "labels")).toBe(artifacts.planePath(id, 3, "labels"));
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

test("refuses to begin with less space than is needed", async () => {
  const artifacts = new ArtifactStore(temporaryFolder());
  await artifacts.requireSpace(1);
  await expect(artifacts.requireSpace(2 ** 60)).rejects.toMatchObject({
    code: "output.diskFull",
    message: /are needed/,
  });
});
