// Both trainings of DA-SAC in the training house: they learn, go on after a crash as if nothing had happened, and refuse
// what they can't be made of in a sentence.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { splitMomentum } from "../../../../../src-main/engine/checkpoints/momentum.ts";
import type { StateDict } from "../../../../../src-main/engine/checkpoints/state-dict.ts";
import type { SourceImages } from "../../../../../src-main/engine/datasets/labelled-images.ts";
import { STUDENT } from "../../../../../src-main/engine/methods/da-sac/baseline-step.ts";
import { TEACHER } from "../../../../../src-main/engine/methods/da-sac/consistency-step.ts";
import { daSac, daSacBaseline } from "../../../../../src-main/engine/methods/da-sac/method.ts";
import { trainingMethodOf } from "../../../../../src-main/engine/methods/training-methods.ts";
import { daSacNetwork } from "../../../../../src-main/engine/models/da-sac-networks.ts";
import { initialStateDict } from "../../../../../src-main/engine/models/initial-state-dict.ts";
import { loadInitialWeights } from "../../../../../src-main/engine/models/load-initial-weights.ts";
import { train } from "../../../../../src-main/engine/training/train.ts";
import type { GivenWeights } from "../../../../../src-main/engine/training/training-method.ts";
import { fileStore, readTrainingState, trainingFiles } from "../../../../../src-main/engine/training/training-store.ts";
import type { TrainingOptions, TrainingTask } from "../../../../../src-main/engine/training/training-task.ts";
import {
  type DaSacConfig,
  daSacBaselineConfigSchema,
  daSacConfigSchema,
} from "../../../../../src-shared/contract/training/da-sac.ts";
import type { TrainingEvent } from "../../../../../src-shared/contract/training/training-events.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { horizon, lossesOf, memoryStore } from "../../../../helpers/tiny-training.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-da-sac-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

class Crash extends Error {}

const SHARED = {
  network: "deeplabv2_resnet18",
  width: 4,
  numClasses: 2,
  cropSize: [32, 32],
  sourceBatchSize: 2,
  sourceScale: [0.7, 1],
  baseLr: 0.01,
  numEpochs: 2,
  saveStep: 1,
  validationStart: 0,
  validationStep: 1,
  seed: 3,
} as const;
const baselineConfig = daSacBaselineConfigSchema.parse({ ...SHARED, targetBatchSize: 2 });
const consistencyConfig = daSacConfigSchema.parse({ ...SHARED, targetImages: 1, copies: 2, teacherInterval: 2 });

/** The same scenes without labels, a little darker. */
const dusk: SourceImages = {
  count: 4,
  read: async (index) => {
    const { image } = await horizon.read(index);
    return { image: { ...image, data: image.data.map((value) => Math.round(0.6 * value)) }, labels: null };
  },
};

const DATA = { source: horizon, target: dusk };
const TASKS = {
  "da-sac-baseline": { runtime: onnxRuntime, method: daSacBaseline, config: baselineConfig, data: DATA },
  "da-sac": { runtime: onnxRuntime, method: daSac, config: consistencyConfig, data: DATA },
} as const;

describe.each(["da-sac-baseline", "da-sac"] as const)("%s", (name) => {
  const { config } = TASKS[name];
  const whole = memoryStore();
  const events: TrainingEvent[] = [];
  // The table pairs each method with its own configuration; TypeScript does not follow a pair through a union.
  const task = { ...TASKS[name], validationData: horizon } as unknown as TrainingTask;
  const run = (options: TrainingOptions) => train(task, options);

  beforeAll(async () => {
    await run({ store: whole, onEvent: (event) => events.push(event) });
  });

  it("has steps of whole batches, and follows what it learns by", () => {
    // Five labelled images in batches of two: the fifth waits for another epoch.
    expect(lossesOf(events)).toHaveLength(4);
    const metrics = events.flatMap((event) => (event.type === "trainingStepFinished" ? [event.metrics] : []));
    for (const each of metrics) expect(Object.values(each).every(Number.isFinite)).toBe(true);
    const names = Object.keys(metrics[0] ?? {});
    expect(names).toEqual(expect.arrayContaining(["loss", "learningRate"]));
    if (name === "da-sac") {
      expect(names).toEqual(
        expect.arrayContaining(["loss.source", "loss.target", "trusted", "threshold.1", "prior.0"]),
      );
    }
  });

  it("validates the student, and keeps its weights", () => {
    const validated = events.flatMap((event) => (event.type === "validationFinished" ? [event.scores] : []));
    const networks = name === "da-sac" ? [STUDENT, TEACHER] : [STUDENT];
    for (const scores of validated) expect(scores.map((score) => score.name)).toEqual(networks);
    const { stateDict, momentum } = splitMomentum(whole.newest("last").stateDict);
    expect([...stateDict.keys()]).toEqual([...networkOf(config).keys.keys()]);
    expect(momentum.size > 0).toBe(name === "da-sac-baseline");
  });

  it.each([1, 3])("killed after step %i goes on to the bit", async (lastStep) => {
    const output = join(FOLDER, `${name}-${lastStep}.safetensors`);
    const crash = (event: TrainingEvent): void => {
      if (event.type === "trainingStepFinished" && event.step === lastStep + 1) throw new Crash();
    };
    await expect(run({ store: fileStore(output, config, {}), onEvent: crash })).rejects.toThrow(Crash);
    const resumed = await readTrainingState(trainingFiles(output).state, trainingMethodOf);
    const { step } = resumed.progress;
    expect(step).toBeGreaterThan(0);
    const second = memoryStore();
    const later: TrainingEvent[] = [];
    await run({ store: second, resumed, onEvent: (event) => later.push(event) });
    expect(lossesOf(later)).toEqual(lossesOf(events).slice(step));
    expect(second.newest("last").stateDict).toEqual(whole.newest("last").stateDict);
  });
});

describe("augmentation consistency", () => {
  it("goes on from a baseline of our own with its momentum, which nothing else reads", async () => {
    const path = join(FOLDER, "whole.safetensors");
    const store = fileStore(path, baselineConfig, {});
    const kept = memoryStore();
    await train({ ...TASKS["da-sac-baseline"] }, { store: kept });
    const last = kept.newest("last");
    await store.saveCheckpoint("best", last);
    const given = await loadInitialWeights(path);
    expect([...given.stateDict.keys()]).toEqual([...networkOf(baselineConfig).keys.keys()]);
    const { start } = daSac.networks(consistencyConfig, given)[STUDENT] ?? { start: new Map() };
    expect(splitMomentum(start).momentum).toEqual(splitMomentum(last.stateDict).momentum);
    expect(splitMomentum(start).momentum.size).toBeGreaterThan(0);
    const others = daSacConfigSchema.parse({ ...consistencyConfig, numClasses: 3 });
    expect(() => daSac.networks(others, given)).toThrow(
      /is a checkpoint of deeplabv2 on resnet18 with 2 classes, and deeplabv2 on resnet18 with 3 classes is trained/,
    );
  });

  it("shows student, teacher, and the pseudo-labels over every crop", async () => {
    const shown: TrainingEvent[] = [];
    const config = { ...consistencyConfig, numEpochs: 1, previewStep: 1 };
    await train({ ...TASKS["da-sac"], config }, { onEvent: (event) => shown.push(event) });
    const first = shown.flatMap((event) => (event.type === "trainingPreviewed" && event.step === 1 ? [event] : []));
    expect(first.map(({ name }) => name)).toEqual(["prediction", "teacher", "pseudo-labels-1", "pseudo-labels-2"]);
    for (const { name, picture, labels, width, height } of first) {
      expect(labels).toHaveLength(width * height);
      expect(picture?.length ?? null).toBe(name.startsWith("pseudo") ? 3 * width * height : null);
    }
  });

  it("without the source learns from the target alone", async () => {
    const config = { ...consistencyConfig, numEpochs: 1, targetOnly: true };
    const events: TrainingEvent[] = [];
    await train({ ...TASKS["da-sac"], config }, { onEvent: (event) => events.push(event) });
    const [first] = events.flatMap((event) => (event.type === "trainingStepFinished" ? [event.metrics] : []));
    expect(first).not.toHaveProperty("loss.source");
    expect(first?.loss).toBeCloseTo(config.targetLossWeight * (first?.["loss.target"] ?? Number.NaN), 6);
  });

  it("begins with the student as its teacher", async () => {
    const start = daSac.networks(consistencyConfig, null);
    expect([...(start[TEACHER]?.start ?? [])]).toEqual(expect.arrayContaining([...(start[STUDENT]?.start ?? [])]));
  });
});

describe("what can't be trained is refused in a sentence", () => {
  it("no target", async () => {
    const task = { ...TASKS["da-sac"], data: { source: horizon } };
    await expect(train(task)).rejects.toThrow(/adapts to images of another domain, and none are named/);
  });

  it("a class that is predicted in no target image, by given weights", async () => {
    const targetShares = Array.from({ length: dusk.count }, () => new Map([[0, 1 / dusk.count]]));
    await expect(train({ ...TASKS["da-sac"], targetShares })).rejects.toThrow(
      "Class 1 is predicted in none of the target images, so none can be drawn for it; add it to the ignored classes, or make weights from other predictions.",
    );
    const config = { ...consistencyConfig, numEpochs: 1, ignoredClasses: [1] };
    await expect(train({ ...TASKS["da-sac"], config, targetShares })).resolves.toMatchObject({ steps: 2 });
  });

  it.each<[string, GivenWeights["stateDict"], string]>([
    ["other classes", weightsOf({ ...baselineConfig, numClasses: 3 }), "resnet18 with 3 classes"],
    ["another network", weightsOf({ ...baselineConfig, network: "deeplabv2_vgg16_bn" }), "vgg16_bn with 2 classes"],
  ])("a checkpoint of %s", (_what, stateDict, network) => {
    expect(() => daSac.networks(consistencyConfig, { stateDict, path: "baseline.pth" })).toThrow(
      `"baseline.pth" is a checkpoint of deeplabv2 on ${network}, and deeplabv2 on resnet18 with 2 classes is trained`,
    );
  });

  it("one crop of an image, and crops that do not divide among devices", () => {
    const messageOf = (given: object) => daSacConfigSchema.safeParse(given).error?.issues[0]?.message;
    expect(messageOf({ copies: 1 })).toBe("consistency needs at least 2 crops of an image");
    expect(messageOf({ targetImages: 1, copies: 3, cropsPerDevice: 2 })).toBe(
      "the crops of a step do not divide among devices that hold so many each",
    );
  });

  it("source images of ignored pixels only, but a batch of them is no reason to stop", async () => {
    const blank = {
      count: horizon.count,
      read: async (index: number) => {
        const { image, labels } = await horizon.read(index);
        return { image, labels: { ...labels, data: labels.data.map(() => 255) } };
      },
    };
    const config = { ...consistencyConfig, numEpochs: 1, sourceBatchSize: 1 };
    const task = { ...TASKS["da-sac"], config };
    await expect(train({ ...task, data: { source: blank, target: dusk } })).rejects.toThrow(/No pixel of the training/);
    const half = { ...blank, read: (index: number) => (index === 0 ? blank : horizon).read(index) };
    const events: TrainingEvent[] = [];
    await train({ ...task, data: { source: half, target: dusk } }, { onEvent: (event) => events.push(event) });
    expect(lossesOf(events)).toHaveLength(horizon.count);
    expect(lossesOf(events).every(Number.isFinite)).toBe(true);
  });
});

describe("weights to begin with", () => {
  it("are those of a network that was trained before", () => {
    const given = weightsOf(baselineConfig, 7);
    const { start } = daSacBaseline.networks(baselineConfig, { stateDict: given, path: "b.pth" })[STUDENT] ?? {};
    expect([...(start ?? [])]).toEqual([...given]);
  });
});

function networkOf({ network, numClasses, width }: Pick<DaSacConfig, "network" | "numClasses" | "width">) {
  return daSacNetwork(network, numClasses, width);
}

function weightsOf(config: Pick<DaSacConfig, "network" | "numClasses" | "width">, seed = 0): StateDict {
  return initialStateDict(networkOf(config), 0, seed);
}
