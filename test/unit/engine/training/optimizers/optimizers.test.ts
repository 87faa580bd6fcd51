// Optimizers against their formulas, worked out in float64, and against TensorFlow.js where that has the same one.
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { gradients } from "../../../../../src-main/engine/graph/gradients.ts";
import { graphOf } from "../../../../../src-main/engine/graph/graph.ts";
import { at } from "../../../../../src-main/engine/graph/node.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { mul } from "../../../../../src-main/engine/graph/ops/mul.ts";
import { reduceSum } from "../../../../../src-main/engine/graph/ops/reduce-sum.ts";
import type { Node } from "../../../../../src-main/engine/graph/types.ts";
import type { DeviceTensor } from "../../../../../src-main/engine/runtimes/runtime.ts";
import { adam, adamW } from "../../../../../src-main/engine/training/optimizers/adam.ts";
import { type Optimizer, slotName } from "../../../../../src-main/engine/training/optimizers/optimizer.ts";
import {
  allParameters,
  groupOf,
  type ParameterGroup,
} from "../../../../../src-main/engine/training/optimizers/parameter-groups.ts";
import { sgd } from "../../../../../src-main/engine/training/optimizers/sgd.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import "../../../../helpers/to-be-all-close.ts";

/** Two parameters; the second ends in an axis of 1, as weights of 1x1 convolutions do. */
const START = { "a.weight": [1, -2, 0.5], "head.bias": [3, -0.25] } as const;
const SHAPES = { "a.weight": [3], "head.bias": [2, 1] } as const;
type Key = keyof typeof START;
const KEYS = Object.keys(START) as Key[];
/** Gradient of each parameter in each of three steps, apart from the scale. */
const GRADIENTS: Readonly<Record<Key, readonly number[]>>[] = [
  { "a.weight": [0.5, -0.1, 2], "head.bias": [-1, 0.3] },
  { "a.weight": [-0.2, 0.4, 1], "head.bias": [0.5, 0.1] },
  { "a.weight": [0.1, 0, -3], "head.bias": [2, -0.7] },
];
const RATES = [0.1, 0.05, 0.02];

const GROUPS: readonly ParameterGroup[] = [
  { name: "head", matches: (key) => key.startsWith("head."), rate: 10, decay: 0 },
  { name: "body", matches: () => true, rate: 1, decay: 0.01 },
];

const allSum = (x: Node): Node => reduceSum(x, [...x.shape.keys()]);

/** Runs the optimizer's graph on ONNX Runtime: the loss is Σ gradient·parameter. */
async function optimized(optimizer: Optimizer): Promise<Record<Key, Float32Array>> {
  const parameters = KEYS.map((key) => input(key, [...SHAPES[key]]));
  const given = KEYS.map((key) => input(`gradient.${key}`, [...SHAPES[key]]));
  const terms = parameters.map((parameter, k) => allSum(mul(parameter, at(given, k))));
  const updates = KEYS.map((key, k) => {
    const parameter = at(parameters, k);
    return optimizer.update(key, parameter, at(gradients(optimizer.objective(at(terms, k)), [parameter]), 0));
  });
  const graph = graphOf(Object.assign({}, ...updates));
  const program = await onnxRuntime.compile(graph);
  const upload = (data: ArrayLike<number>, shape: readonly number[]) =>
    onnxRuntime.upload(Float32Array.from(data), [...shape]);
  let state = new Map<string, DeviceTensor>(
    KEYS.flatMap((key): [string, DeviceTensor][] => [
      [key, upload(START[key], SHAPES[key])],
      ...optimizer.slots.map((slot): [string, DeviceTensor] => [
        slotName(slot, key),
        upload(new Float32Array(START[key].length), SHAPES[key]),
      ]),
    ]),
  );
  for (const [step, gradient] of GRADIENTS.entries()) {
    const scalars = optimizer.scalars(RATES[step] ?? 0, step);
    const inputs = new Map([
      ...state,
      ...KEYS.map((key): [string, DeviceTensor] => [`gradient.${key}`, upload(gradient[key], SHAPES[key])]),
      ...[...scalars].map(([name, value]): [string, DeviceTensor] => [name, upload([value], [])]),
    ]);
    state = await program.run(inputs);
  }
  await program.dispose();
  const read = await Promise.all(KEYS.map(async (key) => [key, await state.get(key)?.read()] as const));
  return Object.fromEntries(read) as Record<Key, Float32Array>;
}

/** What a formula makes of one number after the three steps. */
type Formula = (value: number, gradientOf: (step: number) => number, group: ParameterGroup) => number;

function byFormula(groups: readonly ParameterGroup[], formula: Formula): Record<Key, number[]> {
  return Object.fromEntries(
    KEYS.map((key) => [
      key,
      START[key].map((value, i) =>
        formula(value, (step) => GRADIENTS[step]?.[key][i] ?? Number.NaN, groupOf(groups, key)),
      ),
    ]),
  ) as Record<Key, number[]>;
}

const sgdFormula =
  (momentum: number): Formula =>
  (value, gradientOf, { rate, decay }) => {
    let [p, buffer] = [value, 0];
    for (const [step, lr] of RATES.entries()) {
      buffer = momentum * buffer + gradientOf(step) + decay * p;
      p -= lr * rate * buffer;
    }
    return p;
  };

const adamFormula =
  (isDecoupled: boolean, [beta1, beta2, epsilon]: readonly [number, number, number] = [0.9, 0.999, 1e-8]): Formula =>
  (value, gradientOf, { rate, decay }) => {
    let [p, m, v] = [value, 0, 0];
    for (const [step, base] of RATES.entries()) {
      const lr = base * rate;
      const g = gradientOf(step) + (isDecoupled ? 0 : decay * p);
      if (isDecoupled) p -= lr * decay * p;
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      p -= (lr * (m / (1 - beta1 ** (step + 1)))) / (Math.sqrt(v / (1 - beta2 ** (step + 1))) + epsilon);
    }
    return p;
  };

const ALL = [allParameters(0)];
const DECAYED = [allParameters(0.01)];

describe("three steps are what the formula says", () => {
  it.each<[string, Optimizer, readonly ParameterGroup[], Formula]>([
    ["SGD", sgd(0, ALL), ALL, sgdFormula(0)],
    ["SGD with decay", sgd(0, DECAYED), DECAYED, sgdFormula(0)],
    ["SGD with momentum", sgd(0.9, ALL), ALL, sgdFormula(0.9)],
    ["SGD with momentum, decay and groups", sgd(0.9, GROUPS), GROUPS, sgdFormula(0.9)],
    ["SGD with groups alone", sgd(0, GROUPS), GROUPS, sgdFormula(0)],
    ["Adam", adam(ALL), ALL, adamFormula(false)],
    ["Adam with decay and groups", adam(GROUPS), GROUPS, adamFormula(false)],
    [
      "Adam with betas of its own",
      adam(ALL, { beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }),
      ALL,
      adamFormula(false, [0.5, 0.9, 1e-3]),
    ],
    ["AdamW", adamW(DECAYED), DECAYED, adamFormula(true)],
    ["AdamW with groups", adamW(GROUPS), GROUPS, adamFormula(true)],
  ])("of %s", async (_, optimizer, groups, formula) => {
    const found = await optimized(optimizer);
    const expected = byFormula(groups, formula);
    for (const key of KEYS) expect(found[key]).toBeAllClose(expected[key]);
  });
});

describe("TensorFlow.js agrees", () => {
  it.each<[string, Optimizer, (rate: number) => tf.Optimizer]>([
    ["on SGD", sgd(0, ALL), (rate) => tf.train.sgd(rate)],
    // Its momentum is that of PyTorch as long as the rate stays: m ← 0.9·m + g; p ← p − lr·m.
    ["on SGD with momentum", sgd(0.9, ALL), (rate) => tf.train.momentum(rate, 0.9)],
    ["on Adam", adam(ALL), (rate) => tf.train.adam(rate, 0.9, 0.999, 1e-8)],
  ])("%s", async (_, optimizer, theirs) => {
    const found = await optimized({
      ...optimizer,
      scalars: (__, updates) => optimizer.scalars(0.1, updates),
    });
    const other = theirs(0.1);
    const variables = Object.fromEntries(
      KEYS.map((key) => [key, tf.variable(tf.tensor([...START[key]]), true, `${_} ${key}`)]),
    ) as Record<Key, tf.Variable>;
    for (const gradient of GRADIENTS) {
      other.applyGradients(Object.fromEntries(KEYS.map((key) => [variables[key].name, tf.tensor([...gradient[key]])])));
    }
    for (const key of KEYS) expect(found[key]).toBeAllClose(await variables[key].data());
  });
});

it("a parameter of no group is a mistake of ours", () => {
  expect(() => groupOf([], "x")).toThrow('the parameter "x" belongs to no group');
});
