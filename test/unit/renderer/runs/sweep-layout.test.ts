import { describe, expect, it } from "vitest";
import {
  bestRow,
  plotLines,
  plotScale,
  rowValue,
  type SweepRow,
  sortedRows,
  sweepPanels,
  sweepRow,
  sweepRows,
  unadaptedRows,
} from "../../../../src-renderer/features/runs/sweep-layout.ts";
import type { RunConfigForm } from "../../../../src-shared/contract/workbench/runs.ts";
import { runId, someConfig, someKept, someRun } from "./some-runs.ts";

const GRID = { baseLr: [0.1, 0.01], numEpochs: [5, 10] };

/** A result of its own run. */
function row(name: string, config: Partial<RunConfigForm>, entropy: number | null, change = {}): SweepRow {
  const own = someConfig(config);
  const run = someRun(name, { config: own, ...change });
  const { numEpochs } = own;
  const kept = [someKept(0, 0.9), someKept(numEpochs, entropy ?? 0)];
  return sweepRow(run, numEpochs, entropy === null ? undefined : { kept, losses: [] });
}

const FOUR = [
  row("1", { baseLr: 0.01, numEpochs: 5 }, 0.5),
  row("2", { baseLr: 0.01, numEpochs: 10 }, 0.4),
  row("3", { baseLr: 0.1, numEpochs: 5 }, 0.3),
  row("4", { baseLr: 0.1, numEpochs: 10 }, 0.2),
];

describe("the results of a sweep", () => {
  const config = someConfig({ numEpochs: 10, keepEvery: 5 });
  const run = someRun("1", { config });
  const detail = { kept: [someKept(0, 0.9), someKept(5, 0.5), someKept(10, 0.4)], losses: Array(10).fill(1) };

  it("reads all numbers of iterations off one run", () => {
    const rows = sweepRows({ numEpochs: [5, 10] }, [run], new Map([[run.id, detail]]));
    expect(rows.map((one) => [one.run.id, one.iteration, one.figures.entropy, one.figures.loss])).toEqual([
      [run.id, 5, 0.5, 1],
      [run.id, 10, 0.4, 1],
    ]);
  });

  it("has a run's last prediction where iterations are not varied", () => {
    expect(sweepRows({ baseLr: [0.05] }, [run], new Map()).map(({ iteration }) => iteration)).toEqual([10]);
  });

  it("understands a sweep in which every number of iterations had a run of its own", () => {
    const runs = [5, 10].map((numEpochs) =>
      someRun(`old${numEpochs}`, { config: someConfig({ numEpochs, keepEvery: 40 }) }),
    );
    const rows = sweepRows({ baseLr: [0.05], numEpochs: [5, 10], threshold: [0.7] }, runs, new Map());
    expect(rows.map((one) => [one.run.id, one.iteration])).toEqual([
      [runId("old5"), 5],
      [runId("old10"), 10],
    ]);
  });

  it("keeps what a run had finished when it was stopped", () => {
    const stopped = someRun("1", { config, status: "cancelled" });
    const early = { kept: detail.kept.slice(0, 2), losses: [1, 1, 1, 1, 1, 1] };
    const rows = sweepRows({ numEpochs: [5, 10] }, [stopped], new Map([[stopped.id, early]]));
    expect(rows.map(({ figures }) => figures.entropy)).toEqual([0.5, null]);
  });

  it("shows the unadapted prediction once for each alpha", () => {
    const runs = [0.1, 0.2, 0.1].map((alpha, index) => someRun(`${index}`, { config: someConfig({ alpha }) }));
    const details = new Map([[runId("2"), detail]]);
    const rows = unadaptedRows(runs, details);
    expect(rows.map((one) => [one.run.id, one.iteration, one.figures.entropy])).toEqual([
      [runId("2"), 0, 0.9],
      [runId("1"), 0, null],
    ]);
  });
});

describe("the results of a sweep by what was varied", () => {
  it("puts each in its place, the largest learning rate on top, iterations from left to right", () => {
    const { rowAxis, columnAxis, columns, panels } = sweepPanels(GRID, FOUR);
    expect([rowAxis, columnAxis, columns]).toEqual(["baseLr", "numEpochs", [5, 10]]);
    const [panel, ...others] = panels;
    expect(others).toEqual([]);
    expect(panel?.title).toBe("");
    expect(panel?.rows.map(({ value, cells }) => [value, cells.map((cell) => cell?.run.id)])).toEqual([
      [0.1, [runId("3"), runId("4")]],
      [0.01, [runId("1"), runId("2")]],
    ]);
  });

  it("has a panel for each combination of further axes", () => {
    const grid = { alpha: [0, null], baseLr: [0.1], threshold: [0.5, 0.7], scales: [[0.5], [1]] };
    const rows = [row("1", { alpha: null, threshold: 0.7, scales: [1] }, 0.5)];
    const { rowAxis, columnAxis, panels } = sweepPanels(grid, rows);
    expect([rowAxis, columnAxis]).toEqual(["alpha", "threshold"]);
    expect(panels.map(({ title }) => title)).toEqual(["scales 0.5", "scales 1"]);
    expect(panels[1]?.rows[1]?.cells[1]?.run.id).toBe(runId("1"));
  });

  it("is one row where one axis is varied, and one picture where none is", () => {
    const one = sweepPanels({ scales: [[1], [0.5]] }, [row("1", { scales: [1] }, 0.5)]);
    expect([one.rowAxis, one.columns]).toEqual([null, [[0.5], [1]]]);
    expect(sweepPanels({ baseLr: [0.1] }, [row("1", { baseLr: 0.1 }, 0.5)]).panels[0]?.rows[0]?.cells).toHaveLength(1);
  });

  it("leaves a place empty whose run was deleted", () => {
    expect(sweepPanels(GRID, FOUR.slice(0, 1)).panels[0]?.rows[1]?.cells[1]).toBeNull();
  });

  it("takes the newest of two runs with the same parameters", () => {
    const runs = [9, 3].map((createdAt) =>
      someRun(`${createdAt}`, { createdAt, config: someConfig({ numEpochs: 5 }) }),
    );
    expect(sweepRows(GRID, runs, new Map()).map((one) => one.run.id)).toEqual([runId("9")]);
  });

  it("calls the least entropy best, and the greatest confidence", () => {
    expect(bestRow(FOUR, "entropy")).toBe(FOUR[3]?.key);
    expect(bestRow(FOUR, "confidence")).toBe(FOUR[3]?.key);
    expect(bestRow([row("3", {}, null)], "entropy")).toBeNull();
  });

  it("sorts rows without a value to the end, whichever way, and by parameters of any kind", () => {
    const rows = [row("1", {}, null), row("2", {}, 0.2), row("3", {}, 0.3)];
    const order = (descending: boolean) => sortedRows(rows, "entropy", descending).map(({ run }) => run.id);
    expect(order(false)).toEqual([runId("2"), runId("3"), runId("1")]);
    expect(order(true)).toEqual([runId("3"), runId("2"), runId("1")]);
    const layers = [[1, 2], [], [1, 2, 3]].map((resnetLayers, index) => row(`${index}`, { resnetLayers }, 0.5));
    const sorted = sortedRows(layers, "resnetLayers", false).map((one) => rowValue(one, "resnetLayers"));
    expect(sorted).toEqual([[], [1, 2], [1, 2, 3]]);
  });

  it("draws a line for each combination of what else varies", () => {
    const lines = plotLines(GRID, FOUR, "numEpochs", "entropy");
    expect(lines.map(({ name, points }) => [name, points.map(({ x, y }) => [x, y])])).toEqual([
      [
        "lr 0.01",
        [
          [5, 0.5],
          [10, 0.4],
        ],
      ],
      [
        "lr 0.1",
        [
          [5, 0.3],
          [10, 0.2],
        ],
      ],
    ]);
    expect(lines.map(({ places }) => places)).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it("spreads rates over powers of ten, and puts what is no number side by side", () => {
    expect(plotScale(GRID, "baseLr", true)).toMatchObject({ kind: "logarithmic", ticks: [0.01, 0.1] });
    expect(plotScale({ baseLr: [0, 0.1] }, "baseLr", true).kind).toBe("linear");
    const scale = plotScale({ alpha: [0.1, null] }, "alpha", false);
    expect([scale.kind, scale.ticks.map(scale.textOf), scale.positionOf(0.1)]).toEqual([
      "places",
      ["as stored", "0.1"],
      1,
    ]);
  });
});
