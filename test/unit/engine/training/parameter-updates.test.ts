// Updates parameter by parameter: the same numbers as by one graph, the network's slots with them, and what a failure leaves.
import { expect, it } from "vitest";
import { graphOf } from "../../../../src-main/engine/graph/graph.ts";
import { input } from "../../../../src-main/engine/graph/ops/input.ts";
import type { DeviceTensor, Runtime } from "../../../../src-main/engine/runtimes/runtime.ts";
import { NetworkState } from "../../../../src-main/engine/training/network-state.ts";
import { adamW } from "../../../../src-main/engine/training/optimizers/adam.ts";
import { keyedGroups } from "../../../../src-main/engine/training/optimizers/keyed-groups.ts";
import { slotName } from "../../../../src-main/engine/training/optimizers/optimizer.ts";
import { sgd } from "../../../../src-main/engine/training/optimizers/sgd.ts";
import { ParameterUpdates } from "../../../../src-main/engine/training/parameter-updates.ts";
import { onnxRuntime, RUNTIMES } from "../../../helpers/runtimes-under-test.ts";
import { uniform } from "../../../helpers/seeded-tensors.ts";
import { TINY_ARCHITECTURES } from "../../../helpers/tiny-architectures.ts";

/** Two of one shape and group, one of another group, one of another shape. */
const SHAPES = { "a.weight": [2, 3], "b.weight": [2, 3], "norm.weight": [2, 3], "head.bias": [4] } as const;
const KEYS = Object.keys(SHAPES) as (keyof typeof SHAPES)[];
const GROUPS = keyedGroups(0.1, { head: { rate: 10 }, norm: { decay: 0 } });
const RATES = [0.1, 0.05];

const numbersOf = (key: keyof typeof SHAPES, seed: number) =>
  Float32Array.from(uniform(SHAPES[key], seed + KEYS.indexOf(key)).data as Float32Array);

function networkOn(runtime: Runtime) {
  const start = new Map(
    KEYS.map((key) => [key, { dtype: "float32" as const, shape: SHAPES[key], data: numbersOf(key, 1) }] as const),
  );
  const state = new NetworkState(runtime, { net: { architecture: TINY_ARCHITECTURES.deeplab, start } });
  return { state, network: state.network("net") };
}

const gradientsOn = (runtime: Runtime, step: number): Map<string, DeviceTensor> =>
  new Map(KEYS.map((key) => [key, runtime.upload(numbersOf(key, 100 * (step + 1)), SHAPES[key])]));

async function numbers(
  tensors: ReadonlyMap<string, DeviceTensor>,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const read = [...tensors].map(async ([name, tensor]) => [name, [...(await tensor.read())]] as const);
  return Object.fromEntries((await Promise.all(read)).sort());
}

it.each([
  ["AdamW", adamW(GROUPS)],
  ["SGD with momentum", sgd(0.9, GROUPS)],
])("%s: two steps are those of one graph of all parameters, to the bit", async (_, optimizer) => {
  const { state, network } = networkOn(onnxRuntime);
  const updates = new ParameterUpdates(onnxRuntime, optimizer, GROUPS);
  const all = KEYS.map((key) => optimizer.update(key, input(key, SHAPES[key]), input(`gradient.${key}`, SHAPES[key])));
  const whole = await onnxRuntime.compile(graphOf(Object.assign({}, ...all)));
  let expected = new Map<string, DeviceTensor>(
    KEYS.flatMap((key) => [
      [key, onnxRuntime.upload(numbersOf(key, 1), SHAPES[key])] as const,
      ...optimizer.slots.map((slot) => {
        const zeros = new Float32Array(numbersOf(key, 1).length);
        return [slotName(slot, key), onnxRuntime.upload(zeros, SHAPES[key])] as const;
      }),
    ]),
  );
  for (const [step, rate] of RATES.entries()) {
    const scalars = optimizer.scalars(rate, step);
    await state.atomically(() => updates.apply(network, gradientsOn(onnxRuntime, step), scalars));
    const given = [...scalars].map(([name, value]) => [name, onnxRuntime.upload(Float32Array.of(value), [])] as const);
    const gradients = [...gradientsOn(onnxRuntime, step)].map(([key, tensor]) => [`gradient.${key}`, tensor] as const);
    expected = await whole.run(new Map([...expected, ...given, ...gradients]));
  }
  expect(await numbers(network.tensors)).toEqual(await numbers(expected));
  await updates.dispose();
  await whole.dispose();
  state.dispose();
});

it.each(RUNTIMES)("compiles one program for each shape and group on %s", async (_name, runtime) => {
  let compiled = 0;
  const counting: Runtime = {
    description: runtime.description,
    upload: (data, shape) => runtime.upload(data, shape),
    compile: (graph) => {
      compiled += 1;
      return runtime.compile(graph);
    },
    dispose: () => runtime.dispose(),
  };
  const { state, network } = networkOn(runtime);
  const updates = new ParameterUpdates(counting, adamW(GROUPS), GROUPS);
  for (const [step, rate] of RATES.entries()) {
    await state.atomically(() => updates.apply(network, gradientsOn(runtime, step), adamW(GROUPS).scalars(rate, step)));
  }
  expect(compiled).toBe(3);
  await updates.dispose();
  state.dispose();
});

it("a step that fails in the middle changes nothing", async () => {
  const { state, network } = networkOn(onnxRuntime);
  const updates = new ParameterUpdates(onnxRuntime, adamW(GROUPS), GROUPS);
  const before = await numbers(network.tensors);
  const gradients = gradientsOn(onnxRuntime, 0);
  gradients.set("unknown.weight", onnxRuntime.upload(new Float32Array(6), [2, 3]));
  const scalars = adamW(GROUPS).scalars(0.1, 0);
  await expect(state.atomically(() => updates.apply(network, gradients, scalars))).rejects.toThrow("unknown.weight");
  expect(await numbers(network.tensors)).toEqual(before);
  await updates.dispose();
  state.dispose();
});
