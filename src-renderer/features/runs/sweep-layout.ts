// A sweep's runs by what was varied: as small multiples, as a table, and as lines of a plot.
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Run, RunGroup, RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { gainOf } from "../../state/run-words.ts";

export type SweepGrid = NonNullable<RunGroup["grid"]>;

export const SWEEP_AXES = ["baseLr", "numEpochs", "threshold"] as const;
export type SweepAxis = (typeof SWEEP_AXES)[number];

export const AXIS_TITLES: Readonly<Record<SweepAxis, string>> = {
  baseLr: "Learning rate",
  numEpochs: "Iterations",
  threshold: "Threshold",
};

/** Figures that need no labels come first; the others are shown only when they are asked for. */
export const SWEEP_FIGURES = ["entropy", "confidence", "loss", "miou", "gain"] as const;
export type SweepFigure = (typeof SWEEP_FIGURES)[number];

export const FIGURES: Readonly<Record<SweepFigure, { title: string; isLessBetter: boolean; usesTruth: boolean }>> = {
  entropy: { title: "Entropy", isLessBetter: true, usesTruth: false },
  confidence: { title: "Confidence", isLessBetter: false, usesTruth: false },
  loss: { title: "Loss", isLessBetter: true, usesTruth: false },
  miou: { title: "Mean IoU", isLessBetter: false, usesTruth: true },
  gain: { title: "Gain", isLessBetter: false, usesTruth: true },
};

export interface SweepRow {
  readonly run: RunSummary;
  readonly figures: Readonly<Record<SweepFigure, number | null>>;
}

/** @param detail  the whole run; undefined while it is fetched */
export function sweepRow(run: RunSummary, detail: Pick<Run, "kept"> | undefined): SweepRow {
  const last = run.status === "finished" ? detail?.kept.at(-1) : undefined;
  return {
    run,
    figures: {
      entropy: last?.meanEntropy ?? null,
      confidence: last?.meanConfidence ?? null,
      loss: run.status === "finished" ? run.lastLoss : null,
      miou: run.status === "finished" ? run.miouAfter : null,
      gain: run.status === "finished" ? gainOf(run) : null,
    },
  };
}

export interface SweepPanel {
  readonly threshold: number;
  /** Learning rates fall from row to row, iterations rise from column to column. */
  readonly rows: readonly { readonly baseLr: number; readonly cells: readonly (SweepRow | null)[] }[];
}

/** Values of an axis in rising order, each once. */
export function axisValues(grid: SweepGrid, axis: SweepAxis): readonly number[] {
  return [...new Set(grid[axis])].sort((a, b) => a - b);
}

/** A panel a threshold; of runs with the same parameters the newest counts. */
export function sweepPanels(grid: SweepGrid, rows: readonly SweepRow[]): readonly SweepPanel[] {
  const byPlace = new Map<string, SweepRow>();
  for (const row of rows) {
    const place = placeOf(row.run.config);
    const known = byPlace.get(place);
    if (known === undefined || known.run.createdAt <= row.run.createdAt) byPlace.set(place, row);
  }
  const numEpochs = axisValues(grid, "numEpochs");
  const rates = axisValues(grid, "baseLr").toReversed();
  return axisValues(grid, "threshold").map((threshold) => ({
    threshold,
    rows: rates.map((baseLr) => ({
      baseLr,
      cells: numEpochs.map((epochs) => byPlace.get(placeOf({ baseLr, numEpochs: epochs, threshold })) ?? null),
    })),
  }));
}

function placeOf({ baseLr, numEpochs, threshold }: Record<SweepAxis, number>): string {
  return `${baseLr} ${numEpochs} ${threshold}`;
}

/** The run with the best figure; null while none has one. Of equals the first. */
export function bestRun(rows: readonly SweepRow[], figure: SweepFigure): RunId | null {
  const sign = FIGURES[figure].isLessBetter ? -1 : 1;
  let best: { id: RunId; value: number } | null = null;
  for (const { run, figures } of rows) {
    const value = figures[figure];
    if (value !== null && (best === null || sign * value > best.value)) best = { id: run.id, value: sign * value };
  }
  return best?.id ?? null;
}

export type SweepColumn = SweepAxis | SweepFigure | "duration";

export function columnValue({ run, figures }: SweepRow, column: SweepColumn): number | null {
  switch (column) {
    case "baseLr":
    case "numEpochs":
    case "threshold":
      return run.config[column];
    case "duration":
      return run.startedAt === null || run.endedAt === null ? null : run.endedAt - run.startedAt;
    default:
      return figures[column];
  }
}

/** Rows without a value come last, whichever way it is sorted. */
export function sortedRows(rows: readonly SweepRow[], column: SweepColumn, isDescending: boolean): readonly SweepRow[] {
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((one, other) => {
    const [a, b] = [columnValue(one, column), columnValue(other, column)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (a - b);
  });
}

export interface PlotLine {
  readonly name: string;
  /** Place among the values of the first of the other parameters, which colours tell, and of the second, which dashes tell. */
  readonly places: readonly [number, number];
  readonly points: readonly { readonly x: number; readonly y: number; readonly id: RunId }[];
}

/** A figure along one axis: a line for each combination of the other two that vary. */
export function plotLines(
  grid: SweepGrid,
  rows: readonly SweepRow[],
  axis: SweepAxis,
  figure: SweepFigure,
): readonly PlotLine[] {
  const others = SWEEP_AXES.filter((other) => other !== axis && axisValues(grid, other).length > 1);
  const [first, second] = others;
  const placeOn = (other: SweepAxis | undefined, row: SweepRow | undefined): number =>
    other === undefined || row === undefined ? 0 : axisValues(grid, other).indexOf(row.run.config[other]);
  const known = rows.filter(({ figures }) => figures[figure] !== null);
  const ordered = known.toSorted((a, b) => compareBy(a, b, others));
  const byName = Map.groupBy(ordered, (row) => nameOf(row, others));
  return [...byName.values()].map((members) => ({
    name: nameOf(members[0], others) || FIGURES[figure].title,
    places: [placeOn(first, members[0]), placeOn(second, members[0])],
    points: members
      .map(({ run, figures }) => ({ x: run.config[axis], y: figures[figure] ?? 0, id: run.id }))
      .sort((a, b) => a.x - b.x),
  }));
}

function nameOf(row: SweepRow | undefined, axes: readonly SweepAxis[]): string {
  return row === undefined ? "" : axes.map((axis) => `${AXIS_WORDS[axis]} ${row.run.config[axis]}`).join(", ");
}

const AXIS_WORDS: Readonly<Record<SweepAxis, string>> = {
  baseLr: "lr",
  numEpochs: "iterations",
  threshold: "threshold",
};

function compareBy(a: SweepRow, b: SweepRow, axes: readonly SweepAxis[]): number {
  for (const axis of axes) {
    const difference = a.run.config[axis] - b.run.config[axis];
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What a plot says under the pointer and draws as one row a place of the axis: recharts wants its data by x. */
export function plotTable(lines: readonly PlotLine[]): readonly Readonly<Record<string, number>>[] {
  const byX = new Map<number, Record<string, number>>();
  lines.forEach(({ points }, index) => {
    for (const { x, y } of points) {
      const row = byX.get(x) ?? { x };
      row[`line${index}`] = y;
      byX.set(x, row);
    }
  });
  return [...byX.values()].sort((a, b) => (a.x ?? 0) - (b.x ?? 0));
}
