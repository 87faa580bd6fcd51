// Parallel coordinates: an axis a parameter or score, a line a run; brushing an axis filters, a click opens a run.
import { useElementSize } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { RunCell, RunColumn } from "../../../src-shared/contract/workbench/run-query.ts";
import { countOf, formatCount } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { queries } from "../../state/queries.ts";
import { useRemovals } from "../../state/removals.ts";
import { useSettings } from "../../state/settings.ts";
import { sentenceOf } from "../../state/tell.ts";
import { changeRunTable } from "./change-run-table.ts";
import { ColumnMenu } from "./column-menu.tsx";
import { drawLines } from "./draw-parallel-lines.ts";
import { linesThrough, nearestLine, type ParallelAxis, parallelAxis } from "./parallel-axes.ts";
import { ParallelAxisView } from "./parallel-axis-view.tsx";
import "./parallel-coordinates.css";
import { cellText, columnTitle } from "./run-columns.ts";
import { changeFilter, type RunFilter, selectedOnly, useRunView, withCondition } from "./run-view.ts";
import { askedFilter } from "./use-run-list.ts";

/** Enough for every history that is looked at as lines; more would be one grey field. */
const MAX_LINES = 10_000;
const REACH_PX = 6;
const MARGIN = { top: 30, side: 64, bottom: 12 };

export function ParallelCoordinates({ filter }: { readonly filter: RunFilter }) {
  const { axes: columns } = useSettings().runTable;
  // All runs but for the brushes: those that a brush leaves out are drawn faintly.
  const { data, error } = useQuery({
    ...queries.runPoints({ ...askedFilter(filter), where: [], columns: [...columns], limit: MAX_LINES }),
    enabled: columns.length > 0,
    placeholderData: keepPreviousData,
  });
  const hasAll = data?.columns.length === columns.length;
  return (
    <section className="parallel" aria-label="Parallel coordinates">
      <header className="parallel-head">
        <ColumnMenu
          title="Axes"
          chosen={columns}
          isOffered={(column) => column !== "notes"}
          onChange={(chosen) => changeRunTable({ axes: [...chosen] })}
        />
        <span className="dimmed">
          {data === undefined ? "" : drawnWords(data.ids.length, data.total)} Drag along an axis to filter, click a line
          to see its run.
        </span>
      </header>
      {error !== null && <Notice level="error">{sentenceOf(error)}</Notice>}
      {columns.length < 2 && <p className="dimmed parallel-empty">Choose two axes or more.</p>}
      {columns.length >= 2 && data !== undefined && hasAll && (
        <Plot filter={filter} columns={columns} ids={data.ids} cells={data.columns} />
      )}
    </section>
  );
}

function drawnWords(drawn: number, total: number): string {
  return drawn < total ? `The newest ${formatCount(drawn)} of ${countOf(total, "run")}.` : `${countOf(total, "run")}.`;
}

interface PlotProps {
  readonly filter: RunFilter;
  readonly columns: readonly RunColumn[];
  readonly ids: readonly RunId[];
  readonly cells: readonly (readonly RunCell[])[];
}

function Plot({ filter, columns, ids, cells }: PlotProps) {
  const { ref: measure, width, height } = useElementSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const selected = useRunView((view) => view.selected);
  const hidden = useRemovals((state) => state.hidden);
  const axes = useMemo(
    () => columns.map((column, place) => parallelAxis(column, cells[place] ?? [])),
    [columns, cells],
  );
  const shares = useMemo(() => linesThrough(axes, cells), [axes, cells]);
  const plot = {
    width: Math.max(0, width - 2 * MARGIN.side),
    height: Math.max(0, height - MARGIN.top - MARGIN.bottom),
  };
  const axisX = axes.map((_, place) => (place / (axes.length - 1)) * plot.width);
  const stretches = axes.map(({ column, stretchOf }) => {
    const condition = filter.where.find((one) => one.column === column);
    return condition === undefined ? null : stretchOf(condition);
  });
  const isIn = (run: number) =>
    stretches.every((stretch, place) => {
      if (stretch === null) return true;
      const share = shares[run * axes.length + place] ?? Number.NaN;
      return share >= stretch[0] - 1e-6 && share <= stretch[1] + 1e-6;
    });
  const lines = ids.map((id, run) => ({ isShown: !hidden.has(id), isIn: isIn(run) }));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the lines follow from what is listed here
  useEffect(() => {
    if (canvas.current === null || plot.width === 0) return;
    drawLines(canvas.current, { shares, axisX, height: plot.height, lines, selected, ids, hovered });
  }, [shares, filter.where, selected, hidden, hovered, width, height]);

  const lineAt = (event: PointerEvent): number | null => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const at = { x: event.clientX - left, y: event.clientY - top };
    const found = nearestLine(shares, axisX, plot.height, at, REACH_PX);
    return found !== null && lines[found]?.isShown === true && lines[found].isIn ? found : null;
  };
  const select = (run: number | null) => {
    const id = run === null ? undefined : ids[run];
    if (id !== undefined) useRunView.setState((view) => selectedOnly(view, id));
  };
  const brush = (axis: ParallelAxis, stretch: readonly [number, number] | null) => {
    const { column } = axis;
    const condition = stretch === null ? null : axis.conditionOf(...stretch);
    changeFilter(condition === null ? `clear ${columnTitle(column)}` : `filter by ${columnTitle(column)}`, {
      where: withCondition(filter.where, column, condition),
    });
  };
  return (
    <div ref={measure} className="parallel-plot">
      <div
        className="parallel-lines"
        style={{ left: MARGIN.side, top: MARGIN.top, width: plot.width, height: plot.height }}
        data-met={hovered !== null || undefined}
        onPointerMove={(event) => setHovered(lineAt(event))}
        onPointerLeave={() => setHovered(null)}
        onPointerUp={(event) => select(lineAt(event))}
      >
        <canvas ref={canvas} />
        {plot.width > 0 &&
          axes.map((axis, place) => (
            <ParallelAxisView
              key={axis.column}
              axis={axis}
              x={axisX[place] ?? 0}
              height={plot.height}
              stretch={stretches[place] ?? null}
              told={hovered === null ? null : cellText(axis.column, cells[place]?.[hovered])}
              toldAt={hovered === null ? null : axis.shareOf(cells[place]?.[hovered] ?? null)}
              onBrush={(stretch) => brush(axis, stretch)}
            />
          ))}
      </div>
    </div>
  );
}
