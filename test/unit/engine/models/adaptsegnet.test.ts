// Checkpoints of AdaptSegNet's DeepLabv2 open, however old, and whether they are CROTS's snapshots; DA-SAC's are still DA-SAC's.

import { join } from "node:path";
import { expect, it } from "vitest";
import { writeSafetensors } from "../../../../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import type { StateDict } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import { deepLabV2Of, detectArchitecture } from "../../../../src-main/engine/models/detect-architecture.ts";
import { initialStateDict } from "../../../../src-main/engine/models/initial-state-dict.ts";
import { loadCheckpoint } from "../../../../src-main/engine/models/load-checkpoint.ts";
import { requireMatch } from "../../../../src-main/engine/models/match-state-dict.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";

const own = deepLabV2Of("resnet18", 19, 4, "adaptsegnet");
const student = initialStateDict(own, 0, 1);
const teacher = initialStateDict(own, 0, 2);

async function reopened(stateDict: StateDict, weights?: "student" | "teacher") {
  const path = join(temporaryFolder(), "model.safetensors");
  await writeSafetensors(path, stateDict, {});
  const checkpoint = await loadCheckpoint(path, weights);
  const architecture = detectArchitecture(checkpoint.stateDict, path);
  requireMatch(checkpoint.stateDict, architecture, path);
  return { ...checkpoint, architecture };
}

const prefixed = (prefix: string, stateDict: StateDict) =>
  [...stateDict].map(([key, tensor]) => [`${prefix}${key}`, tensor] as const);

it("opens by its own names, and without counts of batches", async () => {
  expect((await reopened(student)).architecture.keys).toEqual(own.keys);
  const old = new Map([...student].filter(([key]) => !key.endsWith(".num_batches_tracked")));
  const { architecture, stateDict } = await reopened(old);
  expect(architecture.stages[0]?.name).toBe("input");
  expect(stateDict.get("bn1.num_batches_tracked")?.data[0]).toBe(0n);
});

it("opens CROTS's snapshots of student and teacher", async () => {
  const mean = { dtype: "float32", shape: [3], data: Float32Array.of(104, 117, 123) } as const;
  const snapshot: StateDict = new Map([
    ...prefixed("net.", student),
    ...prefixed("ema_net.", teacher),
    ["image_mean", mean],
  ]);
  const { snapshot: summary, stateDict } = await reopened(snapshot);
  expect(summary).toMatchObject({ method: "CROTS", weights: "student", hasTeacher: true });
  expect(stateDict.get("conv1.weight")?.data).toEqual(student.get("conv1.weight")?.data);
  const other = await reopened(snapshot, "teacher");
  expect(other.stateDict.get("conv1.weight")?.data).toEqual(teacher.get("conv1.weight")?.data);
});

it("takes no network of DA-SAC, whose names have a prefix, for one of these", async () => {
  const daSac = deepLabV2Of("resnet18", 19, 4);
  const { architecture } = await reopened(initialStateDict(daSac, 0, 1));
  expect(architecture.keys).toEqual(daSac.keys);
  expect(architecture.stages[0]?.name).toBe("stem");
});
