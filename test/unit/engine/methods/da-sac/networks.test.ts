// What DA-SAC's training begins with: from scratch, from a baseline's snapshot, from a final one.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { VELOCITY_PREFIX } from "../../../../../src-main/engine/checkpoints/momentum.ts";
import { type StateDict, toFloat32 } from "../../../../../src-main/engine/checkpoints/state-dict.ts";
import { STUDENT } from "../../../../../src-main/engine/methods/da-sac/baseline-step.ts";
import { freshPrior } from "../../../../../src-main/engine/methods/da-sac/class-prior.ts";
import { IS_STARTED, TEACHER } from "../../../../../src-main/engine/methods/da-sac/consistency-step.ts";
import { daSac } from "../../../../../src-main/engine/methods/da-sac/method.ts";
import { PRIOR } from "../../../../../src-main/engine/methods/da-sac/step-graphs.ts";
import { daSacNetwork } from "../../../../../src-main/engine/models/da-sac-networks.ts";
import { loadInitialWeights } from "../../../../../src-main/engine/models/load-initial-weights.ts";
import { daSacConfigSchema } from "../../../../../src-shared/contract/training/da-sac.ts";
import { daSacSnapshot, snapshotMomentum, snapshotPrior } from "../../../../helpers/da-sac-snapshot.ts";
import { generateStateDict } from "../../../../helpers/generated-weights.ts";
import { tinyWeights } from "../../../../helpers/tiny-architectures.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-da-sac-start-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const config = daSacConfigSchema.parse({ network: "deeplabv2_resnet18", width: 4 });
const architecture = daSacNetwork(config.network, config.numClasses, config.width);
const student = tinyWeights(architecture);
const gains = { seed: 8, head_gain: 4, res_gain: 0.1, fuse_gain: 0.1, conv_gain: 1 };
const teacher = generateStateDict(architecture.keys, gains, 0);
const [aKey = ""] = architecture.keys.keys();

async function startFrom(name: string, parts: { readonly teacher?: StateDict }) {
  const path = join(FOLDER, name);
  writeFileSync(path, daSacSnapshot({ architecture, student, ...parts }));
  const networks = daSac.networks(config, await loadInitialWeights(path));
  const numbers = (network: string, key: string): Float32Array | null => {
    const tensor = networks[network]?.start.get(key);
    return tensor === undefined ? null : toFloat32(tensor);
  };
  return { numbers };
}

describe("augmentation consistency begins", () => {
  it("from scratch at rest, with a teacher that copies the student in the first iteration", () => {
    const networks = daSac.networks(config, null);
    expect([...(networks[STUDENT]?.start.keys() ?? [])]).toEqual([...architecture.keys.keys()]);
    expect(networks[TEACHER]?.start.get(IS_STARTED)?.data).toEqual(Float32Array.of(0));
  });

  it("from a baseline's snapshot with its weights and momentum, and with a new teacher", async () => {
    const { numbers } = await startFrom("baseline.pth", {});
    expect(numbers(STUDENT, aKey)).toEqual(student.get(aKey)?.data);
    expect(numbers(STUDENT, `${VELOCITY_PREFIX}${aKey}`)).toEqual(snapshotMomentum(architecture, aKey));
    expect(numbers(TEACHER, IS_STARTED)).toEqual(Float32Array.of(0));
    expect(numbers(TEACHER, PRIOR)).toEqual(freshPrior(config.numClasses, config));
  });

  it("from a final snapshot with its teacher and class prior, too", async () => {
    const { numbers } = await startFrom("final.pth", { teacher });
    expect(numbers(STUDENT, aKey)).toEqual(student.get(aKey)?.data);
    expect(numbers(TEACHER, aKey)).toEqual(teacher.get(aKey)?.data);
    expect(numbers(TEACHER, PRIOR)).toEqual(snapshotPrior(config.numClasses));
    // The helper's snapshot was kept before the teacher's first update.
    expect(numbers(TEACHER, IS_STARTED)).toEqual(Float32Array.of(0));
    expect(numbers(TEACHER, `${VELOCITY_PREFIX}${aKey}`)).toBe(null);
  });
});
