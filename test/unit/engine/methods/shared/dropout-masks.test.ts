// Dropout masks: the share that is dropped, what the rest is scaled by, and the seed.
import { describe, expect, it } from "vitest";
import { keptFactor, seededMasks } from "../../../../../src-main/engine/methods/shared/dropout-masks.ts";

describe("seededMasks", () => {
  const wanted = { shape: [2, 50, 100, 10], rate: 0.1 };
  const mask = seededMasks(1)(0, wanted);

  it("drops a tenth, and scales the rest so that the mean stays", () => {
    const dropped = mask.filter((value) => value === 0).length / mask.length;
    expect(dropped).toBeCloseTo(0.1, 2);
    expect(mask.every((value) => value === 0 || value === Math.fround(keptFactor(0.1)))).toBe(true);
    expect(keptFactor(0.1)).toBeCloseTo(1 / 0.9, 12);
    expect(mask.reduce((sum, value) => sum + value, 0) / mask.length).toBeCloseTo(1, 2);
  });

  it("drops the share that is asked for", () => {
    const half = seededMasks(1)(0, { ...wanted, rate: 0.5 });
    expect(half.filter((value) => value === 0).length / half.length).toBeCloseTo(0.5, 2);
    expect(new Set(half)).toEqual(new Set([0, 2]));
  });

  it("gives the same mask for the same seed and place, and another for another", () => {
    expect(seededMasks(1)(0, wanted)).toEqual(mask);
    expect(seededMasks(2)(0, wanted)).not.toEqual(mask);
    expect(seededMasks(1)(1, wanted)).not.toEqual(mask);
  });
});
