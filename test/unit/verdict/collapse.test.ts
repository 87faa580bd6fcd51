// Recognising a collapse without labels: each sign by itself, and what none of them may accuse.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bestIteration,
  COLLAPSE_LIMITS,
  collapseSigns,
  firstCollapse,
  type WatchedRun,
} from "../../../src-shared/verdict/collapse.ts";
import { type KeptLook, runThat } from "./judged-runs.ts";

const kinds = (run: WatchedRun, iteration: number) => collapseSigns(run, iteration).map(({ kind }) => kind);
const HEALTHY: KeptLook = { classPixels: [400, 300, 200, 100], saturated: 0.4, meanEntropy: 0.3 };

describe("the signs of collapse", () => {
  it("are none where nothing happens", () => {
    const run = runThat({ losses: [1, 0.8, 0.7], looks: [HEALTHY, HEALTHY, HEALTHY, HEALTHY] });
    expect(firstCollapse(run)).toBeNull();
  });

  it("have a loss that rises over that of iteration 0, from the iteration on that shows it", () => {
    const run = runThat({ losses: [1, 1.1, 2, 4], looks: Array(5).fill(HEALTHY) });
    expect([0, 1, 2, 3, 4].map((iteration) => kinds(run, iteration))).toEqual([
      [],
      [],
      ["lossRising"],
      ["lossRising"],
      ["lossRising"],
    ]);
    expect(firstCollapse(run)).toEqual({ iteration: 2, signs: [{ kind: "lossRising", from: 1, to: 2 }] });
  });

  it("have classes that vanish, if these are half of those seen", () => {
    const seen = { ...HEALTHY, classPixels: [250, 250, 250, 245, 5] };
    const oneGone = { ...HEALTHY, classPixels: [500, 250, 250, 0, 0] };
    const twoGone = { ...HEALTHY, classPixels: [500, 490, 10, 0, 0] };
    expect(kinds(runThat({ looks: [seen, oneGone] }), 1)).toEqual([]);
    expect(collapseSigns(runThat({ looks: [seen, twoGone] }), 1)).toEqual([
      { kind: "classesVanished", trainIds: [2, 3], seen: 4 },
    ]);
  });

  it("do not count classes that the pseudo-label does not have", () => {
    const seen = { ...HEALTHY, classPixels: [250, 250, 250, 250] };
    const gone = { ...HEALTHY, classPixels: [500, 500, 0, 0] };
    expect(kinds(runThat({ looks: [seen, gone], perClass: [9, 9, 9, 9] }), 1)).toEqual(["classesVanished"]);
    expect(kinds(runThat({ looks: [seen, gone], perClass: [9, 9, 0, 0] }), 1)).toEqual([]);
  });

  it("have one class that takes over, and not one that always had most of the image", () => {
    const sky = { ...HEALTHY, classPixels: [800, 200] };
    const taken = { ...HEALTHY, classPixels: [900, 70, 20, 10] };
    expect(kinds(runThat({ looks: [sky, { ...sky, classPixels: [880, 120] }] }), 1)).toEqual([]);
    expect(collapseSigns(runThat({ looks: [HEALTHY, taken] }), 1)).toContainEqual({
      kind: "oneClass",
      trainId: 0,
      from: 0.4,
      to: 0.9,
    });
  });

  it("have confidence that saturates, and not that of a network that was sure from the start", () => {
    const sure = { ...HEALTHY, saturated: 0.96 };
    expect(kinds(runThat({ looks: [HEALTHY, sure] }), 1)).toEqual(["saturated"]);
    expect(kinds(runThat({ looks: [{ ...HEALTHY, saturated: 0.94 }, sure] }), 1)).toEqual([]);
  });

  it("are none of runs that an earlier version made, but for the loss", () => {
    const old = runThat({ losses: [1, 3], looks: [null, null, null] });
    expect(kinds(old, 2)).toEqual(["lossRising"]);
    expect(kinds({ ...old, losses: [1, 0.5] }, 2)).toEqual([]);
  });
});

describe("the recommended iteration", () => {
  it("is never one that collapsed, however sure it is", () => {
    const collapsed = { classPixels: [1000, 0, 0, 0], saturated: 1, meanEntropy: 0 };
    const looks = [HEALTHY, { ...HEALTHY, meanEntropy: 0.2 }, collapsed, collapsed];
    expect(bestIteration(runThat({ looks }), false)).toBe(1);
  });

  it("is iteration 0 where everything else collapsed", () => {
    const collapsed = { classPixels: [1000, 0, 0, 0], saturated: 1, meanEntropy: 0 };
    expect(bestIteration(runThat({ looks: [HEALTHY, collapsed] }), false)).toBe(0);
  });

  it("is the best by the labels when it is asked to look at them, even behind a sign", () => {
    const run = runThat({ losses: [1, 3, 3], looks: Array(3).fill(HEALTHY), miou: [0.2, 0.3, 0.5] });
    expect(bestIteration(run, true)).toBe(2);
    expect(bestIteration(run, false)).toBe(0);
    // Whatever the labels say, the marker without them stays.
    expect(bestIteration({ ...run, kept: run.kept.map((kept) => ({ ...kept, scores: null })) }, false)).toBe(0);
    expect(bestIteration(runThat({ looks: [HEALTHY] }), true)).toBeNull();
  });
});

const look = fc.record({
  classPixels: fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 5, maxLength: 5 }),
  saturated: fc.double({ min: 0, max: 1, noNaN: true }),
  meanEntropy: fc.double({ min: 0, max: 1, noNaN: true }),
});
const run = fc
  .record({
    looks: fc.array(look, { minLength: 1, maxLength: 8 }),
    losses: fc.array(fc.double({ min: 0.01, max: 10, noNaN: true }), { maxLength: 8 }),
  })
  .map(runThat);

it("recommends, whatever happens, an iteration that is kept and shows no sign, and none surer before the first sign", () => {
  fc.assert(
    fc.property(run, (any) => {
      const best = bestIteration(any, false);
      expect(best).not.toBeNull();
      expect(collapseSigns(any, best ?? 0)).toEqual([]);
      const end = firstCollapse(any)?.iteration ?? Number.POSITIVE_INFINITY;
      const entropyOf = (iteration: number) => any.kept[iteration]?.meanEntropy ?? Number.NaN;
      for (const { iteration, meanEntropy } of any.kept) {
        if (iteration < end) expect(entropyOf(best ?? 0)).toBeLessThanOrEqual(meanEntropy);
      }
    }),
  );
});

it("never takes a run for collapsed whose loss falls and whose predictions stay as they are", () => {
  fc.assert(
    fc.property(look, fc.double({ min: 0.5, max: 1, noNaN: true }), (same, factor) => {
      const losses = [1, factor, factor ** 2];
      expect(firstCollapse(runThat({ losses, looks: [same, same, same, same] }))).toBeNull();
    }),
  );
});

it("always sees one class that swallows an image of many", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4 }),
      fc.double({ min: COLLAPSE_LIMITS.takenOver, max: 1, noNaN: true }),
      (winner, share) => {
        const before = { ...HEALTHY, classPixels: [20_000, 20_000, 20_000, 20_000, 20_000] };
        const now = before.classPixels.map((_, trainId) => (trainId === winner ? share : (1 - share) / 4) * 100_000);
        expect(kinds(runThat({ looks: [before, { ...HEALTHY, classPixels: now }] }), 1)).toContain("oneClass");
      },
    ),
  );
});
