// Three steps of source training against the recorded ones: losses, rates, gradients, changes, running statistics.
import { beforeAll, describe, expect, it } from "vitest";
import { graphOf } from "../../src-main/engine/graph/graph.ts";
import { at } from "../../src-main/engine/graph/node.ts";
import { input } from "../../src-main/engine/graph/ops/input.ts";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import { normalize } from "../../src-main/engine/images/normalize.ts";
import { scheduleOf } from "../../src-main/engine/methods/source-training/optimizer.ts";
import { forward } from "../../src-main/engine/models/architecture.ts";
import { GraphScope } from "../../src-main/engine/models/model-scope.ts";
import type { NamedTensors } from "../../src-main/engine/runtimes/runtime.ts";
import type { Batch } from "../../src-main/engine/training/samples/sample.ts";
import { sourceTrainingConfigSchema } from "../../src-shared/contract/training/source-training.ts";
import { FIXTURES } from "../helpers/fixtures-root.ts";
import { type GoldenModelCase, goldenWeights, readCase } from "../helpers/golden-model.ts";
import { onnxRuntime } from "../helpers/runtimes-under-test.ts";
import { readFixtureTensors } from "../helpers/safetensors-fixture.ts";
import { openSourceSteps } from "../helpers/source-steps.ts";

const FOLDER = "F-training";

interface Probe {
  readonly norm: number;
  readonly probe: readonly number[];
}

interface TrainingCase extends GoldenModelCase {
  readonly images: readonly string[];
  readonly train_ids: readonly string[];
  readonly alpha: number;
  readonly hyper: { base_lr: number; momentum: number; weight_decay: number; max_iter: number };
  readonly learning_rates_for_step_0_1_2_and_next: readonly number[];
  readonly poly_schedule_max_iter_21: readonly number[];
  readonly losses: readonly number[];
  readonly gradients_step0: Readonly<Record<string, Probe>>;
  readonly after_step: readonly Readonly<Record<string, Probe | number>>[];
  readonly suggested_tolerance: {
    readonly loss_abs: readonly number[];
    readonly lowres_logits_max_abs: readonly number[];
    readonly delta_rel_after_step: readonly Readonly<Record<string, number>>[];
    readonly grad_rel_step0: Readonly<Record<string, number>>;
  };
}

interface Recorded {
  readonly losses: number[];
  /** Data by key before the first step and after each. */
  readonly states: ReadonlyMap<string, Float32Array>[];
  readonly logits: Float32Array[];
  readonly counts: (bigint | undefined)[];
}

const golden = readCase<TrainingCase>(FOLDER);
const { hyper, suggested_tolerance: tolerance } = golden;
const STEPS = golden.losses.length;
const ratesOf = (count: number, steps: number): number[] => {
  const schedule = scheduleOf({ lrScheduler: "poly", warmupSteps: 0 }, steps);
  return Array.from({ length: count }, (_, step) => hyper.base_lr * schedule(step));
};

let recorded: Recorded;

beforeAll(async () => {
  recorded = await runSteps();
});

describe("three training steps of DeepLabv1-ResNet-50 on a batch of two", () => {
  it.each(Array.from({ length: STEPS }, (_, step) => step))("step %i has the recorded loss and logits", (step) => {
    expect(Math.abs(at(recorded.losses, step) - at(golden.losses, step))).toBeLessThan(at(tolerance.loss_abs, step));
    const expected = readFixtureTensors(`${FIXTURES}${FOLDER}/tensors.safetensors`)(`lowres_logits.step${step}`).data;
    expect(largestDifference(at(recorded.logits, step), expected)).toBeLessThan(
      at(tolerance.lowres_logits_max_abs, step),
    );
  });

  it.each(Object.entries(golden.gradients_step0))("the first gradient of %s is the recorded one", (key, { probe }) => {
    const initial = stateOf(0, key);
    const velocity = stateOf(1, `velocity.${key}`);
    // The first velocity is the gradient plus the weight decay.
    const gradient = velocity.map((value, k) => value - hyper.weight_decay * (initial[k] ?? 0));
    expect(relativeDifference(probeOf(gradient, probe.length), probe)).toBeLessThan(
      tolerance.grad_rel_step0[key] ?? Number.NaN,
    );
  });

  it.each(changes())("after step %i %s has changed as recorded", (step, key, { probe }) => {
    const initial = stateOf(0, key);
    const change = stateOf(step + 1, key).map((value, k) => value - (initial[k] ?? 0));
    const limit = tolerance.delta_rel_after_step[step]?.[key];
    if (limit === undefined) expect(probeOf(change, probe.length)).toEqual([...probe]);
    else expect(relativeDifference(probeOf(change, probe.length), probe)).toBeLessThan(limit);
  });

  it("counts its batches in every normalisation layer", () => {
    expect(recorded.counts).toEqual([1n, 2n, 3n]);
  });
});

describe("the polynomial schedule", () => {
  it("has the recorded learning rates", () => {
    const rates = golden.learning_rates_for_step_0_1_2_and_next;
    expect(ratesOf(rates.length, hyper.max_iter - 1)).toEqual(rates.map((rate) => expect.closeTo(rate, 12)));
    const long = golden.poly_schedule_max_iter_21;
    expect(ratesOf(long.length, 20)).toEqual(long.map((rate) => expect.closeTo(rate, 12)));
  });
});

async function runSteps(): Promise<Recorded> {
  const start = await goldenWeights(FOLDER, golden, golden.alpha);
  const { batch, size } = await recordedBatch();
  const { momentum, weight_decay: weightDecay, base_lr: baseLr } = hyper;
  const config = sourceTrainingConfigSchema.parse({
    momentum,
    weightDecay,
    baseLr,
    cropSize: size,
    alpha: golden.alpha,
  });
  const opened = await openSourceSteps(onnxRuntime, config, { steps: hyper.max_iter - 1, start });
  const { network, runner } = opened;
  const { data: images, shape } = at(Object.values(batch), 0);
  const image = input("image", shape);
  const scope = new GraphScope(start.architecture.normalization, { statistics: "batch" });
  const program = await onnxRuntime.compile(graphOf({ logits: forward(start.architecture, scope, image).logits }));
  const pixels = onnxRuntime.upload(images as Float32Array, image.shape);
  const result: Recorded = { losses: [], states: [await copied(network.tensors)], logits: [], counts: [] };
  for (let step = 0; step < STEPS; step++) {
    const outputs = await program.run(new Map([...network.tensors, ["image", pixels]]));
    result.logits.push(Float32Array.from((await outputs.get("logits")?.read()) ?? []));
    result.losses.push(await opened.step(batch));
    result.states.push(await copied(network.tensors));
    const count = (await runner.unscored().stateDict()).get("backbone.layer4.2.bn3.batch_norm.num_batches_tracked");
    result.counts.push((count?.data as BigInt64Array | undefined)?.[0]);
  }
  await program.dispose();
  await opened.dispose();
  return result;
}

async function recordedBatch(): Promise<{ batch: Batch; size: [number, number] }> {
  const images = await Promise.all(golden.images.map((name) => decodeImage(`${FIXTURES}${FOLDER}/${name}`)));
  const labels = await Promise.all(golden.train_ids.map((name) => decodeLabelMap(`${FIXTURES}${FOLDER}/${name}`)));
  const { height, width } = at(images, 0);
  const batch: Batch = {
    "source.image": {
      shape: [images.length, 3, height, width],
      data: Float32Array.from(images.flatMap((image) => [...normalize(image)])),
    },
    "source.labels": {
      shape: [images.length, height, width],
      data: Uint8Array.from(labels.flatMap(({ data }) => [...data])),
    },
  };
  return { batch, size: [height, width] };
}

/** Copies of the tensors that the case says something about: a step may reuse the memory of the one before last. */
async function copied(tensors: NamedTensors): Promise<Map<string, Float32Array>> {
  const keys = new Set([...Object.keys(at(golden.after_step, 0)), ...Object.keys(golden.gradients_step0)]);
  const copies = new Map<string, Float32Array>();
  for (const [key, tensor] of tensors) {
    if (keys.has(key.replace(/^velocity\./, ""))) copies.set(key, Float32Array.from(await tensor.read()));
  }
  return copies;
}

function changes(): [number, string, Probe][] {
  return golden.after_step.flatMap((state, step) =>
    Object.entries(state).flatMap(([key, value]): [number, string, Probe][] =>
      typeof value === "number" ? [] : [[step, key, value]],
    ),
  );
}

function stateOf(step: number, key: string): Float32Array {
  const data = at(recorded.states, step).get(key);
  if (data === undefined) throw new Error(`no "${key}" after ${step} steps`);
  return data;
}

/** The elements floor(k·n / count). */
function probeOf(data: Float32Array, count: number): number[] {
  return Array.from({ length: count }, (_, k) => data[Math.floor((k * data.length) / count)] ?? Number.NaN);
}

function relativeDifference(found: readonly number[], expected: readonly number[]): number {
  const norm = (values: readonly number[]) => Math.hypot(...values);
  return norm(found.map((value, k) => value - at(expected, k))) / norm(expected);
}

function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  return Array.from(expected).reduce((worst, value, k) => Math.max(worst, Math.abs(value - (found[k] ?? NaN))), 0);
}
