// Steps of several parts, moving averages, dropout and the auxiliary loss: what each does to the weights.
import { describe, expect, it } from "vitest";
import { at } from "../../../../../src-main/engine/graph/node.ts";
import { partsOf } from "../../../../../src-main/engine/methods/source-training/batch-parts.ts";
import { sourceSampleMaker } from "../../../../../src-main/engine/methods/source-training/source-samples.ts";
import { type Batch, stacked } from "../../../../../src-main/engine/training/samples/sample.ts";
import { CancelledError } from "../../../../../src-shared/contract/errors.ts";
import type { SourceTrainingConfig } from "../../../../../src-shared/contract/training/source-training.ts";
import { CountingRuntime } from "../../../../helpers/counting-runtime.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { openSourceSteps } from "../../../../helpers/source-steps.ts";
import { horizon, tinyConfig } from "../../../../helpers/tiny-training.ts";
import { TOLERANCES } from "../../../../helpers/tolerances.ts";
import "../../../../helpers/to-be-all-close.ts";

const HEAD = "cls_head.weight";
/** At a rate that stays. */
const steady: SourceTrainingConfig = { ...tinyConfig, baseLr: 0.01, lrScheduler: "constant" };

async function batchOf(...places: number[]): Promise<Batch> {
  const make = sourceSampleMaker(tinyConfig);
  const samples = await Promise.all(places.map(async (place) => make(await horizon.read(place), { place, draw: 0 })));
  return Object.fromEntries(Object.entries(stacked(samples)).map(([name, plane]) => [`source.${name}`, plane]));
}

/** The losses of steps, and the state after the last. */
async function trained(config: SourceTrainingConfig, steps: readonly Batch[]) {
  const opened = await openSourceSteps(onnxRuntime, config);
  const losses: number[] = [];
  for (const batch of steps) losses.push(await opened.step(batch));
  const state = await opened.networks.snapshot();
  const stateDict = await opened.runner.unscored().stateDict();
  await opened.dispose();
  const dataOf = (name: string) => {
    const tensor = state.get(name);
    if (tensor === undefined) throw new Error(`no "${name}"`);
    return tensor.data as Float32Array;
  };
  return { losses, state, stateDict, dataOf };
}

const labelledPixels = (batch: Batch) => at(partsOf(batch, 100, tinyConfig.numClasses), 0).labelledPixels;

/** Only labels of the upper half count, from this image on. */
function withHalfTheLabels(batch: Batch, first: number): Batch {
  const { shape, data } = batch["source.labels"] as Batch[string];
  const pixels = 32 * 32;
  const labels = Uint8Array.from(data, (id, k) => (k < first * pixels || k % pixels < 16 * 32 ? id : 255));
  return { ...batch, "source.labels": { shape, data: labels } };
}

describe("a step of several parts", () => {
  const config: SourceTrainingConfig = { ...steady, weightDecay: 0, microBatchSize: 2 };

  it("has the gradients of its parts, each by its share of the labelled pixels", async () => {
    const [a, b] = [await batchOf(0, 1), withHalfTheLabels(await batchOf(2, 3), 0)];
    const both = await trained(config, [withHalfTheLabels(await batchOf(0, 1, 2, 3), 2)]);
    const [first, second] = [await trained(config, [a]), await trained(config, [b])];
    // The first velocity is the gradient.
    const gradients = [both, first, second].map(({ dataOf }) => dataOf(`velocity.${HEAD}`));
    const share = labelledPixels(a) / (labelledPixels(a) + labelledPixels(b));
    const mixed = at(gradients, 1).map((value, k) => share * value + (1 - share) * (at(gradients, 2)[k] ?? 0));
    expect(at(gradients, 0)).toBeAllClose(mixed, TOLERANCES.gradients);
    expect(both.losses[0]).toBeCloseTo(share * at(first.losses, 0) + (1 - share) * at(second.losses, 0), 5);
  });

  it("counts each part as a batch that normalisation has seen", async () => {
    const { stateDict } = await trained(config, [await batchOf(0, 1, 0, 1, 0, 1), await batchOf(0, 1)]);
    expect(stateDict.get("backbone.bn1.batch_norm.num_batches_tracked")?.data).toEqual(BigInt64Array.of(4n));
  });

  it("that is given up between its parts leaves everything as it was before, and no tensor behind", async () => {
    const [a, both] = [await batchOf(0, 1), await batchOf(0, 1, 2, 3)];
    const runtime = new CountingRuntime(onnxRuntime);
    const opened = await openSourceSteps(runtime, config);
    await opened.step(a);
    const before = await opened.networks.snapshot();
    const [state, alive] = [opened.runner.state(), runtime.alive];
    let asked = 0;
    const beforeTheSecondPart = {
      get aborted() {
        asked += 1;
        return asked === 2;
      },
    } as AbortSignal; // all that a step asks of it
    await expect(opened.step(both, beforeTheSecondPart)).rejects.toThrow(CancelledError);
    expect(await opened.networks.snapshot()).toEqual(before);
    expect(opened.runner.state()).toEqual(state);
    expect(runtime.alive).toBe(alive);
    const again = await opened.step(both);
    expect(runtime.alive).toBe(alive);
    await opened.dispose();
    expect(runtime.alive).toBe(0);
    expect((await trained(config, [a, both])).losses[1]).toBe(again);
  });

  it("leaves no gradients behind", async () => {
    const { state } = await trained(config, [await batchOf(0, 1, 0, 1)]);
    expect([...state.keys()].filter((name) => name.startsWith("gradient."))).toEqual([]);
  });
});

describe("the moving average", () => {
  it("starts as the weights, grows slower with every step, and is what is written", async () => {
    const a = await batchOf(0, 1);
    const config: SourceTrainingConfig = { ...steady, ema: 0.15 };
    const initial = at([...((await trained(config, [])).stateDict.get(HEAD)?.data ?? [])].map(Number), 0);
    const one = await trained(config, [a]);
    const two = await trained(config, [a, a]);
    const [w1, w2] = [one, two].map(({ dataOf }) => at([...dataOf(HEAD)], 0)) as [number, number];
    const e1 = 0.1 * initial + 0.9 * w1; // (1 + 0) / (10 + 0)
    const e2 = 0.15 * e1 + 0.85 * w2; // (1 + 1) / (10 + 1) is above the decay
    expect(at([...one.dataOf(`ema.${HEAD}`)], 0)).toBeCloseTo(e1, 7);
    expect(at([...two.dataOf(`ema.${HEAD}`)], 0)).toBeCloseTo(e2, 7);
    expect(two.stateDict.get(HEAD)?.data).toEqual(two.dataOf(`ema.${HEAD}`));
    expect(two.stateDict.get("backbone.bn1.batch_norm.running_mean")?.data).toEqual(
      two.dataOf("ema.backbone.bn1.batch_norm.running_mean"),
    );
  });
});

describe("the auxiliary loss", () => {
  it("adds its weighted part, trains its own head, and leaves it out of checkpoints", async () => {
    const a = await batchOf(0, 1);
    // Its dropout draws the same masks whatever the weight.
    const runs = await Promise.all([0, 0.4, 0.8].map((auxWeight) => trained({ ...steady, auxWeight }, [a])));
    const [none, some, more] = runs.map(({ losses }) => at(losses, 0)) as [number, number, number];
    expect(some).toBeGreaterThan(none);
    expect(more - none).toBeCloseTo(2 * (some - none), 5);
    expect(at(runs, 1).state.has("velocity.aux_head.4.bias")).toBe(true);
    expect([...at(runs, 1).stateDict.keys()]).toEqual([...at(runs, 0).stateDict.keys()]);
  });

  it("is refused for a network without the layer it reads", async () => {
    const config: SourceTrainingConfig = { ...tinyConfig, archType: "hrnet18", auxWeight: 0.4, cropSize: [64, 64] };
    await expect(trained(config, [])).rejects.toMatchObject({
      code: "input.option",
      message: "--aux-weight: the auxiliary loss reads layer3 of a ResNet, which hrnet18 has not; leave it out.",
    });
  });
});

describe("a crop", () => {
  it("that the network reduces to a single pixel is refused", async () => {
    await expect(trained({ ...tinyConfig, archType: "hrnet18" }, [])).rejects.toMatchObject({
      code: "image.size",
      message:
        "--crop-size: the network reduces 32 x 32 pixels to a single one, which has no variance; use more than 32.",
    });
  });
});

describe("dropout", () => {
  it("is drawn anew for every pass, and again alike when a run is repeated", async () => {
    const a = await batchOf(0, 1);
    const config: SourceTrainingConfig = { ...steady, dropout: true, baseLr: 0 };
    const still = { ...config, momentum: 0, weightDecay: 0 };
    const { losses } = await trained(still, [a, a]);
    expect(losses[0]).not.toBe(losses[1]);
    expect((await trained(still, [a, a])).losses).toEqual(losses);
  });
});
