// What is registered of each parameter fits its schema; grids multiply out, with iterations read off one run.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  axisValues,
  gridRunCount,
  gridSize,
  parameterGridSchema,
  runsOfGrid,
} from "../../../src-shared/contract/parameter-grid.ts";
import {
  compareValues,
  type ParameterName,
  parameterMeta,
  parameterShape,
  parameterText,
  VARIED_PARAMETERS,
  valueProblem,
} from "../../../src-shared/contract/parameters.ts";

const NAMES = Object.keys(parameterShape) as ParameterName[];

describe("what is registered of a parameter", () => {
  it.each(NAMES)("of %s is a title, and values that its schema takes", (name) => {
    const { title, offered = [], range } = parameterMeta(name);
    expect(title).toMatch(/^[A-Z]/);
    expect(offered.length).toBeGreaterThan(1);
    for (const value of offered) expect(valueProblem(name, value)).toBeNull();
    if (range === undefined) return;
    expect([valueProblem(name, range.min), valueProblem(name, range.max)]).toEqual([null, null]);
  });

  it("writes values as people read them", () => {
    expect([null, 0.1, true, [], [1, 2]].map(parameterText)).toEqual(["as stored", "0.1", "yes", "none", "1, 2"]);
    expect(valueProblem("momentum", 1)).toBe("Momentum is at least 0 and below 1.");
  });

  it("orders values: as stored, then numbers; lists by length", () => {
    expect([0.3, null, 0].sort(compareValues)).toEqual([null, 0, 0.3]);
    expect([[1, 2], [], [2], [1]].sort(compareValues)).toEqual([[], [1], [2], [1, 2]]);
  });
});

const anyGrid = fc.record(
  {
    alpha: fc.uniqueArray(fc.constantFrom(null, 0, 0.1), { minLength: 1 }),
    baseLr: fc.array(fc.constantFrom(0.01, 0.1), { minLength: 1, maxLength: 4 }),
    numEpochs: fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
    scales: fc.array(fc.constantFrom([0.5], [1], [0.5, 1]), { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: [] },
);

describe("a grid of parameters", () => {
  it("has every combination once, and no run for a number of iterations that another run passes through", () => {
    fc.assert(
      fc.property(anyGrid, (given) => {
        const grid = parameterGridSchema.parse(given);
        const runs = runsOfGrid({ numEpochs: 3, baseLr: 1, alpha: null, scales: [2] }, grid);
        expect(new Set(runs.map((run) => JSON.stringify(run))).size).toBe(runs.length);
        expect(runs.length).toBe(gridRunCount(grid));
        const longest = Math.max(...(grid.numEpochs ?? [3]));
        expect(new Set(runs.map(({ numEpochs }) => numEpochs))).toEqual(new Set([longest]));
        const sizes = VARIED_PARAMETERS.map((name) => Math.max(1, axisValues(grid, name).length));
        expect(gridSize(grid)).toBe(sizes.reduce((a, b) => a * b, 1));
      }),
    );
  });

  it("refuses axes it does not know, empty ones, and values that no run takes", () => {
    expect(parameterGridSchema.safeParse({ speed: [1] }).success).toBe(false);
    expect(parameterGridSchema.safeParse({ baseLr: [] }).success).toBe(false);
    expect(parameterGridSchema.safeParse({ threshold: [2] }).success).toBe(false);
    expect(parameterGridSchema.safeParse({ alpha: [null, 0.5], hrnetLayers: [[]], flips: [false] }).success).toBe(true);
  });
});
