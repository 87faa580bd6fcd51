// What a network sees in an image as one vector: its length, its channels, and whose likeness it tells.
import { afterAll, beforeAll, expect, it } from "vitest";
import { embedImage } from "../../../../../src-main/engine/methods/inference/embed-image.ts";
import { createRuntime } from "../../../../../src-main/engine/runtimes/create-runtime.ts";
import type { Runtime } from "../../../../../src-main/engine/runtimes/runtime.ts";
import { tinyModelOf } from "../../../../helpers/tiny-architectures.ts";
import { blockImage } from "../../../../helpers/tiny-model.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ runtime: "onnx", provider: "cpu", threads: undefined });
});
afterAll(() => runtime.dispose());

it.each([
  ["deeplab", 64], // layer4 of a basic ResNet of width 8
  ["deeplabv3plus", 64], // without layer1's details, which only pass by
  ["hrnet", 4 + 8 + 16 + 32], // all four branches
  ["daformer", 64], // stage4 alone, once
] as const)("%s: means of the last backbone stage's features, of length 1", async (name, channels) => {
  const model = tinyModelOf(runtime, name);
  const [one, same, other] = [blockImage(96, 64, 1), blockImage(96, 64, 1), blockImage(96, 64, 9)];
  const vectors = [await embedImage(model, one), await embedImage(model, same), await embedImage(model, other)];
  const [a, b, c] = vectors as [Float32Array, Float32Array, Float32Array];
  expect(a).toHaveLength(channels);
  expect(Math.hypot(...a)).toBeCloseTo(1, 5);
  expect(b).toEqual(a);
  expect(cosine(a, c)).toBeLessThan(1 - 1e-6);
  await model.dispose();
});

it("a large image is reduced first, so that its vector is nearly that of a small copy", async () => {
  const model = tinyModelOf(runtime, "deeplab");
  const plain = { width: 1024, height: 512, data: new Uint8Array(1024 * 512 * 3).fill(90) };
  const small = { width: 512, height: 256, data: new Uint8Array(512 * 256 * 3).fill(90) };
  expect(cosine(await embedImage(model, plain), await embedImage(model, small))).toBeCloseTo(1, 5);
  await model.dispose();
});

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
