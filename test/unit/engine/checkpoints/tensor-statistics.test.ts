// Statistics of tensors, and how far two checkpoints lie apart, against values worked by hand.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StateTensor } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import {
  HISTOGRAM_BINS,
  stateDictChanges,
  tensorStatistics,
} from "../../../../src-main/engine/checkpoints/tensor-statistics.ts";

function floats(...values: number[]): StateTensor {
  return { dtype: "float32", shape: [values.length], data: Float32Array.from(values) };
}

describe("statistics of a tensor", () => {
  it("are its extremes, mean, deviation and share of zeros", () => {
    expect(tensorStatistics("a", floats(0, 2, 4, 0))).toMatchObject({
      values: 4,
      min: 0,
      max: 4,
      mean: 1.5,
      deviation: Math.sqrt((2.25 + 0.25 + 6.25 + 2.25) / 4),
      zeros: 2,
    });
  });

  it("count what is no number and leave it out of everything else", () => {
    const found = tensorStatistics("a", floats(1, Number.NaN, 3, Number.POSITIVE_INFINITY));
    expect(found).toMatchObject({ min: 1, max: 3, mean: 2, deviation: 1, notNumbers: 1, infinities: 1 });
    expect(found.histogram.reduce((sum, count) => sum + count)).toBe(2);
    expect(tensorStatistics("a", floats(Number.NaN))).toMatchObject({ min: null, mean: null, histogram: [] });
  });

  it("read integers and half precision as they are meant", () => {
    const counter: StateTensor = { dtype: "int64", shape: [], data: BigInt64Array.from([7n]) };
    expect(tensorStatistics("n", counter)).toMatchObject({ min: 7, max: 7, deviation: 0, histogram: [1] });
    const half: StateTensor = { dtype: "float16", shape: [1], data: Uint16Array.from([0x3c00]) };
    expect(tensorStatistics("h", half).mean).toBe(1);
  });

  it("put every finite value into one part of the histogram", () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (values) => {
        const { histogram, deviation } = tensorStatistics("a", floats(...values));
        expect(histogram.reduce((sum, count) => sum + count)).toBe(values.length);
        expect([1, HISTOGRAM_BINS]).toContain(histogram.length);
        expect(deviation).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("the difference of two checkpoints", () => {
  it("is the length of the change over the length of what was there", () => {
    const changes = stateDictChanges(
      new Map([
        ["w", floats(3, 4)],
        ["same", floats(1, Number.NaN)],
        ["zero", floats(0, 0)],
        ["shape", floats(1)],
        ["gone", floats(1)],
      ]),
      new Map([
        ["w", floats(3, 5)],
        ["same", floats(1, Number.NaN)],
        ["zero", floats(0, 1)],
        ["shape", floats(1, 2)],
        ["new", floats(1)],
      ]),
    );
    expect(changes).toEqual([
      { key: "w", kind: "changed", relative: 0.2, largest: 1 },
      { key: "same", kind: "same", relative: 0, largest: 0 },
      { key: "zero", kind: "changed", relative: null, largest: 1 },
      { key: "shape", kind: "otherShape", relative: null, largest: null },
      { key: "gone", kind: "onlyHere", relative: null, largest: null },
      { key: "new", kind: "onlyThere", relative: null, largest: null },
    ]);
  });

  it("has no size where a value became no number", () => {
    const [change] = stateDictChanges(new Map([["w", floats(1, 2)]]), new Map([["w", floats(1, Number.NaN)]]));
    expect(change).toEqual({ key: "w", kind: "changed", relative: null, largest: null });
  });
});
