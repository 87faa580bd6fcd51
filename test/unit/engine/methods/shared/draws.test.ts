// Draws from a seed: repeatable, in range, and each order of colour changes as likely.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COLOR_CHANGES } from "../../../../../src-main/engine/images/jitter-colors.ts";
import { seededDraws } from "../../../../../src-main/engine/methods/shared/draws.ts";

const STRENGTH = { brightness: 0.4, contrast: 1.5, saturation: 0.2, hue: 0.1 };

describe("draws of a seed", () => {
  test("are the same each time, and others with another seed", () => {
    const list = (seed: number) => {
      const draws = seededDraws(seed);
      return [draws.unit(), draws.uniform(1, 2), draws.integer(3, 9), draws.cropOrigin(4, 5), draws.jitter(STRENGTH)];
    };
    expect(list(7)).toEqual(list(7));
    expect(list(7)).not.toEqual(list(8));
  });

  test("lie where they are asked for, ends of whole numbers included", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const draws = seededDraws(seed);
        const jitter = draws.jitter(STRENGTH);
        expect([...jitter.order].toSorted()).toEqual([...COLOR_CHANGES].toSorted());
        expect(Math.abs(jitter.brightness - 1)).toBeLessThanOrEqual(0.4);
        expect(jitter.contrast).toBeGreaterThanOrEqual(0); // 1 - 1.5 would be below
        expect(Math.abs(jitter.hue)).toBeLessThanOrEqual(0.1);
        expect([-2, -1, 0]).toContain(draws.integer(-2, 0));
        expect(draws.cropOrigin(0, 0)).toEqual({ top: 0, left: 0 });
      }),
    );
    const drawn = new Set(Array.from({ length: 200 }, (_, seed) => seededDraws(seed).integer(-2, 0)));
    expect(drawn).toEqual(new Set([-2, -1, 0]));
  });

  test("put the changes of colours in every order", () => {
    const orders = Array.from({ length: 1000 }, (_, seed) => seededDraws(seed).jitter(STRENGTH).order.join());
    expect(new Set(orders).size).toBe(24);
  });
});
