// Training runs: they learn, repeat, stop and pause when asked, and give up when they run away.
import { describe, expect, it } from "vitest";
import type { StateDict } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import { PauseSwitch } from "../../../../src-main/engine/training/pause-switch.ts";
import { train } from "../../../../src-main/engine/training/train.ts";
import type { TrainingTask } from "../../../../src-main/engine/training/training-task.ts";
import { CancelledError } from "../../../../src-shared/contract/errors.ts";
import type { SourceTrainingConfig } from "../../../../src-shared/contract/training/source-training.ts";
import { type TrainingEvent, trainingEventSchema } from "../../../../src-shared/contract/training/training-events.ts";
import { onnxRuntime } from "../../../helpers/runtimes-under-test.ts";
import { horizon, lossesOf, memoryStore, sourceTask, tinyConfig } from "../../../helpers/tiny-training.ts";

const unlabelled = {
  count: 2,
  read: async (index: number) => {
    const { image, labels } = await horizon.read(index);
    return { image, labels: { ...labels, data: new Uint8Array(labels.data.length).fill(255) } };
  },
};

type Task = TrainingTask<SourceTrainingConfig>;

const task: Task = { ...sourceTask(tinyConfig, horizon, onnxRuntime), validationData: horizon };
const short: Task = sourceTask({ ...tinyConfig, numEpochs: 1 }, horizon, onnxRuntime);

/** Events of a run that must not fail. */
async function eventsOf(run: Task): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  await train(run, { onEvent: (event) => events.push(event) });
  return events;
}

async function lastWeights(run: Task): Promise<StateDict> {
  const store = memoryStore();
  await train(run, { store });
  return store.newest("last").stateDict;
}

describe("train", () => {
  it("learns, and tells of every step and validation", async () => {
    const events: TrainingEvent[] = [];
    const long = { ...task, config: { ...tinyConfig, numEpochs: 8, validationStart: 6 } };
    const result = await train(long, { onEvent: (event) => events.push(event) });
    const losses = lossesOf(events);
    expect(losses).toHaveLength(8 * 3); // five images in batches of two
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
    const validated = events.flatMap((event) => (event.type === "validationFinished" ? [event.epoch] : []));
    expect(validated).toEqual([7, 8]);
    expect(result.best?.miou).toBeGreaterThan(0.7);
    expect(result.epochs.map(({ epoch, scores }) => [epoch, scores.length])).toEqual(
      Array.from({ length: 8 }, (_, k) => [k + 1, k < 6 ? 0 : 1]),
    );
  });

  it("says what a window needs: every event keeps the contract, with speed, time left and memory", async () => {
    const events = await eventsOf({ ...task, config: { ...tinyConfig, previewStep: 5 } });
    for (const event of events) expect(trainingEventSchema.parse(event)).toEqual(event);
    const steps = events.filter((event) => event.type === "trainingStepFinished");
    for (const { imagesPerSecond, memoryBytes, waitMs, elapsedMs } of steps) {
      expect(imagesPerSecond).toBeGreaterThan(0);
      expect(memoryBytes).toBeGreaterThan(1e6);
      expect(waitMs).toBeLessThanOrEqual(elapsedMs);
    }
    expect(steps.at(-1)?.leftMs).toBeGreaterThanOrEqual(0);
    expect(events[0]).toEqual({ type: "trainingStarted", steps: 12, epochs: 4, images: 5, finishedSteps: 0 });
    const previews = events.filter((event) => event.type === "trainingPreviewed");
    expect(previews.map(({ step, width, height, labels }) => [step, width, height, labels.length])).toEqual([
      [5, 64, 48, 64 * 48],
      [10, 64, 48, 64 * 48],
    ]);
  });

  it("gives the same weights for the same seed", async () => {
    expect((await lastWeights(short)).get("cls_head.weight")).toEqual(
      (await lastWeights(short)).get("cls_head.weight"),
    );
  });

  it("saves the last weights after every epoch and the best ones when they are", async () => {
    const store = memoryStore();
    const { best } = await train(task, { store });
    const last = store.checkpoints.filter(([kind]) => kind === "last");
    expect(last.map(([, { epoch }]) => epoch)).toEqual([1, 2, 3, 4]);
    const kept = store.newest("best");
    expect(kept).toMatchObject({ epoch: best?.epoch, miou: best?.miou, variant: { name: "alpha", value: 0.1 } });
    expect(kept.stateDict.get("backbone.bn1.batch_norm.num_batches_tracked")?.data).toEqual(
      BigInt64Array.of(BigInt(3 * kept.epoch)),
    );
    expect(store.states).toEqual([]); // removed at the end
  });

  it("keeps the best weights of each alpha of the grid, with that alpha in every layer", async () => {
    const store = memoryStore();
    const grid = { ...task, config: { ...tinyConfig, alpha: null, numAlphas: 3 } };
    const { bests, best } = await train(grid, { store });
    expect(bests.map(({ value }) => value).toSorted()).toEqual([0, 0.5, 1]);
    for (const { value: alpha, miou, epoch } of bests) {
      const saved = store.checkpoints.findLast(([kind, { variant }]) => kind === "variant" && variant.value === alpha);
      expect(saved?.[1]).toMatchObject({ miou, epoch });
      expect(saved?.[1].stateDict.get("backbone.layer2.0.bn1.alpha")?.data).toEqual(Float32Array.of(alpha ?? -1));
    }
    expect(store.newest("best")).toMatchObject({
      variant: { name: "alpha", value: best?.value },
      miou: Math.max(...bests.map(({ miou }) => miou)),
    });
  });

  it("gives the last weights as the best when there is nothing to validate on", async () => {
    const store = memoryStore();
    expect((await train(short, { store })).best).toBeNull();
    expect(store.checkpoints.map(([kind]) => kind)).toEqual(["last", "best"]);
    expect(store.newest("best").stateDict).toEqual(store.newest("last").stateDict);
  });

  it("stops between steps when asked to, and keeps where it was", async () => {
    const controller = new AbortController();
    const store = memoryStore();
    const events: TrainingEvent[] = [];
    const onEvent = (event: TrainingEvent) => {
      events.push(event);
      if (lossesOf(events).length === 2) controller.abort();
    };
    await expect(train(task, { onEvent, signal: controller.signal, store })).rejects.toThrow(CancelledError);
    expect(lossesOf(events)).toHaveLength(2);
    expect(store.states.map(({ progress }) => progress.step)).toEqual([2]);
  });

  it("stops at once while it waits for images, and keeps no state of a run that has made no step", async () => {
    const controller = new AbortController();
    const store = memoryStore();
    const reader = {
      read: () => {
        controller.abort();
        return Promise.withResolvers<never>().promise; // a disk that never answers
      },
      dispose: async () => undefined,
    };
    await expect(train({ ...task, reader }, { signal: controller.signal, store })).rejects.toThrow(CancelledError);
    expect(store.states).toEqual([]);
  });

  it("waits between steps while it is paused, with everything saved", async () => {
    const pause = new PauseSwitch();
    const store = memoryStore();
    const heard: string[] = [];
    const onEvent = (event: TrainingEvent) => {
      heard.push(event.type);
      if (event.type === "trainingStepFinished" && event.step === 2) pause.pause();
      if (event.type === "trainingPaused") setImmediate(() => pause.resume());
    };
    await train(short, { onEvent, pause, store });
    expect(heard.slice(3, 7)).toEqual(["trainingSaved", "trainingPaused", "trainingResumed", "trainingStepFinished"]);
  });

  it("says so when the loss is no number, and keeps what was saved before", async () => {
    const wild = { ...task, config: { ...tinyConfig, baseLr: 1e30 } };
    await expect(train(wild)).rejects.toMatchObject({
      code: "method.diverged",
      message: expect.stringMatching(/^The loss is .* in step \d+: .*lower the learning rate \(now 1e\+30\)\.$/),
    });
  });

  it("does not replace what was saved by weights that are no numbers", async () => {
    const store = memoryStore();
    const config = { ...tinyConfig, saveStep: 1, momentum: 0, weightDecay: 0, baseLr: 0.02 };
    // The third step's update is the one that spoils the weights; its own loss is still a number.
    const onEvent = (event: TrainingEvent) => {
      if (event.type === "trainingStepFinished" && event.step === 2)
        Object.assign(config, { baseLr: Number.MAX_VALUE });
    };
    await expect(train({ ...task, config }, { store, onEvent })).rejects.toMatchObject({
      code: "method.diverged",
      message: expect.stringContaining("The weights after step 2 are kept."),
    });
    expect(store.states.at(-1)?.progress.step).toBe(2);
  });

  it("passes over batches without a labelled pixel", async () => {
    const half = { ...unlabelled, read: (index: number) => (index % 2 === 0 ? unlabelled : horizon).read(index) };
    const config = { ...tinyConfig, batchSize: 1 };
    const task = sourceTask(config, half, onnxRuntime);
    const notices: string[] = [];
    const events: TrainingEvent[] = [];
    await train(task, { onEvent: (event) => events.push(event), onNotice: (message) => notices.push(message) });
    expect(lossesOf(events)).toHaveLength(tinyConfig.numEpochs);
    expect(notices[0]).toMatch(/No pixel of step \d has a label/);
    await expect(train(sourceTask(tinyConfig, unlabelled, onnxRuntime))).rejects.toThrow(
      /nothing was learnt from labels/,
    );
  });

  it("trains a DeepLabv3+", async () => {
    const config = { ...short.config, archType: "deeplabv3plus" as const };
    const losses = lossesOf(await eventsOf({ ...short, config }));
    expect(losses).toHaveLength(3);
    expect(losses.every((loss) => loss > 0 && loss < 10)).toBe(true);
  });
});
