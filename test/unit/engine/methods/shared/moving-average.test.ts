// The teacher: a copy at first, then an average that follows, beside a student that nothing changes.
import { afterAll, expect, it } from "vitest";
import { toFloat32 } from "../../../../../src-main/engine/checkpoints/state-dict.ts";
import { MovingAverage } from "../../../../../src-main/engine/methods/shared/moving-average.ts";
import { NetworkState } from "../../../../../src-main/engine/training/network-state.ts";
import { CountingRuntime } from "../../../../helpers/counting-runtime.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { TINY_ARCHITECTURES, tinyWeights } from "../../../../helpers/tiny-architectures.ts";

const architecture = TINY_ARCHITECTURES.deeplab;
const start = tinyWeights(architecture);
const other = new Map(
  [...start].map(([key, tensor]) => [key, { ...tensor, data: toFloat32(tensor).map((x) => x + 1) }]),
);

const runtime = new CountingRuntime(onnxRuntime);
const networks = new NetworkState(runtime, {
  student: { architecture, start },
  teacher: { architecture, start: new Map([...other].map(([key, t]) => [key, { ...t, dtype: "float32" as const }])) },
});
const [student, teacher] = [networks.network("student"), networks.network("teacher")];
const average = new MovingAverage({ runtime, student, teacher });
afterAll(async () => {
  await average.dispose();
  networks.dispose();
});

const WEIGHT = "backbone.layer1.0.conv1.weight";
const COUNT = "backbone.bn1.batch_norm.num_batches_tracked";
const read = async (network: typeof student, key: string) => Float32Array.from(await network.get(key).read());

it("follows the student by its share, in weights and statistics only, and leaves no tensor behind", async () => {
  const [mine, its, count] = [await read(student, WEIGHT), await read(teacher, WEIGHT), await read(teacher, COUNT)];
  const alive = runtime.alive;
  await networks.atomically(() => average.follow(0.99));
  expect(runtime.alive).toBe(alive);
  const expected = its.map((value, i) => Math.fround(0.99 * value + 0.01 * (mine[i] ?? Number.NaN)));
  for (const [i, value] of (await read(teacher, WEIGHT)).entries()) expect(value).toBeCloseTo(expected[i] ?? 0, 6);
  expect(await read(teacher, COUNT)).toEqual(count);
  expect(await read(student, WEIGHT)).toEqual(mine);
});

it("is as far from the student as the norms of the differences sum to", async () => {
  const alive = runtime.alive;
  const distance = await networks.atomically(() => average.followAndMeasure(0.9));
  expect(runtime.alive).toBe(alive);
  let sum = 0;
  for (const key of architecture.keys.keys()) {
    if (!/\.(weight|bias|running_mean|running_var)$/.test(key)) continue;
    const [a, b] = [await read(student, key), await read(teacher, key)];
    sum += Math.hypot(...a.map((value, i) => value - (b[i] ?? Number.NaN)));
  }
  expect(sum).toBeGreaterThan(1);
  expect(distance / sum).toBeCloseTo(1, 5);
});

it("begins as a copy of everything, which a step that fails takes back", async () => {
  const before = await networks.snapshot();
  const failing = networks.atomically(async () => {
    await average.copy();
    expect(await read(teacher, COUNT)).toEqual(await read(student, COUNT));
    throw new Error("too little memory");
  });
  await expect(failing).rejects.toThrow("too little memory");
  expect(await networks.snapshot()).toEqual(before);
  await networks.atomically(() => average.copy());
  for (const key of architecture.keys.keys()) expect(await read(teacher, key)).toEqual(await read(student, key));
});
