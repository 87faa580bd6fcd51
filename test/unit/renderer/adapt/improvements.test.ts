// What is offered after a run, and what its runs are told apart by.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIRST_VIEW, withPinnedRun } from "../../../../src-renderer/features/adapt/adapt-view.ts";
import { improvementsOf, loweredRate, raisedAlpha } from "../../../../src-renderer/features/adapt/improvements.ts";
import { bestRun } from "../../../../src-renderer/features/adapt/run-results.ts";
import { runDifferences } from "../../../../src-renderer/state/run-differences.ts";
import { imageRunConfigSchema, runConfigFormSchema } from "../../../../src-shared/contract/workbench/runs.ts";
import { aCheckpoint, aRun, keptAt } from "../../../helpers/workbench-entities.ts";
import { runId } from "../runs/some-runs.ts";

const config = runConfigFormSchema.parse({});

describe("what can be tried after a run", () => {
  it("is a third of the learning rate, in two digits, and more of the image's own statistics", () => {
    expect(loweredRate({ ...config, baseLr: 0.05 })).toBe(0.017);
    expect(loweredRate({ ...config, baseLr: 0 })).toBeNull();
    expect(loweredRate({ ...config, method: "tta" })).toBeNull();
    expect(raisedAlpha({ alpha: null }, 0.1)).toBe(0.2);
    expect(raisedAlpha({ alpha: 0.95 }, 0.1)).toBe(1);
    expect(raisedAlpha({ alpha: 1 }, 0.1)).toBeNull();
    expect(raisedAlpha({ alpha: null }, null)).toBeNull();
  });

  it("stays within what a run may have", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (baseLr, alpha) => {
          const rate = loweredRate({ ...config, baseLr }) ?? 0;
          const raised = raisedAlpha({ alpha }, null) ?? 1;
          expect(runConfigFormSchema.safeParse({ ...config, baseLr: rate, alpha: raised }).success).toBe(true);
          expect(rate).toBeLessThanOrEqual(baseLr);
          expect(raised).toBeGreaterThanOrEqual(Math.min(alpha, 1));
        },
      ),
    );
  });

  it("leads back to the best iteration, if that is not the last one", () => {
    const idsOf = (miou: readonly number[]) =>
      improvementsOf(aRun({ config, kept: miou.map((value, k) => keptAt(k, value)) }), aCheckpoint()).map(
        ({ id }) => id,
      );
    expect(idsOf([0.3, 0.4, 0.2])).toEqual(["best", "lowerRate", "raiseAlpha", "sweep"]);
    expect(idsOf([0.3, 0.4, 0.5])).toEqual(["lowerRate", "raiseAlpha", "sweep"]);
  });
});

describe("the runs of an image", () => {
  it("are told apart by what they do not share", () => {
    const run = (change: object) => aRun({ config: { ...config, ...change } });
    expect(runDifferences([run({ baseLr: 0.1 }), run({}), run({ alpha: 0.3 })])).toEqual([
      "alpha as stored · lr 0.1",
      "alpha as stored · lr 0.05",
      "alpha 0.3 · lr 0.05",
    ]);
  });

  it("are not told apart by what their method does not have, nor by what is kept of them", () => {
    const tta = aRun({ method: "tta", config: imageRunConfigSchema.parse({ ...config, method: "tta", baseLr: 3 }) });
    expect(runDifferences([aRun(), tta])).toEqual(["Adapt", "Average views"]);
    expect(runDifferences([aRun(), aRun({ config: { ...config, keepEvery: 5 } })])).toEqual(["Adapt", "Adapt"]);
  });

  it("have a best one by the labels alone", () => {
    const [a, b] = [aRun({ kept: [keptAt(1, 0.4)] }), aRun({ kept: [keptAt(1, 0.5)] })];
    expect(bestRun([a, b])).toBe(b.id);
    expect(bestRun([a])).toBeNull();
    expect(bestRun([aRun({ kept: [keptAt(1, null, 0.1)] }), aRun({ kept: [keptAt(1, null, 0.9)] })])).toBeNull();
  });
});

describe("a pinned run", () => {
  const id = runId("pinned");

  it("is shown in the place of the unadapted prediction, until it is unpinned", () => {
    const pinned = withPinnedRun(FIRST_VIEW, id);
    expect(pinned.reference).toEqual({ kind: "run", runId: id, iteration: null });
    expect(pinned.sources["pane-1"]).toBe("reference");
    expect(withPinnedRun(pinned, null)).toEqual(FIRST_VIEW);
  });

  it("takes no second pane when another one is pinned", () => {
    const again = withPinnedRun(withPinnedRun(FIRST_VIEW, id), runId("another"));
    expect(Object.values(again.sources).filter((source) => source === "reference")).toHaveLength(1);
  });
});
