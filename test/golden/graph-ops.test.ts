// Single layers and their gradients against what PyTorch recorded: interpolation, cross-entropy, convolutions, pooling, SaN.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { classTargets } from "../../src-main/engine/graph/functions/class-targets.ts";
import { crossEntropy } from "../../src-main/engine/graph/functions/cross-entropy.ts";
import { gradient, gradients } from "../../src-main/engine/graph/gradients.ts";
import { graphOf } from "../../src-main/engine/graph/graph.ts";
import { elementCount } from "../../src-main/engine/graph/node.ts";
import { add } from "../../src-main/engine/graph/ops/add.ts";
import { constant, scalar } from "../../src-main/engine/graph/ops/constant.ts";
import { conv } from "../../src-main/engine/graph/ops/conv.ts";
import { input } from "../../src-main/engine/graph/ops/input.ts";
import { maxPool } from "../../src-main/engine/graph/ops/max-pool.ts";
import { mul } from "../../src-main/engine/graph/ops/mul.ts";
import { reduceSum } from "../../src-main/engine/graph/ops/reduce-sum.ts";
import { reshape } from "../../src-main/engine/graph/ops/reshape.ts";
import { resizeBilinear } from "../../src-main/engine/graph/ops/resize-bilinear.ts";
import { softmax } from "../../src-main/engine/graph/ops/softmax.ts";
import type { Node, TensorData } from "../../src-main/engine/graph/types.ts";
import { GraphScope } from "../../src-main/engine/models/model-scope.ts";
import { BATCH_NORM_MOMENTUM } from "../../src-main/engine/models/normalization.ts";
import type { Runtime } from "../../src-main/engine/runtimes/runtime.ts";
import { hash32 } from "../helpers/generated-weights.ts";
import { evaluate, evaluateNamed, RUNTIMES } from "../helpers/runtimes-under-test.ts";
import { readFixtureTensors } from "../helpers/safetensors-fixture.ts";
import { intTensor, type TestTensor, tensor } from "../helpers/seeded-tensors.ts";
import "../helpers/to-be-all-close.ts";
import { FIXTURES } from "../helpers/fixtures-root.ts";
import { TOLERANCES } from "../helpers/tolerances.ts";

const FOLDER = join(FIXTURES, "E-image-ops");
const recorded = readFixtureTensors(join(FOLDER, "tensors.safetensors"));
const CASE = JSON.parse(readFileSync(join(FOLDER, "case.json"), "utf8")) as Case;

interface Case {
  readonly interpolate_bilinear: {
    readonly input: string;
    readonly cases: readonly {
      readonly size_hw: readonly [number, number];
      readonly align_corners: boolean;
      readonly output: string;
      readonly input_grad: string;
    }[];
  };
  readonly cross_entropy: { readonly loss: number };
  readonly layers: readonly Layer[];
}
interface Layer {
  readonly name: string;
  readonly type: "conv2d" | "maxpool" | "self-adaptive normalisation";
  readonly upstream_gradient_seed: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly mode: "train" | "eval";
}

const INTERPOLATION_SEED = 8005;
const CLASSES = 19;
const { goldenLayers } = TOLERANCES;

function given(name: string): TestTensor {
  const { shape, data } = recorded(name);
  return { shape, data: Float32Array.from(data) };
}

/** The gradient that arrives at the result: the generator's numbers around zero. */
function upstream(node: Node, seed: number): Node {
  const data = Float32Array.from({ length: elementCount(node.shape) }, (_, i) => hash32(seed, i) / 4294967296 - 0.5);
  return constant(data, node.shape);
}

function weightedSum(node: Node, seed: number): Node {
  return reduceSum(
    mul(node, upstream(node, seed)),
    node.shape.map((_, axis) => axis),
  );
}

function expectRecorded(found: Readonly<Record<string, TensorData>>): void {
  for (const [name, data] of Object.entries(found)) {
    expect(data, name).toBeAllClose(recorded(name).data, goldenLayers);
  }
}

describe.each(RUNTIMES)("%s", (_name, runtime) => {
  test("bilinear interpolation and its gradient, both ways to place pixels", async () => {
    const found = await evaluate(runtime, [given(CASE.interpolate_bilinear.input)], (x) => {
      const image = x as Node;
      const pairs = CASE.interpolate_bilinear.cases.flatMap(({ size_hw, align_corners, output, input_grad }) => {
        const y = resizeBilinear(image, size_hw, align_corners);
        const inputGradient = gradient(weightedSum(y, INTERPOLATION_SEED), image);
        return [
          [output, y],
          [input_grad, inputGradient],
        ] as const;
      });
      return Object.fromEntries(pairs);
    });
    expectRecorded(found);
  });

  test("one pixel spreads over the whole image", async () => {
    const name = "interp1.8x16.half";
    const found = await evaluate(runtime, [given("interp1.input")], (x) => ({
      [name]: resizeBilinear(x as Node, [8, 16], false),
    }));
    expectRecorded(found);
  });

  test("cross-entropy with ignored pixels, its gradient, and softmax", async () => {
    const target = recorded("ce.target");
    const labels = intTensor([1, 1, ...target.shape], [...target.data]);
    const found = await evaluate(runtime, [given("ce.logits"), labels], (logits, pixels) => {
      const loss = crossEntropy(logits as Node, classTargets(pixels as Node, CLASSES));
      const grad = gradient(loss, logits as Node);
      return { loss, "ce.grad": grad, "ce.softmax": softmax(logits as Node, 1) };
    });
    const { loss, ...rest } = found;
    expect(loss).toBeAllClose([CASE.cross_entropy.loss], goldenLayers);
    expectRecorded(rest);
  });

  test("cross-entropy over ignored pixels alone is NaN", async () => {
    const pixels = intTensor([1, 1, 1, 2], [255, 255]);
    const found = await evaluate(runtime, [tensor([1, 2, 1, 2], [1, 2, 3, 4]), pixels], (logits, labels) => ({
      loss: crossEntropy(logits as Node, classTargets(labels as Node, 2)),
    }));
    expect([...found.loss]).toEqual([Number.NaN]);
  });

  test.each(CASE.layers.filter(({ type }) => type === "conv2d"))("convolution $name", async (layer) => {
    const { name, kernel, stride, padding, dilation } = layer;
    const hasBias = name === "conv1b";
    const tensors = ["input", "param.weight", ...(hasBias ? ["param.bias"] : [])].map((part) =>
      given(`${name}.${part}`),
    );
    const found = await evaluate(runtime, tensors, (...nodes) => {
      const [x, weight, bias] = nodes as [Node, Node, Node | undefined];
      const product = conv(x, weight, {
        strides: [stride, stride],
        pads: [padding, padding, padding, padding],
        dilations: kernel === 1 ? [1, 1] : [dilation, dilation],
      });
      const y = bias === undefined ? product : add(product, reshape(bias, [1, ...bias.shape, 1, 1]));
      const grads = gradients(weightedSum(y, layer.upstream_gradient_seed), nodes);
      const names = ["input_grad", "grad.weight", "grad.bias"];
      return Object.fromEntries([["output", y] as const, ...grads.map((node, k) => [names[k] ?? "", node] as const)]);
    });
    expectRecorded(prefixed(name, found));
  });

  test.each(CASE.layers.filter(({ type }) => type === "maxpool"))("max pooling $name", async (layer) => {
    const { name, kernel, stride, padding } = layer;
    const found = await evaluate(runtime, [given(`${name}.input`)], (x) => {
      const image = x as Node;
      const y = maxPool(image, {
        kernel: [kernel, kernel],
        strides: [stride, stride],
        pads: [padding, padding, padding, padding],
      });
      return { output: y, input_grad: gradient(weightedSum(y, layer.upstream_gradient_seed), image) };
    });
    expectRecorded(prefixed(name, found));
  });

  test.each(CASE.layers.filter(({ mode }) => mode === "eval"))("normalisation $name", async (layer) => {
    expectRecorded(await normalized(runtime, layer, new GraphScope("adaptive", { statistics: "mixed" }), () => ({})));
  });

  test.each(CASE.layers.filter(({ mode }) => mode === "train"))(
    "normalisation $name with its statistics",
    async (layer) => {
      const scope = new GraphScope("adaptive", { statistics: "batch" });
      const found = await normalized(runtime, layer, scope, () => {
        const statistics = scope.statistics.get(`${layer.name}.param`);
        if (statistics === undefined) throw new Error("the layer left no statistics");
        return {
          [`${layer.name}.after.running_mean`]: updated(layer, "running_mean", statistics.mean),
          [`${layer.name}.after.running_var`]: updated(layer, "running_var", statistics.unbiasedVariance),
        };
      });
      expectRecorded(found);
    },
  );
});

/** One SaN layer on recorded data and parameters: the output, the gradients, and what else is asked for. */
function normalized(runtime: Runtime, layer: Layer, scope: GraphScope, more: () => Record<string, Node>) {
  const { name } = layer;
  const image = given(`${name}.input`);
  const x = input(`${name}.input`, image.shape);
  const y = scope.normalize(x, `${name}.param`);
  const channels = image.shape.slice(1, 2);
  const [weight, bias] = ["weight", "bias"].map((part) =>
    scope.parameter(`${name}.param.batch_norm.${part}`, channels),
  );
  const grads = gradients(weightedSum(y, layer.upstream_gradient_seed), [x, weight as Node, bias as Node]);
  const names = ["input_grad", "grad.batch_norm.weight", "grad.batch_norm.bias"];
  const outputs = {
    [`${name}.output`]: y,
    ...Object.fromEntries(names.map((part, k) => [`${name}.${part}`, grads[k] as Node])),
    ...more(),
  };
  const tensors = [...graphOf(outputs).inputs.keys()].map((key) => [key, given(key)] as const);
  return evaluateNamed(runtime, new Map(tensors), outputs);
}

/** A running statistic after the batch. Source: spec "2. SaN layer". */
function updated(layer: Layer, statistic: string, batch: Node): Node {
  const running = input(`${layer.name}.param.batch_norm.${statistic}`, batch.shape);
  return add(mul(scalar(1 - BATCH_NORM_MOMENTUM), running), mul(scalar(BATCH_NORM_MOMENTUM), batch));
}

function prefixed(name: string, found: Readonly<Record<string, TensorData>>): Record<string, TensorData> {
  return Object.fromEntries(Object.entries(found).map(([part, data]) => [`${name}.${part}`, data]));
}
