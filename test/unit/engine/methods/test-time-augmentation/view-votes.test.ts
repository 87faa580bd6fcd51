// How far the views of an image agree with all of them together.
import fc from "fast-check";
import { expect, it } from "vitest";
import { agreementOf, voteOf } from "../../../../../src-main/engine/methods/test-time-augmentation/view-votes.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";

const map = (width: number, data: readonly number[]) => ({
  width,
  height: data.length / width,
  data: Uint8Array.from(data),
});

it("is 1 for a view that says the same at a lower resolution, 0 for one that says other things", () => {
  const fused = map(4, [0, 0, 1, 1, 0, 0, 1, 1]);
  expect(agreementOf([map(2, [0, 1])], fused)).toBe(1);
  expect(agreementOf([map(2, [1, 0])], fused)).toBe(0);
  expect(agreementOf([map(2, [0, 1]), map(2, [0, 0])], fused)).toBe(0.75);
});

it("turns the vote of a mirrored view round", async () => {
  // Two classes over a row of three pixels: class 1 wins in the first one only.
  const logits = onnxRuntime.upload(Float32Array.of(0, 1, 1, 1, 0, 0), [1, 2, 1, 3]);
  expect([...(await voteOf(logits, false)).data]).toEqual([1, 0, 0]);
  expect([...(await voteOf(logits, true)).data]).toEqual([0, 0, 1]);
  logits.dispose();
});

it("is a share, and 1 of a map with itself", () => {
  const labels = fc
    .record({ width: fc.integer({ min: 1, max: 6 }), height: fc.integer({ min: 1, max: 6 }) })
    .chain(({ width, height }) =>
      fc
        .array(fc.integer({ min: 0, max: 3 }), { minLength: width * height, maxLength: width * height })
        .map((data) => map(width, data)),
    );
  fc.assert(
    fc.property(labels, labels, (vote, fused) => {
      expect(agreementOf([fused], fused)).toBe(1);
      const agreement = agreementOf([vote, fused], fused);
      expect(agreement).toBeGreaterThanOrEqual(0.5);
      expect(agreement).toBeLessThanOrEqual(1);
    }),
  );
});
