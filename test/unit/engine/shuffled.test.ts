// Random orders.
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../src-main/engine/random.ts";
import { shuffled } from "../../../src-main/engine/shuffled.ts";

describe("shuffled", () => {
  it("keeps every item, and puts each in the first place about as often", () => {
    const random = createRandom(9);
    const firsts = new Map<number | undefined, number>();
    for (let i = 0; i < 3000; i++) {
      const order = shuffled([1, 2, 3], random);
      expect(order.toSorted()).toEqual([1, 2, 3]);
      firsts.set(order[0], (firsts.get(order[0]) ?? 0) + 1);
    }
    for (const item of [1, 2, 3]) expect(Math.abs((firsts.get(item) ?? 0) - 1000)).toBeLessThan(120);
  });
});
