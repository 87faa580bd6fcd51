// One test for all numbers says what asking each of them says.
import fc from "fast-check";
import { expect, it } from "vitest";
import { allFinite } from "../../../src-main/engine/all-finite.ts";

it("is true of no values, and of the largest and smallest", () => {
  expect(allFinite(new Float32Array(0))).toBe(true);
  expect(allFinite(Float32Array.of(3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -0, 0))).toBe(true);
});

it("finds a single NaN or infinity wherever it is", () => {
  const broken = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  const values = fc.float32Array({ minLength: 1, maxLength: 40, noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(values, fc.nat(), broken, (data, place, value) => {
      expect(allFinite(data)).toBe(true);
      data[place % data.length] = value;
      expect(allFinite(data)).toBe(false);
    }),
  );
});
