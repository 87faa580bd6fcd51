// Both ONNX forms of max pooling's gradient give the same numbers; whole ones, so that the order of a sum does not matter.
import fc from "fast-check";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { graphOf } from "../../../../../src-main/engine/graph/graph.ts";
import { elementCount } from "../../../../../src-main/engine/graph/node.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { maxPool, type PoolAttrs } from "../../../../../src-main/engine/graph/ops/max-pool.ts";
import { maxPoolGradient } from "../../../../../src-main/engine/graph/ops/max-pool-gradient.ts";
import { outputName, writeOnnxModel } from "../../../../../src-main/engine/runtimes/onnx/write-onnx-model.ts";

const size = (max: number) => fc.integer({ min: 1, max });

/** Few different values, so that many windows have several largest ones. */
const levels = (count: number) =>
  fc
    .array(fc.integer({ min: -3, max: 3 }), { minLength: count, maxLength: count })
    .map((list) => Float32Array.from(list));

const cases = fc
  .record({
    shape: fc.tuple(size(2), size(3), size(9), size(9)),
    kernel: fc.tuple(size(3), size(3)),
    strides: fc.tuple(size(4), size(4)),
    isPadded: fc.boolean(),
  })
  .filter(({ shape, kernel, isPadded }) => isPadded || (shape[2] >= kernel[0] && shape[3] >= kernel[1]))
  .chain(({ shape, kernel, strides, isPadded }) => {
    const [top, left] = isPadded ? kernel.map((length) => length >> 1) : [];
    const [bottom, right] = isPadded ? kernel.map((length) => length - 1) : [];
    const attrs: PoolAttrs = { kernel, strides, pads: [top ?? 0, left ?? 0, bottom ?? 0, right ?? 0] };
    const pooled = maxPool(input("x", shape), attrs).shape;
    return fc.record({
      attrs: fc.constant(attrs),
      shape: fc.constant(shape),
      pooled: fc.constant(pooled),
      x: levels(elementCount(shape)),
      outGrad: levels(elementCount(pooled)),
    });
  });

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

async function computed({ attrs, shape, pooled, x, outGrad }: Case, hasPoolIndices: boolean): Promise<number[]> {
  const y = maxPoolGradient(input("x", shape), input("outGrad", pooled), attrs);
  const session = await InferenceSession.create(
    writeOnnxModel(graphOf({ y }), { hasCentredNorm: true, hasMicrosoftOps: true, hasPoolIndices }),
  );
  const results = await session.run({ x: new Tensor(x, shape), outGrad: new Tensor(outGrad, pooled) });
  await session.release();
  const values = (results[outputName("y")]?.data ?? []) as Float32Array;
  // A sum may begin at the one zero or the other.
  return Array.from(values, (value) => value + 0);
}

test("taps and indices agree for any kernel, stride and padding, ties included", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (testCase) => {
      expect(await computed(testCase, false)).toEqual(await computed(testCase, true));
    }),
    { seed: 20240301, numRuns: 60 },
  );
});
