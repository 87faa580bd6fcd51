// Snapshots of DA-SAC's training: which network opens by default, and all that going on with a training needs.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { toFloat32 } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import { inspectCheckpoint } from "../../../../src-main/engine/models/inspect-checkpoint.ts";
import { loadCheckpoint } from "../../../../src-main/engine/models/load-checkpoint.ts";
import { parameterGroups } from "../../../../src-main/engine/models/parameter-groups.ts";
import { storeRecommended } from "../../../../src-main/engine/models/store-recommended.ts";
import { readTrainingSnapshot } from "../../../../src-main/engine/models/training-snapshot.ts";
import { PUBLISHED_PARAMETERS } from "../../../../src-shared/contract/recommended-parameters.ts";
import {
  daSacSnapshot,
  SNAPSHOT_EPOCH,
  SNAPSHOT_SCORE,
  type SnapshotParts,
  snapshotMomentum,
  snapshotPrior,
} from "../../../helpers/da-sac-snapshot.ts";
import { generateStateDict } from "../../../helpers/generated-weights.ts";
import { TINY_ARCHITECTURES, tinyWeights } from "../../../helpers/tiny-architectures.ts";
import { writeTinyCheckpoint } from "../../../helpers/tiny-checkpoint.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-snapshot-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const NAMES = ["deeplabv2", "deeplabv2vgg", "fcn8s"] as const;
const gains = { seed: 8, head_gain: 4, res_gain: 0.1, fuse_gain: 0.1, conv_gain: 1 };

function partsOf(name: (typeof NAMES)[number]): SnapshotParts & Required<Pick<SnapshotParts, "teacher">> {
  const architecture = TINY_ARCHITECTURES[name];
  return { architecture, student: tinyWeights(architecture), teacher: generateStateDict(architecture.keys, gains, 0) };
}

function written(name: string, parts: SnapshotParts): string {
  const path = join(FOLDER, name);
  writeFileSync(path, daSacSnapshot(parts));
  return path;
}

describe.each(["zip", "legacy"] as const)("a final snapshot in the %s container", (container) => {
  it.each(NAMES)("of %s gives both networks, prior, momentum and rates", async (name) => {
    const { architecture, student, teacher } = partsOf(name);
    const path = written(`${name}-${container}.pth`, { architecture, student, teacher, container });
    const snapshot = await readTrainingSnapshot(path);
    expect(snapshot).toMatchObject({ epoch: SNAPSHOT_EPOCH, score: SNAPSHOT_SCORE, slowInit: 0 });
    expect(snapshot.architecture.keys).toEqual(architecture.keys);
    expect(snapshot.student).toEqual(student);
    expect(snapshot.teacher).toEqual(teacher);
    expect(snapshot.classPrior).toEqual(snapshotPrior(19));
    const groups = parameterGroups(architecture);
    const keys = groups.flatMap((group) => group.keys);
    const { momentum, groups: rates } = snapshot.optimizer ?? { momentum: new Map(), groups: [] };
    expect([...momentum.keys()].toSorted()).toEqual(keys.toSorted());
    for (const [key, tensor] of momentum) expect(toFloat32(tensor), key).toEqual(snapshotMomentum(architecture, key));
    expect(rates).toEqual([
      { learningRate: 2.5e-4, weightDecay: 5e-4, momentum: 0.9 },
      { learningRate: 5e-4, weightDecay: 0, momentum: 0.9 },
      { learningRate: 2.5e-3, weightDecay: 5e-4, momentum: 0.9 },
      { learningRate: 5e-3, weightDecay: 0, momentum: 0.9 },
    ]);
  });
});

describe("opened like any other checkpoint, a snapshot", () => {
  const parts = partsOf("fcn8s");
  const path = written("final.pth", parts);

  it("is its student, as the original evaluates it, or the teacher that is asked for", async () => {
    const student = await loadCheckpoint(path);
    expect(student.stateDict).toEqual(parts.student);
    expect(student.snapshot).toEqual({ method: "DA-SAC", weights: "student", hasTeacher: true, hasOptimizer: true });
    const teacher = await loadCheckpoint(path, "teacher");
    expect(teacher.stateDict).toEqual(parts.teacher);
    expect(inspectCheckpoint(teacher)).toMatchObject({
      checkpoint: { arch: "fcn8s", backbone: "vgg16_bn", numClasses: 19, alpha: 0, weights: "teacher" },
      metadata: { epoch: SNAPSHOT_EPOCH, score: SNAPSHOT_SCORE },
      problems: [],
      refusal: null,
    });
  });

  it("of a baseline has no teacher, and says so", async () => {
    const { architecture, student } = parts;
    const baseline = written("baseline.pth", { architecture, student });
    const { snapshot, stateDict } = await loadCheckpoint(baseline);
    expect(snapshot).toEqual({ method: "DA-SAC", weights: "student", hasTeacher: false, hasOptimizer: true });
    expect(stateDict).toEqual(student);
    expect(await readTrainingSnapshot(baseline)).toMatchObject({ teacher: null, classPrior: null, slowInit: null });
    await expect(loadCheckpoint(baseline, "teacher")).rejects.toMatchObject({
      code: "input.option",
      message: '"baseline.pth" holds no teacher; leave --weights teacher out.',
    });
  });
});

describe("what is no snapshot, or not whole,", () => {
  it("is refused in a sentence", async () => {
    const path = join(FOLDER, "plain.safetensors");
    await writeTinyCheckpoint(path);
    expect((await loadCheckpoint(path)).snapshot).toBeNull();
    await expect(loadCheckpoint(path, "student")).rejects.toMatchObject({
      message:
        '"plain.safetensors" is no snapshot of a training with student and teacher; leave --weights student out.',
    });
    await expect(readTrainingSnapshot(path)).rejects.toMatchObject({ code: "checkpoint.mismatch" });
  });

  it("does not take a momentum for that of another parameter", async () => {
    const { architecture, student } = partsOf("deeplabv2");
    const path = written("regrouped.pth", { architecture: { ...architecture, newLayers: [] }, student });
    await expect(readTrainingSnapshot(path)).rejects.toMatchObject({
      code: "checkpoint.mismatch",
      message: expect.stringContaining("holds an optimizer of other groups than the network's"),
    });
  });
});

it("an alpha is not stored where no key would hold it", async () => {
  const path = written("final2.pth", partsOf("deeplabv2"));
  const recommended = { method: "self-adaptation" as const, parameters: PUBLISHED_PARAMETERS, foundOn: "fog" };
  const copy = join(FOLDER, "copy.safetensors");
  await expect(storeRecommended(path, copy, recommended, 0.3)).rejects.toMatchObject({
    code: "input.option",
    message: expect.stringContaining("give --alpha 0.3 with each run"),
  });
  await storeRecommended(path, copy, recommended, null, "teacher");
  expect((await loadCheckpoint(copy)).stateDict).toEqual(partsOf("deeplabv2").teacher);
});
