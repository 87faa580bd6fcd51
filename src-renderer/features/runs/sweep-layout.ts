// A sweep's results by what was varied: as small multiples, as a table, and as lines of a plot.
import { axesOf, axisValues } from "../../../src-shared/contract/parameter-grid.ts";
import type { ParameterValue } from "../../../src-shared/contract/parameter-meta.ts";
import {
  compareValues,
  isSameValue,
  parameterText,
  shortName,
  VARIED_PARAMETERS,
  type VariedParameter,
} from "../../../src-shared/contract/parameters.ts";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import { keptIterations } from "../../../src-shared/contract/workbench/kept-iterations.ts";
import { ownParameter, type Run, type RunGroup, type RunSummary } from "../../../src-shared/contract/workbench/runs.ts";

export type SweepGrid = NonNullable<RunGroup["grid"]>;
export type SweepAxis = VariedParameter;

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

/** One result: a run, and the iteration of it that is looked at. */
export interface SweepRow {
  readonly key: string;
  readonly run: RunSummary;
  /** 0: the unadapted prediction. */
  readonly iteration: number;
  readonly figures: Readonly<Record<SweepFigure, number | null>>;
}

type Detail = Pick<Run, "kept" | "losses">;

const NO_FIGURES: SweepRow["figures"] = { entropy: null, confidence: null, loss: null, miou: null, gain: null };

/** @param detail  the whole run; undefined while it is fetched, and before it is under way */
export function sweepRow(run: RunSummary, iteration: number, detail: Detail | undefined): SweepRow {
  const key = `${run.id} ${iteration}`;
  const kept = detail?.kept.find((one) => one.iteration === iteration);
  if (kept === undefined) return { key, run, iteration, figures: NO_FIGURES };
  const miou = kept.scores?.miou ?? null;
  const before = detail?.kept[0]?.scores?.miou ?? null;
  const figures = {
    entropy: kept.meanEntropy,
    confidence: kept.meanConfidence,
    loss: detail?.losses[iteration - 1] ?? null,
    miou,
    gain: miou === null || before === null ? null : miou - before,
  };
  return { key, run, iteration, figures };
}

/** What the sweep was started for: each run once for every number of iterations that is read off it. */
export function sweepRows(
  grid: SweepGrid,
  runs: readonly RunSummary[],
  details: ReadonlyMap<RunId, Detail>,
): readonly SweepRow[] {
  const asked = axisValues(grid, "numEpochs");
  const rows = new Map<string, SweepRow>();
  for (const run of runs) {
    const kept = keptIterations(run.config);
    const readOff = asked.length === 0 ? kept.slice(-1) : kept.filter((iteration) => asked.includes(iteration));
    for (const iteration of readOff) {
      const row = sweepRow(run, iteration, details.get(run.id));
      const place = placeOf(grid, (axis) => rowValue(row, axis));
      const known = rows.get(place);
      if (known === undefined || known.run.createdAt < run.createdAt) rows.set(place, row);
    }
  }
  return [...rows.values()];
}

/** The predictions before any adaptation. Of what can be varied only alpha changes them: one for each value of it. */
export function unadaptedRows(runs: readonly RunSummary[], details: ReadonlyMap<RunId, Detail>): readonly SweepRow[] {
  const byAlpha = new Map<number | null, SweepRow>();
  for (const run of runs) {
    const row = sweepRow(run, 0, details.get(run.id));
    const known = byAlpha.get(run.config.alpha);
    if (known === undefined || (known.figures.entropy === null && row.figures.entropy !== null)) {
      byAlpha.set(run.config.alpha, row);
    }
  }
  return [...byAlpha].sort(([a], [b]) => compareValues(a, b)).map(([, row]) => row);
}

/** A parameter of a result: iterations are those it is looked at after. */
export function rowValue({ run, iteration }: SweepRow, axis: SweepAxis): ParameterValue {
  return axis === "numEpochs" ? iteration : (ownParameter(run.config, axis) ?? null);
}

export interface SweepPanel {
  /** "threshold 0.7, alpha 0.1"; empty where two axes at most are varied. */
  readonly title: string;
  readonly rows: readonly { readonly value: ParameterValue; readonly cells: readonly (SweepRow | null)[] }[];
}

export interface SweepPanels {
  /** Falls from top to bottom; null where one axis is varied, or none. */
  readonly rowAxis: SweepAxis | null;
  /** Rises from left to right. */
  readonly columnAxis: SweepAxis;
  readonly columns: readonly ParameterValue[];
  readonly panels: readonly SweepPanel[];
}

/** Two axes as rows and columns, iterations always as columns; a panel for each combination of the others. */
export function sweepPanels(grid: SweepGrid, rows: readonly SweepRow[]): SweepPanels {
  const axes = axesOf(grid);
  const columnAxis = axes.includes("numEpochs") ? "numEpochs" : (axes[1] ?? axes[0] ?? "numEpochs");
  const [rowAxis = null, ...others] = axes.filter((axis) => axis !== columnAxis);
  const byPlace = new Map(rows.map((row) => [placeOf(grid, (axis) => rowValue(row, axis)), row]));
  const columns = valuesOf(grid, rows, columnAxis);
  const rowValues: readonly ParameterValue[] = rowAxis === null ? [null] : axisValues(grid, rowAxis).toReversed();
  const panels = combinations(grid, others).map((fixed) => ({
    title: others.map((axis, place) => `${shortName(axis)} ${parameterText(fixed[place] ?? null)}`).join(", "),
    rows: rowValues.map((value) => ({
      value,
      cells: columns.map((column) => {
        const valueAt = (axis: SweepAxis): ParameterValue => {
          if (axis === columnAxis) return column;
          return axis === rowAxis ? value : (fixed[others.indexOf(axis)] ?? null);
        };
        return byPlace.get(placeOf(grid, valueAt)) ?? null;
      }),
    })),
  }));
  return { rowAxis, columnAxis, columns, panels };
}

/** Values of an axis, of one that is not varied the runs' own. */
function valuesOf(grid: SweepGrid, rows: readonly SweepRow[], axis: SweepAxis): readonly ParameterValue[] {
  const values = axisValues(grid, axis);
  return values.length > 0 ? values : rows.slice(0, 1).map((row) => rowValue(row, axis));
}

function combinations(grid: SweepGrid, axes: readonly SweepAxis[]): readonly (readonly ParameterValue[])[] {
  return axes.reduce<readonly (readonly ParameterValue[])[]>(
    (known, axis) => known.flatMap((values) => axisValues(grid, axis).map((value) => [...values, value])),
    [[]],
  );
}

function placeOf(grid: SweepGrid, valueAt: (axis: SweepAxis) => ParameterValue): string {
  return axesOf(grid)
    .map((axis) => JSON.stringify(valueAt(axis)))
    .join(" ");
}

/** The key of the result with the best figure; null while none has one. Of equals the first. */
export function bestRow(rows: readonly SweepRow[], figure: SweepFigure): string | null {
  const sign = FIGURES[figure].isLessBetter ? -1 : 1;
  let best: { key: string; value: number } | null = null;
  for (const { key, figures } of rows) {
    const value = figures[figure];
    if (value !== null && (best === null || sign * value > best.value)) best = { key, value: sign * value };
  }
  return best?.key ?? null;
}

export type SweepColumn = SweepAxis | SweepFigure | "duration";

export function isAxis(column: string): column is SweepAxis {
  return VARIED_PARAMETERS.some((axis) => axis === column);
}

function columnValue(row: SweepRow, column: Exclude<SweepColumn, SweepAxis>): number | null {
  const { run, figures } = row;
  if (column !== "duration") return figures[column];
  return run.startedAt === null || run.endedAt === null ? null : run.endedAt - run.startedAt;
}

/** Rows without a value come last, whichever way it is sorted. */
export function sortedRows(rows: readonly SweepRow[], column: SweepColumn, isDescending: boolean): readonly SweepRow[] {
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((one, other) => {
    if (isAxis(column)) return sign * compareValues(rowValue(one, column), rowValue(other, column));
    const [a, b] = [columnValue(one, column), columnValue(other, column)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (a - b);
  });
}

export interface PlotLine {
  readonly name: string;
  /** Place among the values of the first of the other parameters, which colours tell, and of the second, which dashes tell. */
  readonly places: readonly [number, number];
  readonly points: readonly { readonly x: number; readonly y: number; readonly key: string }[];
}

export interface PlotScale {
  readonly kind: "linear" | "logarithmic" | "places";
  readonly ticks: readonly number[];
  readonly textOf: (x: number) => string;
  readonly positionOf: (value: ParameterValue) => number;
}

/** Numbers stand where they are; lists, switches and "as stored" one beside the other. */
export function plotScale(grid: SweepGrid, axis: SweepAxis, isLogarithmic: boolean): PlotScale {
  const values = axisValues(grid, axis);
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length === values.length) {
    const kind = isLogarithmic && (numbers[0] ?? 0) > 0 ? "logarithmic" : "linear";
    return { kind, ticks: numbers, textOf: String, positionOf: Number };
  }
  return {
    kind: "places",
    ticks: values.map((_, place) => place),
    textOf: (x) => parameterText(values[x] ?? null),
    positionOf: (value) => values.findIndex((other) => isSameValue(value, other)),
  };
}

/** A figure along one axis: a line for each combination of the others that vary. */
export function plotLines(
  grid: SweepGrid,
  rows: readonly SweepRow[],
  axis: SweepAxis,
  figure: SweepFigure,
  positionOf: (value: ParameterValue) => number = Number,
): readonly PlotLine[] {
  const others = axesOf(grid).filter((other) => other !== axis);
  const placeOn = (other: SweepAxis | undefined, row: SweepRow | undefined): number => {
    if (other === undefined || row === undefined) return 0;
    return axisValues(grid, other).findIndex((value) => isSameValue(value, rowValue(row, other)));
  };
  const known = rows.filter(({ figures }) => figures[figure] !== null);
  const ordered = known.toSorted((a, b) => compareBy(a, b, others));
  const byName = Map.groupBy(ordered, (row) => nameOf(row, others));
  return [...byName].map(([name, members]) => ({
    name: name || FIGURES[figure].title,
    places: [placeOn(others[0], members[0]), placeOn(others[1], members[0])],
    points: members
      .map((row) => ({ x: positionOf(rowValue(row, axis)), y: row.figures[figure] ?? 0, key: row.key }))
      .sort((a, b) => a.x - b.x),
  }));
}

function nameOf(row: SweepRow, axes: readonly SweepAxis[]): string {
  return axes.map((axis) => `${shortName(axis)} ${parameterText(rowValue(row, axis))}`).join(", ");
}

function compareBy(a: SweepRow, b: SweepRow, axes: readonly SweepAxis[]): number {
  for (const axis of axes) {
    const difference = compareValues(rowValue(a, axis), rowValue(b, axis));
    if (difference !== 0) return difference;
  }
  return 0;
}
