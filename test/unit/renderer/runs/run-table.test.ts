// Columns of the table of runs, what tells two runs apart, and the curves of several.
import { describe, expect, it } from "vitest";
import { cellText, columnTitle, movedForward, nextSort } from "../../../../src-renderer/features/runs/run-columns.ts";
import { curveLines, curvePoints, runNames } from "../../../../src-renderer/features/runs/run-curves.ts";
import { runDifferences } from "../../../../src-renderer/features/runs/run-differences.ts";
import { FIRST_RUN_VIEW, folded, withCondition } from "../../../../src-renderer/features/runs/run-view.ts";
import { FIGURE_COLUMNS, PARAMETER_COLUMNS } from "../../../../src-shared/contract/workbench/run-query.ts";
import { type Run, runConfigFormSchema, runSchema } from "../../../../src-shared/contract/workbench/runs.ts";
import { someConfig, someKept, someRun, someScores } from "./some-runs.ts";

function wholeRun(name: string, change: Partial<Run> = {}): Run {
  return runSchema.parse({
    ...someRun(name),
    machine: {},
    size: null,
    losses: [],
    kept: [],
    views: [],
    pseudoLabel: null,
    lastEvent: null,
    provenance: null,
    ...change,
  });
}

describe("a column", () => {
  it("exists for every parameter, and has a title of its own", () => {
    const { method: _, ...parameters } = runConfigFormSchema.shape;
    expect([...PARAMETER_COLUMNS].sort()).toEqual(Object.keys(parameters).sort());
    const titles = [...FIGURE_COLUMNS, ...PARAMETER_COLUMNS, "iou.13" as const].map(columnTitle);
    expect(new Set(titles).size).toBe(titles.length);
    expect(columnTitle("iou.13")).toBe("IoU: car");
  });

  it("reads its values as people do", () => {
    expect(cellText("iou.2", 0.4321)).toBe("43.2\u00a0%");
    expect(cellText("flips", 1)).toBe("yes");
    expect(cellText("scales", "[0.25,0.5]")).toBe("0.25, 0.5");
    expect(cellText("resnetLayers", "[]")).toBe("none");
    expect(cellText("baseLr", 0.1 + 0.2)).toBe("0.3");
    expect(cellText("baseLr", null)).toBe("–");
    expect(cellText("alpha", null)).toBe("as stored");
    expect(cellText("gain", -0.012)).toBe("−1.2");
  });

  it("is sorted by with its best side first, then the other way round, then not at all", () => {
    const first = nextSort(null, "miou");
    expect(first).toEqual({ by: "miou", descending: true });
    const second = nextSort(first, "miou");
    expect(second).toEqual({ by: "miou", descending: false });
    expect(nextSort(second, "miou")).toBeNull();
    expect(nextSort(second, "baseLr")).toEqual({ by: "baseLr", descending: false });
  });

  it("moves by one place", () => {
    expect(movedForward(["miou", "gain", "loss"], "loss")).toEqual(["miou", "loss", "gain"]);
    expect(movedForward(["miou", "gain"], "miou")).toEqual(["miou", "gain"]);
  });
});

describe("a brush and a fold", () => {
  it("replace what was there of the same column or group", () => {
    const one = withCondition([], "miou", { column: "miou", from: 0, to: 1 });
    const other = withCondition(one, "miou", { column: "miou", from: 0.5, to: 1 });
    expect(other).toEqual([{ column: "miou", from: 0.5, to: 1 }]);
    expect(withCondition(other, "miou", null)).toEqual([]);
    expect([...folded(folded(FIRST_RUN_VIEW, "a"), "a").folded]).toEqual([]);
  });
});

describe("two runs", () => {
  it("are told apart by the parameters that differ, scores and classes", () => {
    const a = wholeRun("1", { kept: [{ ...someKept(1, 0.3, 0.5), scores: someScores(0.5, [0.5, 0.9, null]) }] });
    const b = wholeRun("2", {
      config: someConfig({ baseLr: 0.01 }),
      miouAfter: 0.6,
      kept: [{ ...someKept(1, 0.2, 0.6), scores: someScores(0.6, [0.6, 0.7, 0.1]) }],
    });
    const { parameters, scores, classes, environment } = runDifferences(a, b);
    expect(parameters).toEqual([{ name: "Learning rate", a: "0.05", b: "0.01", gain: null }]);
    expect(scores[0]).toMatchObject({
      name: "Mean IoU",
      a: "50.0\u00a0%",
      b: "60.0\u00a0%",
      gain: expect.closeTo(0.1),
    });
    expect(classes.map(({ name }) => name)).toEqual(["sidewalk", "road"]);
    expect(environment).toEqual([]);
  });

  it("of other methods differ in what only one of them has", () => {
    const b = wholeRun("2", { method: "predict", config: someConfig({ method: "predict" }) });
    const names = runDifferences(wholeRun("1"), b).parameters.map(({ name, b: value }) => [name, value]);
    expect(names).toContainEqual(["Method", "Predict"]);
    expect(names).toContainEqual(["Learning rate", "–"]);
    expect(names.map(([name]) => name)).not.toContain("Alpha");
  });
});

describe("curves of runs", () => {
  it("count losses from 1 and figures from the unadapted prediction on", () => {
    const run = wholeRun("1", { losses: [3, 2], kept: [someKept(0, 0.4, 0.5), someKept(2, 0.3, 0.6)] });
    expect(curvePoints(run, "loss")).toEqual([
      { x: 1, y: 3 },
      { x: 2, y: 2 },
    ]);
    expect(curvePoints(run, "miou").map(({ x }) => x)).toEqual([0, 2]);
    expect(curveLines([run, wholeRun("2")], "loss")).toHaveLength(1);
  });

  it("are named by what differs, and never the same", () => {
    const runs = [wholeRun("1"), wholeRun("2", { config: someConfig({ baseLr: 0.01 }) }), wholeRun("3")];
    expect(runNames(runs)).toEqual(["learning rate 0.05, run 1", "learning rate 0.01", "learning rate 0.05, run 3"]);
    expect(runNames([wholeRun("1")])).toEqual(["run 1"]);
  });
});
