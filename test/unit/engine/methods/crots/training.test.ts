// CROTS's two stages in the training house: they open no image of the source, go on after a crash as if nothing had happened, and
// refuse in a sentence what they can't learn from.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DatasetReport } from "../../../../../src-main/engine/datasets/dataset-report.ts";
import { openLabelledTarget } from "../../../../../src-main/engine/methods/crots/open-labelled-target.ts";
import { trainingMethodOf } from "../../../../../src-main/engine/methods/training-methods.ts";
import { deepLabV2Of } from "../../../../../src-main/engine/models/detect-architecture.ts";
import { initialStateDict } from "../../../../../src-main/engine/models/initial-state-dict.ts";
import { train } from "../../../../../src-main/engine/training/train.ts";
import { openTrainingData } from "../../../../../src-main/engine/training/training-data.ts";
import { fileStore, readTrainingState, trainingFiles } from "../../../../../src-main/engine/training/training-store.ts";
import {
  type TrainingConfig,
  trainingConfigSchema,
} from "../../../../../src-shared/contract/training/training-config.ts";
import type { TrainingEvent } from "../../../../../src-shared/contract/training/training-events.ts";
import { NO_PATCHES } from "../../../../../src-shared/contract/workbench/trainings.ts";
import { CountingRuntime } from "../../../../helpers/counting-runtime.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { halves, TINY_SIZE, writeLabels, writeTarget } from "../../../../helpers/tiny-target.ts";
import { lossesOf, memoryStore } from "../../../../helpers/tiny-training.ts";

/** Every file that is opened or read, whoever does it. */
const opened = vi.hoisted(() => [] as string[]);
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const heard =
    <A extends [unknown, ...unknown[]], R>(act: (...args: A) => R) =>
    (...args: A): R => {
      opened.push(String(args[0]));
      return act(...args);
    };
  return { ...real, open: heard(real.open as never), readFile: heard(real.readFile as never) };
});

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-crots-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

class Crash extends Error {}

const SHARED = {
  network: "deeplabv2_resnet18",
  width: 4,
  cropSize: [...TINY_SIZE],
  trainBatchSize: 2,
  numEpochs: 3,
  saveStep: 1,
  seed: 3,
};
const BASELINE = trainingConfigSchema.parse({ ...SHARED, method: "crots-baseline" });
const MIXING = trainingConfigSchema.parse({ ...SHARED, method: "crots", baseLr: 1e-3 });

const given = {
  path: "source-only.safetensors",
  sha256: "0".repeat(64),
  stateDict: initialStateDict(deepLabV2Of("resnet18", 19, 4, "adaptsegnet"), 0, 5),
};

const targetFolder = join(FOLDER, "target");
const labelFolder = join(FOLDER, "labels");

async function dataOf(config: TrainingConfig, labels: string | null, begin: typeof given | null = given) {
  const target = { kind: "folder", root: targetFolder, split: null } as const;
  const options = { report: new DatasetReport(), contained: false };
  const data = await openTrainingData({ training: null, target, validation: null }, config, options);
  const output = join(FOLDER, `${config.method}.safetensors`);
  return openLabelledTarget({ config, data, given: begin ?? undefined, runtime: onnxRuntime, labels, output });
}

beforeAll(async () => {
  // A source that nobody must look at.
  await writeTarget(join(FOLDER, "source", "images"));
  const { names } = await writeTarget(targetFolder, 5);
  await writeTarget(labelFolder, 0);
  for (const name of names)
    await writeLabels(join(labelFolder, name.replace("_leftImg8bit", "_trainIds")), halves(0, 6));
});

describe.each([
  ["stage 1, which predicts the labels", BASELINE, null],
  ["stage 1 on given labels", BASELINE, labelFolder],
  ["stage 2 without patches", MIXING, NO_PATCHES],
] as const)("%s", (_, config, labels) => {
  it("opens nothing of the source", async () => {
    opened.length = 0;
    const { images } = await dataOf(config, labels);
    await train({ runtime: onnxRuntime, method: trainingMethodOf(config), config, data: images, given }, {});
    const own = opened.filter((path) => path.startsWith(FOLDER));
    expect(own.some((path) => path.startsWith(targetFolder + sep))).toBe(true);
    expect(own.filter((path) => path.startsWith(join(FOLDER, "source")))).toEqual([]);
    expect(opened.filter((path) => /\.(png|jpe?g)$/i.test(path) && !path.startsWith(FOLDER))).toEqual([]);
  });
});

describe.each([
  ["stage 1", BASELINE],
  ["stage 2", MIXING],
] as const)("%s", (title, config) => {
  const whole = memoryStore();
  const events: TrainingEvent[] = [];
  let task: Parameters<typeof train>[0];

  beforeAll(async () => {
    const baseline = await dataOf(BASELINE, labelFolder);
    const target = await dataOf(MIXING, NO_PATCHES);
    // Patches are whatever is labelled.
    const data = config === BASELINE ? baseline.images : { ...target.images, source: baseline.images.source };
    task = {
      runtime: onnxRuntime,
      method: trainingMethodOf(config),
      config: { ...config, previewStep: 2 },
      data,
      given,
    };
    await train(task, { store: whole, onEvent: (event) => events.push(event) });
  });

  it("follows finite numbers that add up to the loss", () => {
    const metrics = events.flatMap((event) => (event.type === "trainingStepFinished" ? [event.metrics] : []));
    expect(metrics).toHaveLength(6);
    for (const each of metrics) {
      expect(Object.values(each).every(Number.isFinite)).toBe(true);
      if (config === MIXING)
        expect(each.loss).toBeCloseTo((each["loss.consistency"] ?? 0) + (each["loss.hard"] ?? 0), 6);
    }
  });

  it("shows what it learns", () => {
    const names = events.flatMap((event) =>
      event.type === "trainingPreviewed" && event.step === 2 ? [event.name] : [],
    );
    expect(names).toEqual(
      config === BASELINE ? ["prediction", "pseudo-labels"] : ["prediction", "teacher", "mixed", "hard-patch"],
    );
  });

  it.each([1, 4])("killed after step %i goes on to the bit", async (lastStep) => {
    const output = join(FOLDER, `${title}-${lastStep}.safetensors`);
    const crash = (event: TrainingEvent): void => {
      if (event.type === "trainingStepFinished" && event.step === lastStep + 1) throw new Crash();
    };
    const store = fileStore(output, task.config, {});
    await expect(train(task, { store, onEvent: crash })).rejects.toThrow(Crash);
    const resumed = await readTrainingState(trainingFiles(output).state, trainingMethodOf);
    expect(resumed.progress.step).toBe(lastStep);
    const second = memoryStore();
    const later: TrainingEvent[] = [];
    await train(task, { store: second, resumed, onEvent: (event) => later.push(event) });
    expect(lossesOf(later)).toEqual(lossesOf(events).slice(lastStep));
    expect(second.newest("last").stateDict).toEqual(whole.newest("last").stateDict);
  });

  it("leaves no tensor behind", async () => {
    const runtime = new CountingRuntime(onnxRuntime);
    await train({ ...task, runtime, config: { ...config, numEpochs: 1 } }, {});
    expect(runtime.alive).toBe(0);
  });
});

describe("what can't be learnt from is refused in a sentence", () => {
  it("nobody to label the target", async () => {
    await expect(dataOf(BASELINE, null, null)).rejects.toThrow(
      "--pseudo-label-root: without it, the weights to begin with predict the target, and there are none; name a source-only checkpoint, or the folder.",
    );
    const imageNet = {
      ...given,
      path: "resnet18.pth",
      stateDict: new Map([...given.stateDict].filter(([key]) => !key.startsWith("layer5"))),
    };
    await expect(dataOf(MIXING, null, imageNet)).rejects.toThrow(
      '--hard-patches-root: without it, the weights to begin with predict the target, and "resnet18.pth" is no whole network of this kind;',
    );
  });

  it("pseudo-labels of other images, and of other sizes", async () => {
    const other = join(FOLDER, "other");
    await writeTarget(other, 0);
    await expect(dataOf(BASELINE, other)).rejects.toThrow(/holds pseudo-labels of other images: 5 of 5 have none/);
    for (let k = 0; k < 5; k += 1) {
      await writeLabels(join(other, `street_${k}_trainIds.png`), halves(0, 1, [32, 48]));
    }
    await expect(dataOf(BASELINE, other)).rejects.toThrow(/has labels of 48 x 32 for an image of 128 x 64/);
  });

  it("an empty target, and batches that nothing can be mixed in", () => {
    for (const config of [BASELINE, MIXING]) {
      expect(() => trainingMethodOf(config).samples(config, { source: 0, target: 0 })).toThrow(
        "The target has no images; name a folder that holds some.",
      );
    }
    const { error } = trainingConfigSchema.safeParse({ ...SHARED, method: "crots", trainBatchSize: 1 });
    expect(error?.issues[0]?.message).toBe("images are mixed with others of the batch: take at least 2");
  });
});
