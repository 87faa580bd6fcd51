// Scales, round values and paths of charts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  linePath,
  nearestPoint,
  placeOnX,
  placeOnY,
  roundStep,
  scaleFor,
  shareOf,
  ticksOf,
  valueAt,
  valuesDrawn,
} from "../../../../src-renderer/components/chart-scale.ts";

describe("a scale", () => {
  it("widens to round ends", () => {
    expect(scaleFor([0.13, 0.87])).toMatchObject({ from: 0, to: 1 });
    expect(scaleFor([1.2, 1.4, Number.NaN])).toMatchObject({ from: expect.closeTo(1.2), to: expect.closeTo(1.4) });
  });

  it("gives a lone value room, and nothing at all a scale from 0 to 1", () => {
    expect(scaleFor([2])).toMatchObject({ from: 1.8, to: 2.2 });
    expect(scaleFor([])).toMatchObject({ from: 0, to: 1 });
  });

  it("of logarithms has 1, 2 or 5 times a power of ten at its ends, and leaves out what has no logarithm", () => {
    const { from, to } = scaleFor([0, -1, 0.03, 7], true);
    expect([from, to]).toEqual([expect.closeTo(0.02), expect.closeTo(10)]);
  });

  it("finds the value at a place, and the place of a value", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.boolean(), (share, isLog) => {
        const scale = { from: 0.5, to: 80, isLog };
        expect(shareOf(scale, valueAt(scale, share))).toBeCloseTo(share, 6);
      }),
    );
  });
});

describe("lines with what is drawn behind them", () => {
  it("all lie in the scale: smoothing hides no peak", () => {
    const points = [1, 1.2].map((y, x) => ({ x, y }));
    const raw = [0.2, Number.NaN, 3].map((y, x) => ({ x, y }));
    const { from, to } = scaleFor(valuesDrawn([{ points, raw }, { points }]));
    expect(from).toBeLessThanOrEqual(0.2);
    expect(to).toBeGreaterThanOrEqual(3);
  });
});

describe("round values", () => {
  it("are steps of 1, 2 or 5", () => {
    expect([0.011, 0.2, 3, 70].map(roundStep)).toEqual([expect.closeTo(0.02), 0.2, 5, 100]);
  });

  it("lie in the scale, without the dust of sums", () => {
    expect(ticksOf({ from: 0, to: 0.5, isLog: false }, 5)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(ticksOf({ from: 0.1, to: 10, isLog: true }, 5)).toEqual([0.1, 0.2, 0.5, 1, 2, 5, 10]);
  });

  it("of a wide logarithm are the powers of ten", () => {
    expect(ticksOf({ from: 1e-6, to: 1, isLog: true }, 4)).toEqual([1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1]);
  });
});

describe("a line", () => {
  it("breaks where there is no value", () => {
    const points = [1, Number.NaN, 2, 3].map((y, x) => ({ x, y }));
    const same = (value: number) => value;
    expect(linePath(points, same, same)).toBe("M0.0 1.0M2.0 2.0L3.0 3.0");
  });

  it("has a point nearest to any place", () => {
    const points = [0, 10, 20].map((x) => ({ x, y: x }));
    expect([-5, 4, 6, 14, 99].map((x) => nearestPoint(points, x)?.x)).toEqual([0, 0, 10, 10, 20]);
    expect(nearestPoint([], 1)).toBeNull();
  });
});

describe("a plot", () => {
  const plot = { left: 50, top: 10, width: 200, height: 100, inset: 16 };

  it("has the ends of its x axis beside its sides, and small values at the bottom", () => {
    const linear = { from: 2, to: 4, isLog: false };
    expect([2, 3, 4].map((value) => placeOnX(plot, linear, value))).toEqual([66, 150, 234]);
    expect([2, 3, 4].map((value) => placeOnY(plot, linear, value))).toEqual([110, 60, 10]);
  });

  it("spreads powers of ten evenly, and has no place for what has no logarithm", () => {
    const powers = { from: 0.01, to: 1, isLog: true };
    expect(placeOnX(plot, powers, 0.1)).toBeCloseTo(150);
    expect(placeOnY(plot, powers, 0)).toBeNaN();
  });
});
