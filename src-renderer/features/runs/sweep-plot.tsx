// The sweep as lines: a figure along one of the varied parameters, a line for each combination of the others.
import { SegmentedControl } from "@mantine/core";
import { useMemo } from "react";
import {
  CartesianGrid,
  Legend,
  Line,
  LineChart,
  ReferenceDot,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { axesOf } from "../../../src-shared/contract/parameter-grid.ts";
import { parameterMeta } from "../../../src-shared/contract/parameters.ts";
import { figureText } from "./figure-text.ts";
import { useRunView } from "./run-view.ts";
import {
  FIGURES,
  plotLines,
  plotScale,
  plotTable,
  type SweepFigure,
  type SweepGrid,
  type SweepRow,
} from "./sweep-layout.ts";

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
  const varied = axesOf(grid);
  const axis = varied.includes(chosen) ? chosen : (varied[0] ?? "numEpochs");
  const { title, isLogarithmic = false } = parameterMeta(axis);
  const scale = useMemo(() => plotScale(grid, axis, isLogarithmic), [grid, axis, isLogarithmic]);
  const lines = useMemo(() => plotLines(grid, rows, axis, figure, scale.positionOf), [grid, rows, axis, figure, scale]);
  const table = useMemo(() => plotTable(lines), [lines]);
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
        <figure className="sweep-plot-chart" aria-label={`${FIGURES[figure].title} by ${title.toLowerCase()}`}>
          <ResponsiveContainer width="100%" height="100%">
            <LineChart data={[...table]} margin={{ top: 16, right: 24, bottom: 8, left: 8 }} accessibilityLayer={false}>
              <CartesianGrid vertical={false} stroke="var(--line)" />
              <XAxis
                dataKey="x"
                type="number"
                scale={scale.kind === "logarithmic" ? "log" : "linear"}
                domain={["dataMin", "dataMax"]}
                ticks={[...scale.ticks]}
                tickFormatter={scale.textOf}
                tickLine={false}
                axisLine={{ stroke: "var(--line-strong)" }}
                tick={TICK}
                padding={{ left: 16, right: 16 }}
                height={44}
                label={{
                  value: title,
                  position: "insideBottom",
                  offset: 0,
                  fill: "var(--text-dim)",
                  fontSize: 12,
                }}
              />
              <YAxis
                width={60}
                domain={["auto", "auto"]}
                tickCount={6}
                tickLine={false}
                axisLine={false}
                tick={TICK}
                tickFormatter={(value: number) => figureText(figure, value)}
              />
              <Tooltip
                cursor={{ stroke: "var(--line-strong)" }}
                contentStyle={TOOLTIP}
                labelFormatter={(label) => `${title} ${scale.textOf(Number(label))}`}
                formatter={(value) => figureText(figure, typeof value === "number" ? value : null)}
              />
              {lines.length > 1 && lines.length <= MAX_NAMED_LINES && (
                <Legend verticalAlign="top" iconType="plainline" wrapperStyle={LEGEND} />
              )}
              {lines.map(({ name, places: [color, dash] }, index) => (
                <Line
                  key={name}
                  name={name}
                  dataKey={`line${index}`}
                  stroke={lineColor(color, colors)}
                  strokeDasharray={DASHES[dash % DASHES.length] ?? ""}
                  strokeWidth={2}
                  dot={{ r: 3, strokeWidth: 0, strokeDasharray: "", fill: lineColor(color, colors) }}
                  isAnimationActive={false}
                  connectNulls
                />
              ))}
              {bestPoint !== undefined && (
                <ReferenceDot
                  x={bestPoint.x}
                  y={bestPoint.y}
                  r={7}
                  fill="none"
                  stroke="var(--text)"
                  strokeWidth={1.5}
                  label={{ value: "best", position: "top", fill: "var(--text)", fontSize: 12 }}
                />
              )}
            </LineChart>
          </ResponsiveContainer>
        </figure>
      )}
    </div>
  );
}

const TICK = { fill: "var(--text-dim)", fontSize: 12 };
const LEGEND = { paddingBottom: 12, fontSize: 12 };
const TOOLTIP = {
  border: "1px solid var(--line-strong)",
  borderRadius: 7,
  background: "var(--raised)",
  color: "var(--text)",
  fontSize: 12,
};

/** The second parameter besides the axis; more values than these begin anew. */
const DASHES = ["", "7 4", "2 3", "10 3 2 3"] as const;

/** From the accent to amber: both can be seen on either ground, and their order is that of the values. */
function lineColor(place: number, count: number): string {
  const share = count < 2 ? 100 : 100 - Math.round((100 * place) / (count - 1));
  return `color-mix(in oklab, var(--accent-text) ${share}%, var(--warning))`;
}
