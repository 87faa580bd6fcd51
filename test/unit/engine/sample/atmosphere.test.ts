// Fog by Koschmieder's law.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { transmission, veil } from "../../../../src-main/engine/sample/atmosphere.ts";

const density = fc.double({ min: 0.001, max: 0.1, noNaN: true });
const distance = fc.double({ min: 0, max: 300, noNaN: true });

describe("fog", () => {
  it("leaves near light alone and shows only airlight far away", () => {
    expect(veil(0.2, 0.9, transmission(0, 0.03))).toBeCloseTo(0.2, 12);
    expect(veil(0.2, 0.9, transmission(2000, 0.03))).toBeCloseTo(0.9, 12);
  });

  it("leaves five percent of the contrast at a visibility of 3 / β", () => {
    const passed = transmission(3 / 0.03, 0.03);
    expect(veil(1, 0.5, passed) - veil(0, 0.5, passed)).toBeCloseTo(0.05, 2);
  });

  it("fades with distance and multiplies over stretches of air", () => {
    fc.assert(
      fc.property(density, distance, distance, (beta, a, b) => {
        expect(transmission(a + b, beta)).toBeCloseTo(transmission(a, beta) * transmission(b, beta), 12);
        expect(transmission(a + 1, beta)).toBeLessThan(transmission(a, beta));
      }),
    );
  });
});
