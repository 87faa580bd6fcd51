// Training runs: they learn, repeat, stop when asked, and give up when the loss is no number.
import { describe, expect, it } from "vitest";
import { type TrainedCheckpoint, train } from "../../../../../src-main/engine/methods/source-training/train.ts";
import { CancelledError } from "../../../../../src-shared/contract/errors.ts";
import type { TrainingEvent } from "../../../../../src-shared/contract/run-events.ts";
import { trainingConfigSchema } from "../../../../../src-shared/contract/training-config.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";

const config = trainingConfigSchema.parse({
  backboneName: "resnet18",
  width: 4,
  numClasses: 2,
  baseLr: 0.02,
  numEpochs: 4,
  batchSize: 2,
  cropSize: [32, 32],
  validationStart: 2,
  seed: 1,
});

/** Dark above, bright below: two classes that a small network tells apart at once. */
const horizon = {
  count: 5,
  read: (index: number) => {
    const isBelow = (i: number) => Math.floor(i / 64) > 16 + 4 * index;
    const labels = Uint8Array.from({ length: 64 * 48 }, (_, i) => (isBelow(i) ? 1 : 0));
    const data = Uint8Array.from({ length: 3 * labels.length }, (_, i) => (labels[Math.floor(i / 3)] === 1 ? 220 : 30));
    return Promise.resolve({
      image: { width: 64, height: 48, data },
      labels: { width: 64, height: 48, data: labels },
    });
  },
};

const unlabelled = {
  count: 2,
  read: async (index: number) => {
    const { image, labels } = await horizon.read(index);
    return { image, labels: { ...labels, data: new Uint8Array(labels.data.length).fill(255) } };
  },
};

const task = { runtime: onnxRuntime, config, data: horizon, validationData: horizon };

function lossesOf(events: readonly TrainingEvent[]): number[] {
  return events.flatMap((event) => (event.type === "trainingStepFinished" ? [event.loss] : []));
}

describe("train", () => {
  it("learns, and tells of every step and validation", async () => {
    const events: TrainingEvent[] = [];
    const long = { ...task, config: { ...config, numEpochs: 8, validationStart: 6 } };
    const result = await train(long, { onEvent: (event) => events.push(event) });
    const losses = lossesOf(events);
    expect(losses).toHaveLength(8 * 3); // five images in batches of two
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
    const validations = events.filter(({ type }) => type === "validationFinished");
    expect(validations.map((event) => "epoch" in event && event.epoch)).toEqual([7, 8]);
    expect(result.miou).toBeGreaterThan(0.7);
  });

  it("gives the same weights for the same seed", async () => {
    const short = { runtime: onnxRuntime, config: { ...config, numEpochs: 1 }, data: horizon };
    const head = async () => (await train(short)).stateDict.get("cls_head.weight");
    expect(await head()).toEqual(await head());
  });

  it("saves the last weights after every epoch and the best ones when they are", async () => {
    const saved: [string, TrainedCheckpoint][] = [];
    const save = (kind: "best" | "last", checkpoint: TrainedCheckpoint) => {
      saved.push([kind, checkpoint]);
      return Promise.resolve();
    };
    const result = await train(task, { save });
    expect(saved.filter(([kind]) => kind === "last").map(([, { epochs }]) => epochs)).toEqual([1, 2, 3, 4]);
    const best = saved.filter(([kind]) => kind === "best").map(([, checkpoint]) => checkpoint);
    expect(best.at(-1)).toEqual(result);
    expect(result.stateDict.get("backbone.bn1.batch_norm.num_batches_tracked")?.data).toEqual(
      BigInt64Array.of(BigInt(3 * result.epochs)),
    );
  });

  it("returns the last weights when there is nothing to validate on", async () => {
    const blind = { runtime: onnxRuntime, config: { ...config, numEpochs: 1 }, data: horizon };
    const kept: string[] = [];
    const save = (kind: string) => Promise.resolve(void kept.push(kind));
    expect(await train(blind, { save })).toMatchObject({ epochs: 1, miou: null });
    expect(kept).toEqual(["last", "best"]);
  });

  it("stops between steps when asked to", async () => {
    const controller = new AbortController();
    const events: TrainingEvent[] = [];
    const onEvent = (event: TrainingEvent) => {
      events.push(event);
      if (events.length === 2) controller.abort();
    };
    await expect(train(task, { onEvent, signal: controller.signal })).rejects.toThrow(CancelledError);
    expect(events).toHaveLength(2);
  });

  it("says so when the weights run away", async () => {
    const wild = { ...task, config: { ...config, baseLr: 1e30 } };
    await expect(train(wild)).rejects.toMatchObject({
      code: "method.diverged",
      message: expect.stringMatching(/^The loss is .* in step \d+: .*lower --base-lr \(now 1e\+30\)\.$/),
    });
  });

  it("passes over batches without a labelled pixel", async () => {
    const events: TrainingEvent[] = [];
    const blank = { runtime: onnxRuntime, config, data: unlabelled };
    await train(blank, { onEvent: (event) => events.push(event) });
    expect(events).toEqual([]);
  });
});
