// The seeded random stream.
import { describe, expect, it } from "vitest";
import { createRandom, mixSeeds } from "../../../src-main/engine/random.ts";

describe("createRandom", () => {
  it("repeats its stream for a seed and changes it for another", () => {
    const draw = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 20 }, () => random.next());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(8)).not.toEqual(draw(7));
  });

  it("is uniform in [0, 1), without correlation between neighbours", () => {
    const random = createRandom(1);
    const values = Array.from({ length: 20_000 }, () => random.next());
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const lag =
      values.slice(1).reduce((sum, value, i) => sum + (value - 0.5) * ((values[i] ?? 0) - 0.5), 0) / values.length;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(mean).toBeCloseTo(0.5, 1);
    expect(Math.abs(lag)).toBeLessThan(0.003);
    const bins = new Array<number>(16).fill(0);
    for (const value of values) bins[Math.floor(value * 16)] = (bins[Math.floor(value * 16)] ?? 0) + 1;
    for (const count of bins) expect(Math.abs(count - 1250)).toBeLessThan(150);
  });

  it("draws normals of mean 0 and deviation 1", () => {
    const random = createRandom(2);
    const values = Array.from({ length: 20_000 }, () => random.normal());
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });

  it("keeps uniform, integer and pick inside their ranges", () => {
    const random = createRandom(3);
    for (let i = 0; i < 500; i++) {
      const x = random.uniform(-2, 5);
      expect(x >= -2 && x < 5).toBe(true);
      expect([0, 1, 2]).toContain(random.integer(3));
      expect(["a", "b"]).toContain(random.pick(["a", "b"]));
    }
    expect(() => random.pick([])).toThrow(RangeError);
  });
});

describe("mixSeeds", () => {
  it("depends on every part and on their order", () => {
    const seeds = [mixSeeds(1, 2), mixSeeds(2, 1), mixSeeds(1, 2, 0), mixSeeds(1), mixSeeds(1 + 2 ** 32)];
    expect(new Set(seeds).size).toBe(seeds.length);
  });
});
