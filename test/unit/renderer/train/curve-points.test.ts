// Curves of trainings: smoothing, thinning, validations by variant, the preview at a step.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bestScore,
  byValue,
  furtherMetrics,
  metricPoints,
  previewAt,
  previewGroups,
  previewNames,
  smoothed,
  thinned,
  variantAxis,
  variantLines,
} from "../../../../src-renderer/features/train/curve-points.ts";

const points = (ys: readonly number[]) => ys.map((y, x) => ({ x, y }));
const ys = (line: readonly { y: number }[]) => line.map(({ y }) => y);

describe("smoothing", () => {
  it("leaves a curve as it is without weight", () => {
    const curve = points([3, 1, 2]);
    expect(smoothed(curve, 0)).toBe(curve);
  });

  it("mixes each value with those before it, corrected for the start", () => {
    // (0.25·4 + 0.5·2 worked by hand: sums 2, 2, 5; shares 0.5, 0.75, 0.875)
    expect(ys(smoothed(points([4, 2, 8]), 0.5))).toEqual([4, (0.5 * 2 + 0.5 * 2) / 0.75, (0.5 * 2 + 0.5 * 8) / 0.875]);
  });

  it("begins with the first value, and stays between the least and the greatest", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (values, weight) => {
          const smooth = ys(smoothed(points(values), weight));
          expect(smooth[0]).toBeCloseTo(values[0] ?? 0, 8);
          for (const value of smooth) {
            expect(value).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
            expect(value).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
          }
        },
      ),
    );
  });

  it("passes over what is no number, and goes on behind it", () => {
    expect(ys(smoothed(points([2, Number.NaN, 2]), 0.9)).map((y) => Number(y.toFixed(6)))).toEqual([2, Number.NaN, 2]);
  });
});

describe("thinning", () => {
  it("leaves short curves alone", () => {
    const curve = points([1, 2, 3]);
    expect(thinned(curve, 3)).toBe(curve);
  });

  it("keeps both ends, every peak's height, the order and the limit", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 30, maxLength: 400 }),
        (values) => {
          const curve = points(values);
          const few = thinned(curve, 20);
          expect(few.length).toBeLessThanOrEqual(21);
          expect(few[0]).toBe(curve[0]);
          expect(few.at(-1)).toBe(curve.at(-1));
          expect(Math.max(...ys(few))).toBe(Math.max(...values));
          expect(Math.min(...ys(few))).toBe(Math.min(...values));
          expect(few.map(({ x }) => x)).toEqual(few.map(({ x }) => x).toSorted((a, b) => a - b));
        },
      ),
    );
  });
});

describe("validations", () => {
  const validations = [
    {
      epoch: 0,
      step: 10,
      scores: [
        { name: "alpha", value: 0.5, miou: 0.2 },
        { name: "alpha", value: 0, miou: 0.1 },
      ],
    },
    {
      epoch: 1,
      step: 20,
      scores: [
        { name: "alpha", value: 0, miou: 0.4 },
        { name: "alpha", value: 0.5, miou: 0.4 },
      ],
    },
  ];

  it("become a line for every alpha, in order", () => {
    expect(variantLines({ validations })).toEqual([
      {
        variant: { name: "alpha", value: 0 },
        points: [
          { x: 10, y: 0.1 },
          { x: 20, y: 0.4 },
        ],
      },
      {
        variant: { name: "alpha", value: 0.5 },
        points: [
          { x: 10, y: 0.2 },
          { x: 20, y: 0.4 },
        ],
      },
    ]);
  });

  it("become a curve over the alphas", () => {
    expect(
      byValue({
        epoch: 0,
        step: 10,
        scores: [
          { name: "alpha", value: 0.5, miou: 0.2 },
          { name: "alpha", value: 0, miou: 0.1 },
        ],
      }),
    ).toEqual([
      { x: 0, y: 0.1 },
      { x: 0.5, y: 0.2 },
    ]);
  });

  it("of variants that are no numbers are lines, too, without an axis", () => {
    const scores = ["student", "teacher"].map((name) => ({ name, value: null, miou: 0.5 }));
    const named = [{ epoch: 1, step: 4, scores }];
    expect(variantLines({ validations: named }).map(({ variant }) => variant.name)).toEqual(["student", "teacher"]);
    expect([variantAxis({ validations: named }), variantAxis({ validations })]).toEqual([null, "alpha"]);
  });

  it("have a best one, of equal ones the first", () => {
    expect(bestScore({ validations }, { bestMiou: 0.4 })).toEqual({
      name: "alpha",
      value: 0,
      miou: 0.4,
      step: 20,
      epoch: 1,
    });
    expect(bestScore({ validations: [] }, { bestMiou: null })).toBeNull();
  });

  it("is not that of a variant that is only followed", () => {
    const scores = [
      { name: "student", value: null, miou: 0.05 },
      { name: "teacher", value: null, miou: 0.06 },
    ];
    const best = bestScore({ validations: [{ epoch: 1, step: 24, scores }] }, { bestMiou: 0.05 });
    expect(best).toMatchObject({ name: "student", miou: 0.05 });
  });
});

describe("metrics", () => {
  const curves = {
    steps: [1, 2, 3],
    metrics: {
      loss: [3, 2, 1],
      learningRate: [1, 1, 1],
      trusted: [null, 0.5, 0.6],
      "loss.a": [1, 1, 1],
      "loss.b": [2, 1, 0],
    },
  };

  it("are curves without the steps that tell nothing of them", () => {
    expect(metricPoints(curves, "trusted")).toEqual([
      { x: 2, y: 0.5 },
      { x: 3, y: 0.6 },
    ]);
    expect(metricPoints(curves, "elsewhere")).toEqual([]);
  });

  it("without a place of their own are grouped by what stands before the point", () => {
    expect(furtherMetrics(curves)).toEqual([
      { stem: "trusted", names: ["trusted"], isByClass: false },
      { stem: "loss", names: ["loss.a", "loss.b"], isByClass: false },
    ]);
  });

  it("keep what is told of single classes apart, in the order of the classes", () => {
    const metrics = { "trusted.10": [], "trusted.2": [], trusted: [], teacherDistance: [] };
    expect(furtherMetrics({ metrics })).toEqual([
      { stem: "trusted", names: ["trusted"], isByClass: false },
      { stem: "teacherDistance", names: ["teacherDistance"], isByClass: false },
      { stem: "trusted", names: ["trusted.2", "trusted.10"], isByClass: true },
    ]);
  });
});

describe("the preview", () => {
  const previews = [10, 20, 30].map((step) => ({
    step,
    name: "prediction",
    width: 2,
    height: 1,
    hasPicture: false,
  }));

  it("is the newest until a step is chosen", () => {
    expect(previewAt({ previews }, null)?.step).toBe(30);
    expect(previewAt({ previews: [] }, 5)).toBeNull();
  });

  it("is of what the method shows", () => {
    expect(
      previewNames({ previews: [...previews, { ...previews[0], name: "teacher" } as (typeof previews)[number]] }),
    ).toEqual(["prediction", "teacher"]);
  });

  it("stands with the others of the same picture, or with those of its number", () => {
    const named = (name: string, hasPicture: boolean) => ({ step: 10, name, width: 2, height: 1, hasPicture });
    const crops = [10, 9, 1].map((number) => named(`pseudo-labels-${number}`, true));
    expect(previewGroups({ previews: [named("prediction", false), ...crops, named("teacher", false)] })).toEqual([
      { title: "predictions", names: ["prediction", "teacher"] },
      { title: "pseudo-labels", names: ["pseudo-labels-1", "pseudo-labels-9", "pseudo-labels-10"] },
    ]);
  });

  it("is the last one not after the step, or the first", () => {
    expect(previewAt({ previews }, 29)?.step).toBe(20);
    expect(previewAt({ previews }, 3)?.step).toBe(10);
  });
});
