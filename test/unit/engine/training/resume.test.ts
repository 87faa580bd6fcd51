// A run that was cut off goes on from its last state as if nothing had happened.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sourceTraining } from "../../../../src-main/engine/methods/source-training/method.ts";
import { train } from "../../../../src-main/engine/training/train.ts";
import {
  fileStore,
  readTrainingState,
  requireSameConfig,
  trainingFiles,
} from "../../../../src-main/engine/training/training-store.ts";
import type { TrainingResult } from "../../../../src-main/engine/training/training-task.ts";
import type { SourceTrainingConfig } from "../../../../src-shared/contract/training/source-training.ts";
import type { TrainingEvent } from "../../../../src-shared/contract/training/training-events.ts";
import { onnxRuntime } from "../../../helpers/runtimes-under-test.ts";
import { horizon, lossesOf, memoryStore, sourceTask, tinyConfig } from "../../../helpers/tiny-training.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-resume-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

class Crash extends Error {}

/** Five images in batches of two are three steps an epoch: the run is cut off within, and at the end of, an epoch. */
const CONFIGS: readonly (readonly [string, SourceTrainingConfig])[] = [
  ["plain", { ...tinyConfig, numEpochs: 3, saveStep: 2, validationStart: 1 }],
  [
    "with all options",
    {
      ...tinyConfig,
      numEpochs: 3,
      saveStep: 1,
      validationStart: 1,
      microBatchSize: 1,
      dropout: true,
      auxWeight: 0.4,
      ema: 0.9,
      alpha: null,
      numAlphas: 2,
    },
  ],
];

describe.each(CONFIGS)("a run that is killed, %s", (name, config) => {
  const task = { ...sourceTask(config, horizon, onnxRuntime), validationData: horizon };

  const whole = memoryStore();
  const events: TrainingEvent[] = [];
  let expected: TrainingResult;
  beforeAll(async () => {
    expected = await train(task, { store: whole, onEvent: (event) => events.push(event) });
  });

  it.each([2, 6])("after step %i has the losses, scores and weights of one that is not", async (lastStep) => {
    const output = join(FOLDER, `${name}-${lastStep}.safetensors`);
    const store = fileStore(output, config, {});
    const crash = (event: TrainingEvent): void => {
      if (event.type === "trainingStepFinished" && event.step === lastStep + 1) throw new Crash();
    };
    await expect(train(task, { store, onEvent: crash })).rejects.toThrow(Crash);

    const resumed = await readTrainingState(trainingFiles(output).state, () => sourceTraining);
    const { step } = resumed.progress;
    expect(step).toBeLessThanOrEqual(lastStep);
    expect(step).toBeGreaterThan(0);
    const second = memoryStore();
    const later: TrainingEvent[] = [];
    const result = await train(task, { store: second, resumed, onEvent: (event) => later.push(event) });
    expect(lossesOf(later)).toEqual(lossesOf(events).slice(step));
    expect(result.epochs).toEqual(expected.epochs);
    expect(result.bests).toEqual(expected.bests);
    expect(second.newest("last")).toEqual(whole.newest("last"));
  });
});

describe("the state of a run", () => {
  it("is taken up after a stop in the middle of a validation", async () => {
    const config = { ...tinyConfig, numEpochs: 1, validationStart: 0 };
    const task = { ...sourceTask(config, horizon, onnxRuntime), validationData: horizon };
    const expected = await train(task);
    const controller = new AbortController();
    const store = memoryStore();
    const onEvent = (event: TrainingEvent): void => {
      if (event.type === "validationImageFinished") controller.abort();
    };
    await expect(train(task, { store, onEvent, signal: controller.signal })).rejects.toThrow("Cancelled.");
    const [resumed] = store.states;
    if (resumed === undefined) throw new Error("nothing was saved");
    expect(await train(task, { resumed })).toMatchObject({ best: expected.best, epochs: expected.epochs });
    await expect(train({ ...task, data: { source: { ...horizon, count: 4 } } }, { resumed })).rejects.toThrow(
      "The run to go on with has 5 training images, the data set 4; give the same images, or start anew.",
    );
  });

  it("belongs to one configuration", () => {
    const state = { config: tinyConfig, progress: { step: 1 }, tensors: new Map() } as never;
    requireSameConfig(state, { ...tinyConfig, saveStep: 7 }, "run-state.safetensors");
    expect(() => requireSameConfig(state, { ...tinyConfig, baseLr: 0.1 }, "run-state.safetensors")).toThrow(
      '"run-state.safetensors" is of a run whose baseLr is 0.02, not 0.1; go on with the same options, or start anew.',
    );
  });

  it("is not read from another file", async () => {
    const path = join(FOLDER, "other.safetensors");
    await fileStore(path, tinyConfig, {}).saveCheckpoint("best", {
      epoch: 1,
      variant: { name: "alpha", value: 0 },
      miou: null,
      stateDict: new Map([["x", { dtype: "float32", shape: [1], data: Float32Array.of(1) }]]),
    });
    await expect(readTrainingState(path, () => sourceTraining)).rejects.toMatchObject({ code: "checkpoint.format" });
  });
});
