// The sweep as lines: a figure along one of the varied parameters, a line for each combination of the others.
import { SegmentedControl } from "@mantine/core";
import { useMemo, useState } from "react";
import { axesOf } from "../../../src-shared/contract/parameter-grid.ts";
import { parameterMeta } from "../../../src-shared/contract/parameters.ts";
import { LineChart } from "../../components/line-chart.tsx";
import { figureText } from "./figure-text.ts";
import { useRunView } from "./run-view.ts";
import { FIGURES, plotLines, plotScale, type SweepFigure, type SweepGrid, type SweepRow } from "./sweep-layout.ts";

/** More lines than these can't be told apart, nor can their names be read. */
const MAX_NAMED_LINES = 8;

interface SweepPlotProps {
  readonly grid: SweepGrid;
  readonly rows: readonly SweepRow[];
  readonly figure: SweepFigure;
  readonly best: string | null;
}

export function SweepPlot({ grid, rows, figure, best }: SweepPlotProps) {
  const chosen = useRunView((view) => view.axis);
  const [hoverX, setHoverX] = useState<number | null>(null);
  const varied = axesOf(grid);
  const axis = varied.includes(chosen) ? chosen : (varied[0] ?? "numEpochs");
  const { title, isLogarithmic = false } = parameterMeta(axis);
  const scale = useMemo(() => plotScale(grid, axis, isLogarithmic), [grid, axis, isLogarithmic]);
  const lines = useMemo(() => plotLines(grid, rows, axis, figure, scale.positionOf), [grid, rows, axis, figure, scale]);
  const bestPoint = lines.flatMap(({ points }) => points).find(({ key }) => key === best);
  const colors = 1 + lines.reduce((most, { places: [color] }) => Math.max(most, color), 0);
  return (
    <div className="sweep-plot">
      {varied.length > 1 && (
        <SegmentedControl
          className="sweep-plot-axis"
          aria-label="Along"
          value={axis}
          onChange={(value) => {
            const found = varied.find((entry) => entry === value);
            if (found !== undefined) useRunView.setState({ axis: found });
          }}
          data={varied.map((entry) => ({ value: entry, label: parameterMeta(entry).title }))}
        />
      )}
      {lines.length === 0 ? (
        <p className="dimmed sweep-plot-empty">Lines appear here as runs finish.</p>
      ) : (
        <>
          {lines.length > 1 && lines.length <= MAX_NAMED_LINES && (
            <ul className="sweep-plot-legend">
              {lines.map(({ name, places: [color, dash] }) => (
                <li key={name}>
                  <svg width={22} height={8} aria-hidden="true">
                    <line
                      x1={0}
                      x2={22}
                      y1={4}
                      y2={4}
                      strokeWidth={2}
                      stroke={lineColor(color, colors)}
                      strokeDasharray={dashOf(dash)}
                    />
                  </svg>
                  {name}
                </li>
              ))}
            </ul>
          )}
          <div className="sweep-plot-chart">
            <LineChart
              label={`${FIGURES[figure].title} by ${title.toLowerCase()}`}
              lines={lines.map(({ name, places: [color, dash], points }) => ({
                key: name,
                name,
                color: lineColor(color, colors),
                dash: dashOf(dash),
                points,
                hasDots: true,
              }))}
              xLabel={title}
              xTitle={title}
              xTicks={scale.ticks}
              isXLog={scale.kind === "logarithmic"}
              formatX={scale.textOf}
              formatY={(value) => figureText(figure, value)}
              hoverX={hoverX}
              onHover={setHoverX}
              ring={bestPoint === undefined ? undefined : { ...bestPoint, text: "best" }}
            />
          </div>
        </>
      )}
    </div>
  );
}

/** The second parameter besides the axis; more values than these begin anew. */
const DASHES = ["none", "7 4", "2 3", "10 3 2 3"] as const;

function dashOf(place: number): string {
  return DASHES[place % DASHES.length] ?? "none";
}

/** From the accent to amber: both can be seen on either ground, and their order is that of the values. */
function lineColor(place: number, count: number): string {
  const share = count < 2 ? 100 : 100 - Math.round((100 * place) / (count - 1));
  return `color-mix(in oklab, var(--accent-text) ${share}%, var(--warning))`;
}
