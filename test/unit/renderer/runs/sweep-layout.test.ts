import { describe, expect, it } from "vitest";
import {
  axisValues,
  bestRun,
  plotLines,
  plotTable,
  type SweepRow,
  sortedRows,
  sweepPanels,
  sweepRow,
} from "../../../../src-renderer/features/runs/sweep-layout.ts";
import { runId, someConfig, someKept, someRun } from "./some-runs.ts";

const GRID = { baseLr: [0.1, 0.01], numEpochs: [5, 10], threshold: [0.7] };

function row(name: string, baseLr: number, numEpochs: number, entropy: number | null, change = {}): SweepRow {
  const run = someRun(name, { config: someConfig({ baseLr, numEpochs, threshold: 0.7 }), ...change });
  return sweepRow(run, entropy === null ? undefined : { kept: [someKept(0, 0.9), someKept(numEpochs, entropy)] });
}

describe("the runs of a sweep by what was varied", () => {
  it("has every value of an axis once, rising", () => {
    expect(axisValues({ ...GRID, baseLr: [0.1, 0.01, 0.1] }, "baseLr")).toEqual([0.01, 0.1]);
  });

  it("puts each run in its place, the largest learning rate on top", () => {
    const rows = [row("1", 0.01, 5, 0.5), row("2", 0.01, 10, 0.4), row("3", 0.1, 5, 0.3), row("4", 0.1, 10, 0.2)];
    const [panel, ...others] = sweepPanels(GRID, rows);
    expect(others).toEqual([]);
    expect(panel?.threshold).toBe(0.7);
    expect(panel?.rows.map(({ baseLr, cells }) => [baseLr, cells.map((cell) => cell?.run.id)])).toEqual([
      [0.1, [runId("3"), runId("4")]],
      [0.01, [runId("1"), runId("2")]],
    ]);
  });

  it("leaves a place empty whose run was deleted", () => {
    const [panel] = sweepPanels(GRID, [row("1", 0.01, 5, 0.5)]);
    expect(panel?.rows[1]?.cells[1]).toBeNull();
  });

  it("takes the newest of two runs with the same parameters", () => {
    const rows = [row("new", 0.01, 5, 0.5, { createdAt: 9 }), row("old", 0.01, 5, 0.5, { createdAt: 3 })];
    expect(sweepPanels(GRID, rows)[0]?.rows[1]?.cells[0]?.run.id).toBe(runId("new"));
  });

  it("has no figures of a run that was cancelled", () => {
    const { figures } = row("1", 0.01, 5, 0.5, { status: "cancelled" });
    expect(new Set(Object.values(figures))).toEqual(new Set([null]));
  });

  it("calls the least entropy best, and the greatest confidence", () => {
    const rows = [row("1", 0.01, 5, 0.5), row("2", 0.01, 10, 0.2), row("3", 0.1, 5, null)];
    expect(bestRun(rows, "entropy")).toBe(runId("2"));
    expect(bestRun(rows, "confidence")).toBe(runId("2"));
    expect(bestRun([row("3", 0.1, 5, null)], "entropy")).toBeNull();
  });

  it("sorts rows without a value to the end, whichever way", () => {
    const rows = [row("1", 0.01, 5, null), row("2", 0.01, 10, 0.2), row("3", 0.1, 5, 0.3)];
    const order = (descending: boolean) => sortedRows(rows, "entropy", descending).map(({ run }) => run.id);
    expect(order(false)).toEqual([runId("2"), runId("3"), runId("1")]);
    expect(order(true)).toEqual([runId("3"), runId("2"), runId("1")]);
  });

  it("draws a line for each combination of what else varies", () => {
    const rows = [row("1", 0.01, 5, 0.5), row("2", 0.01, 10, 0.4), row("3", 0.1, 5, 0.3), row("4", 0.1, 10, 0.2)];
    const lines = plotLines(GRID, rows, "numEpochs", "entropy");
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
    expect(plotTable(lines)).toEqual([
      { x: 5, line0: 0.5, line1: 0.3 },
      { x: 10, line0: 0.4, line1: 0.2 },
    ]);
  });
});
