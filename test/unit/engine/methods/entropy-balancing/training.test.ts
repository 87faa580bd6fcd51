// DAFormer and entropy balancing in the training house: they go on after a crash as if nothing had happened, show what they do,
// and refuse in a sentence what they can't be made of.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SourceImages } from "../../../../../src-main/engine/datasets/labelled-images.ts";
import { daformer, entropyBalancing } from "../../../../../src-main/engine/methods/entropy-balancing/method.ts";
import { countedPixels } from "../../../../../src-main/engine/methods/entropy-balancing/open-source-pixels.ts";
import {
  classOfSample,
  rareClasses,
  rareClassImages,
} from "../../../../../src-main/engine/methods/entropy-balancing/rare-classes.ts";
import {
  pixelsFromStatistics,
  readStatistics,
  STATISTICS_FILE,
  writeStatistics,
} from "../../../../../src-main/engine/methods/entropy-balancing/statistics-files.ts";
import { trainingMethodOf } from "../../../../../src-main/engine/methods/training-methods.ts";
import { train } from "../../../../../src-main/engine/training/train.ts";
import { fileStore, readTrainingState, trainingFiles } from "../../../../../src-main/engine/training/training-store.ts";
import {
  daformerConfigSchema,
  entropyBalancingConfigSchema,
} from "../../../../../src-shared/contract/training/entropy-balancing.ts";
import { traitsOf } from "../../../../../src-shared/contract/training/method-traits.ts";
import type { TrainingEvent } from "../../../../../src-shared/contract/training/training-events.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { horizon, lossesOf, memoryStore } from "../../../../helpers/tiny-training.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-ebda-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

class Crash extends Error {}

const SHARED = {
  encoder: "mit_b0",
  head: "daformer_conv1",
  numClasses: 2,
  cropSize: [32, 32],
  sourceSize: [48, 64],
  targetSize: [48, 64],
  ignoredTop: 2,
  ignoredBottom: 4,
  rareMinPixels: 100,
  warmupSteps: 2,
  epochSteps: 2,
  numEpochs: 2,
  saveStep: 1,
  featureThings: false,
  seed: 3,
} as const;
const config = entropyBalancingConfigSchema.parse({ ...SHARED, balance: "ema-quantile", jitterSkipped: 0 });

const dusk: SourceImages = {
  count: 4,
  read: async (index) => {
    const { image } = await horizon.read(index);
    return { image: { ...image, data: image.data.map((value) => Math.round(0.6 * value)) }, labels: null };
  },
};
const DATA = { source: horizon, target: dusk };

describe("entropy balancing", () => {
  const whole = memoryStore();
  const events: TrainingEvent[] = [];
  let task: Parameters<typeof train<typeof config>>[0];

  beforeAll(async () => {
    const sourcePixels = await countedPixels(horizon);
    task = {
      runtime: onnxRuntime,
      method: entropyBalancing,
      config: { ...config, previewStep: 1 },
      data: DATA,
      sourcePixels,
    };
    await train(task, { store: whole, onEvent: (event) => events.push(event) });
  });

  it("follows its losses, its weights and the entropies with their balance point", () => {
    const metrics = events.flatMap((event) => (event.type === "trainingStepFinished" ? [event.metrics] : []));
    expect(metrics).toHaveLength(traitsOf(config).steps(config, { source: 5, target: 4 }).total);
    for (const each of metrics) {
      expect(Object.values(each).every(Number.isFinite)).toBe(true);
      const parts = ["loss.source", "loss.featureDistance", "loss.mixed", "loss.entropy"].map(
        (name) => each[name] ?? 0,
      );
      expect(each.loss).toBeCloseTo(
        parts.reduce((sum, part) => sum + part, 0),
        6,
      );
      const spread = ["quantile05", "quantile25", "quantile50", "quantile75", "quantile95"].map(
        (name) => each[`entropy.${name}`] ?? Number.NaN,
      );
      expect(spread).toEqual(spread.toSorted((a, b) => a - b));
      expect(spread.at(-1)).toBeLessThanOrEqual(Math.log(config.numClasses) + 1e-5);
      expect(each["entropy.balancePoint"]).toBeGreaterThanOrEqual(config.entropyFloor);
    }
  });

  it("shows the mixed image, what was pasted, and pseudo-labels that are weighted", () => {
    const first = events.flatMap((event) => (event.type === "trainingPreviewed" && event.step === 1 ? [event] : []));
    expect(first.map(({ name }) => name)).toEqual([
      "prediction",
      "teacher",
      "mixed",
      "pasted",
      "pseudo-labels",
      "weighted-pseudo-labels",
    ]);
    const rows = first.at(-1)?.labels.slice(0, 32 * config.ignoredTop);
    expect(rows?.every((label) => label === 255)).toBe(true);
  });

  it("killed after a step goes on to the bit", async () => {
    const output = join(FOLDER, "killed.safetensors");
    const crash = (event: TrainingEvent): void => {
      if (event.type === "trainingStepFinished" && event.step === 4) throw new Crash();
    };
    await expect(train(task, { store: fileStore(output, task.config, {}), onEvent: crash })).rejects.toThrow(Crash);
    const resumed = await readTrainingState(trainingFiles(output).state, trainingMethodOf);
    expect(resumed.progress.step).toBeGreaterThan(0);
    const second = memoryStore();
    const later: TrainingEvent[] = [];
    await train(task, { store: second, resumed, onEvent: (event) => later.push(event) });
    expect(lossesOf(later)).toEqual(lossesOf(events).slice(resumed.progress.step));
    expect(second.newest("last").stateDict).toEqual(whole.newest("last").stateDict);
  });
});

it("DAFormer learns without the balance, and without features where their weight is 0", async () => {
  const plain = daformerConfigSchema.parse({ ...SHARED, numEpochs: 1, epochSteps: 1, featureDistance: 0 });
  expect(Object.keys(daformer.networks(plain, null))).toEqual(["student", "teacher"]);
  const events: TrainingEvent[] = [];
  await train(
    { runtime: onnxRuntime, method: daformer, config: plain, data: DATA },
    { onEvent: (event) => events.push(event) },
  );
  const [metrics] = events.flatMap((event) => (event.type === "trainingStepFinished" ? [event.metrics] : []));
  expect(metrics).not.toHaveProperty("loss.entropy");
  expect(metrics).not.toHaveProperty("loss.featureDistance");
});

describe("what can't be trained is refused in a sentence", () => {
  it("a crop that is no multiple of 32", () => {
    const { error } = entropyBalancingConfigSchema.safeParse({ cropSize: [500, 512] });
    expect(error?.issues[0]?.message).toBe("sides of a crop are multiples of 32, such as 512");
  });

  it("a class that no image has enough of", () => {
    const pixels = [new Map([[0, 5000]]), new Map([[7, 20]])];
    expect(() => rareClasses(pixels, { rareTemperature: 0.01, rareMinPixels: 3000 })).toThrow(
      "Rare class sampling: no source image has more than 3000 pixels of the classes 7; ask for fewer with --rare-min-pixels, or switch it off.",
    );
  });

  it("statistics of another data set, and a file that holds none", async () => {
    await writeStatistics(FOLDER, [{ file: "data/gta/labels/00001_labelTrainIds.png", pixels: new Map([[3, 40]]) }]);
    const path = join(FOLDER, STATISTICS_FILE);
    await expect(pixelsFromStatistics(path, ["x/00002_labelTrainIds.png"])).rejects.toThrow(
      '"sample_class_stats.json" is of another data set: it lacks 1 of 1 labels, such as "00002"; remove it to have the labels counted.',
    );
    const other = join(FOLDER, "other.json");
    writeFileSync(other, "[]]");
    await expect(readStatistics(other)).rejects.toThrow(/holds no class statistics, or is damaged/);
  });
});

describe("rare class sampling", () => {
  it("reads what it has written", async () => {
    const statistics = [
      {
        file: "data/a_labelTrainIds.png",
        pixels: new Map([
          [0, 6400],
          [10, 20],
        ]),
      },
      { file: "data\\b_labelTrainIds.png", pixels: new Map([[1, 1]]) },
    ];
    await writeStatistics(FOLDER, statistics);
    expect(await readStatistics(join(FOLDER, STATISTICS_FILE))).toEqual(statistics);
    const [b] = await pixelsFromStatistics(join(FOLDER, STATISTICS_FILE), ["/elsewhere/b_labelIds.png"]);
    expect(b).toEqual(new Map([[1, 1]]));
  });

  it("draws images that have the class of the sample", () => {
    const pixels = [
      new Map([
        [0, 900],
        [1, 5],
      ]),
      new Map([
        [0, 10],
        [1, 200],
      ]),
      new Map([[2, 60]]),
    ];
    const table = rareClasses(pixels, { rareTemperature: 0.5, rareMinPixels: 50 });
    expect(table.classes).toEqual([2, 1, 0]);
    const sampler = rareClassImages(table, 4, 9);
    const drawn = [0, 1, 2, 3, 4, 5].flatMap((step) => sampler.draws(step));
    for (const { place, draw } of drawn) {
      expect(pixels[place]?.get(classOfSample(table, 9, draw))).toBeGreaterThan(50);
    }
    expect(new Set(drawn.map(({ place }) => place)).size).toBe(3);
  });
});
