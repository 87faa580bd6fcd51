// One step of every architecture: what it changes, that its gradients are those of the loss, and that each image counts.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VELOCITY_PREFIX } from "../../../../../src-main/engine/checkpoints/momentum.ts";
import { elementCount, toFloat32 } from "../../../../../src-main/engine/checkpoints/state-dict.ts";
import {
  type TrainingSettings,
  trainingGraph,
} from "../../../../../src-main/engine/methods/source-training/training-graph.ts";
import type { Program } from "../../../../../src-main/engine/runtimes/runtime.ts";
import { allParameters } from "../../../../../src-main/engine/training/optimizers/parameter-groups.ts";
import { sgd } from "../../../../../src-main/engine/training/optimizers/sgd.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { type TestTensor, uniform } from "../../../../helpers/seeded-tensors.ts";
import { TINY_ARCHITECTURES, tinyWeights } from "../../../../helpers/tiny-architectures.ts";
import { TOLERANCES } from "../../../../helpers/tolerances.ts";
import "../../../../helpers/to-be-all-close.ts";

type Name = keyof typeof TINY_ARCHITECTURES;
type Tensors = ReadonlyMap<string, TestTensor>;
type Results = ReadonlyMap<string, Float32Array>;

/** Above the stride of HRNet's coarsest features. */
const SIZE = 40;
const PIXELS = SIZE * SIZE;
const LEARNING_RATE = 0.05;

const settings: TrainingSettings = {
  // DeepLabv3+'s own dropout would draw a mask for each place in the batch.
  places: "nowhere",
  auxWeight: 0,
  hasAverage: false,
  addsGradients: false,
  result: "update",
  isPart: false,
};

/** Tensors whose gradients are compared: first and last, and what only this architecture has. */
const COMPARED: Readonly<Record<Name, readonly string[]>> = {
  daformer: [
    "backbone.patch_embed1.proj.weight",
    "backbone.block1.0.attn.sr.weight",
    "backbone.block2.1.attn.kv.weight",
    "backbone.block3.0.mlp.dwconv.dwconv.weight",
    "backbone.norm4.bias",
    "decode_head.embed_layers.2.proj.weight",
    "decode_head.fuse_layer.aspp_modules.2.pointwise_conv.conv.weight",
  ],
  deeplab: ["backbone.conv1.weight", "backbone.layer3.0.bn1.batch_norm.weight", "cls_head.weight", "cls_head.bias"],
  deeplabv2: ["model.conv1.weight", "model.layer3.0.bn1.weight", "model.layer5.conv2d_list.2.bias"],
  deeplabv2vgg: ["features.42.weight", "features.44.bias", "classifier.conv2d_list.0.weight"],
  deeplabv3plus: [
    "model.backbone.conv1.weight",
    "model.classifier.project.0.weight",
    "model.classifier.aspp.convs.1.0.weight",
    "model.classifier.aspp.project.1.batch_norm.bias",
    "model.classifier.classifier.3.weight",
  ],
  dlv2red: ["backbone.block4.0.attn.q.bias", "decode_head.aspp_modules.1.conv.weight"],
  fcn8s: ["block1.0.weight", "block2.25.weight", "vgg_head.8.weight", "score_pool3.bias"],
  hrnet: [
    "model.conv1.weight",
    "model.transition3.3.0.0.weight",
    "model.stage3.1.fuse_layers.0.2.0.weight",
    "model.stage4.2.fuse_layers.3.0.0.1.batch_norm.weight",
    "model.last_layer.3.bias",
  ],
  segformer: ["backbone.block4.1.mlp.fc2.weight", "decode_head.linear_c.3.proj.weight", "decode_head.linear_pred.bias"],
};

/** Each image with its labels, by number; the second has fewer labelled pixels. */
function imageOf(number: number): { readonly image: Float32Array; readonly labels: Int32Array } {
  const { data } = uniform([3, SIZE, SIZE], 11 + number, [-2, 2]);
  const stripe = (i: number) => Math.floor(i / SIZE / 8) + 3 * number;
  const labels = Int32Array.from({ length: PIXELS }, (_, i) => (i % (5 - number) === 0 ? 255 : stripe(i)));
  return { image: Float32Array.from(data), labels };
}

function batchOf(...numbers: readonly number[]): Tensors {
  const images = numbers.map(imageOf);
  const image = Float32Array.from(images.flatMap((each) => [...each.image]));
  const labels = Int32Array.from(images.flatMap((each) => [...each.labels]));
  return new Map([
    ["image", { shape: [numbers.length, 3, SIZE, SIZE], data: image }],
    ["labels", { shape: [numbers.length, 1, SIZE, SIZE], data: labels }],
  ]);
}

class Steps {
  readonly keys: readonly string[];
  readonly #name: Name;
  readonly #start: Tensors;
  readonly #programs = new Map<number, { readonly program: Program; readonly inputs: ReadonlySet<string> }>();

  constructor(name: Name) {
    const weights = tinyWeights(TINY_ARCHITECTURES[name]);
    this.#name = name;
    this.keys = [...weights.keys()];
    this.#start = new Map([...weights].map(([key, tensor]) => [key, { ...tensor, data: toFloat32(tensor) }]));
  }

  startOf(key: string): Float32Array {
    return numbersOf(this.#start, key);
  }

  /** All outputs of one step, from the start with some tensors replaced. */
  async run(numbers: readonly number[], replaced: Tensors = new Map()): Promise<Results> {
    const { program, inputs } = await this.#program(numbers.length);
    const scalars = { learningRate: LEARNING_RATE, momentum: 0.9 };
    const given: Tensors = new Map([
      ...this.#start,
      ...[...this.#start].map(([key, { shape }]): [string, TestTensor] => [
        `${VELOCITY_PREFIX}${key}`,
        { shape, data: new Float32Array(elementCount(shape)) },
      ]),
      ...Object.entries(scalars).map(([key, value]): [string, TestTensor] => [
        key,
        { shape: [], data: Float32Array.of(value) },
      ]),
      ...batchOf(...numbers),
      ...replaced,
    ]);
    const used = [...given].filter(([key]) => inputs.has(key));
    const outputs = await program.run(new Map(used.map(([key, t]) => [key, onnxRuntime.upload(t.data, t.shape)])));
    const read = [...outputs].map(async ([key, out]) => [key, Float32Array.from(await out.read())] as const);
    return new Map(await Promise.all(read));
  }

  /** The loss where one tensor is moved. */
  async lossAt(numbers: readonly number[], key: string, move: (value: number, i: number) => number): Promise<number> {
    const shape = this.#start.get(key)?.shape ?? [];
    const data = Float32Array.from(this.startOf(key), move);
    return lossOf(await this.run(numbers, new Map([[key, { shape, data }]])));
  }

  async dispose(): Promise<void> {
    for (const { program } of this.#programs.values()) await program.dispose();
  }

  async #program(images: number) {
    const known = this.#programs.get(images);
    if (known !== undefined) return known;
    const { graph } = trainingGraph(
      TINY_ARCHITECTURES[this.#name],
      images,
      [SIZE, SIZE],
      settings,
      sgd(0.9, [allParameters(0)]),
    );
    const compiled = { program: await onnxRuntime.compile(graph), inputs: new Set(graph.inputs.keys()) };
    this.#programs.set(images, compiled);
    return compiled;
  }
}

function numbersOf(tensors: Tensors | Results, key: string): Float32Array {
  const found = tensors.get(key);
  if (found === undefined) throw new Error(`no "${key}"`);
  return found instanceof Float32Array ? found : (found.data as Float32Array);
}

function lossOf(results: Results): number {
  return numbersOf(results, "loss")[0] ?? Number.NaN;
}

const isStatistic = (key: string) => /\.running_(mean|var)$/.test(key);
/** What no step changes. Source: spec "3. Source training", update. */
const isSkipped = (key: string, name: Name) =>
  /\.(alpha|num_batches_tracked)$|\.fc\./.test(key) ||
  (name === "segformer" && key.startsWith("decode_head.conv_seg."));
/** Normalisation by the batch takes a bias before it away: its gradient is rounding at most. */
const isTakenAway = (keys: readonly string[], key: string) => {
  // A linear layer's goes through a convolution without padding unchanged, and so into the normalisation.
  if (/\.attn\.q\./.test(key)) return true; // of so small an image each stage has a single key, which gets all attention
  if (/linear_c\.\d\.proj\.bias$/.test(key)) return true;
  const [, list, place] = /^(.*)\.(\d+)\.bias$/.exec(key) ?? [];
  return list !== undefined && keys.includes(`${list}.${Number(place) + 1}.running_mean`);
};

describe.each(Object.keys(TINY_ARCHITECTURES) as Name[])("a step of training a %s on two images", (name) => {
  const steps = new Steps(name);
  let result: Results;
  beforeAll(async () => {
    result = await steps.run([0, 1]);
  }, 60_000);
  afterAll(() => steps.dispose());

  it("changes every weight and running statistic, and neither alphas nor the unused classifier", () => {
    const changed = steps.keys.filter((key) => !isSkipped(key, name));
    const velocities = changed.filter((key) => !isStatistic(key)).map((key) => `${VELOCITY_PREFIX}${key}`);
    expect([...result.keys()].toSorted()).toEqual([...changed, ...velocities, "loss"].toSorted());
    const same = changed.filter((key) => numbersOf(result, key).every((value, i) => value === steps.startOf(key)[i]));
    expect(same.filter((key) => !isTakenAway(steps.keys, key))).toEqual([]);
  });

  it("moves each weight against its gradient", () => {
    for (const key of steps.keys.filter((each) => !isSkipped(each, name) && !isStatistic(each))) {
      const gradient = numbersOf(result, `${VELOCITY_PREFIX}${key}`);
      const moved = steps.startOf(key).map((value, i) => value - LEARNING_RATE * (gradient[i] ?? Number.NaN));
      expect(numbersOf(result, key)).toBeAllClose(moved);
    }
  });

  it.each(COMPARED[name])("has the gradient of %s that differences of the loss have", async (key) => {
    const gradient = numbersOf(result, `${VELOCITY_PREFIX}${key}`);
    const norm = Math.hypot(...gradient);
    // Far enough for float32: the loss changes by about 0.004; near enough for few ReLUs to switch.
    const distance = Math.min(0.002 / norm, 0.02 * Math.hypot(...steps.startOf(key)));
    const along = (sign: number) => (value: number, i: number) =>
      value + ((sign * distance) / norm) * (gradient[i] ?? Number.NaN);
    const ahead = await steps.lossAt([0, 1], key, along(1));
    const behind = await steps.lossAt([0, 1], key, along(-1));
    const slope = (ahead - behind) / (2 * distance);
    expect(Math.abs(slope / norm - 1)).toBeLessThan(0.02);
  });

  it("learns from each image alike, whichever comes first", async () => {
    const swapped = await steps.run([1, 0]);
    expect(lossOf(swapped)).toBeCloseTo(lossOf(result), 5);
    const [head = ""] = COMPARED[name].slice(-1);
    const gradients = [swapped, result].map((each) => numbersOf(each, `${VELOCITY_PREFIX}${head}`));
    expect(gradients[0]).toBeAllClose(gradients[1] ?? [], TOLERANCES.gradients);
  });
});

describe("a step of training a DeepLabv3+ on one image", () => {
  it("is the one on two copies of it", async () => {
    const steps = new Steps("deeplabv3plus");
    const [one, two] = [await steps.run([1]), await steps.run([1, 1])];
    await steps.dispose();
    expect(lossOf(one)).toBeCloseTo(lossOf(two), 5);
    for (const key of ["backbone.bn1", "classifier.classifier.1", "classifier.aspp.convs.4.2"]) {
      const variance = `model.${key}.batch_norm.running_var`;
      expect(numbersOf(one, variance)).toBeAllClose(numbersOf(two, variance));
    }
    for (const key of ["model.backbone.conv1.weight", "model.classifier.classifier.3.weight"]) {
      expect(numbersOf(one, key)).toBeAllClose(numbersOf(two, key));
    }
  });
});
