// Curves of the selected runs, one chart a figure, with one cross-hair through all of them.
import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import { formatShare } from "../../components/format.ts";
import { LineChart } from "../../components/line-chart.tsx";
import { lineColor } from "../../components/series-colors.ts";
import { queries } from "../../state/queries.ts";
import { CURVE_TITLES, curveLines, RUN_CURVES, type RunCurve, runNames } from "./run-curves.ts";

/** Lines of more runs than these can't be told apart. */
export const MAX_CURVES = 8;

export function CurvesPanel({ ids }: { readonly ids: readonly RunId[] }) {
  const runs = useQueries({
    queries: ids.map((id) => queries.run(id)),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });
  const [hoverX, setHoverX] = useState<number | null>(null);
  const charts = useMemo(
    () =>
      RUN_CURVES.map((curve) => ({ curve, lines: curveLines(runs, curve) })).filter(({ lines }) => lines.length > 0),
    [runs],
  );
  const last = Math.max(1, ...charts.flatMap(({ lines }) => lines.map(({ points }) => points.at(-1)?.x ?? 0)));
  if (charts.length === 0) return null;
  return (
    <section className="run-panel-section run-curves">
      <h3>By iteration</h3>
      <ul className="run-curves-legend">
        {runNames(runs).map((name, place) => (
          <li key={runs[place]?.id} title={name}>
            <span className="difference-dot" style={{ background: lineColor(place) }} aria-hidden="true" />
            {name}
          </li>
        ))}
      </ul>
      {charts.map(({ curve, lines }) => (
        <div key={curve} className="run-curves-chart">
          <h3>{CURVE_TITLES[curve]}</h3>
          <LineChart
            label={`${CURVE_TITLES[curve]} by iteration of ${lines.length} runs`}
            lines={lines}
            xLabel="iteration"
            isXWhole
            xEnds={[0, last]}
            formatX={(x) => String(Math.round(x))}
            formatY={(y) => valueText(curve, y)}
            hoverX={hoverX}
            onHover={setHoverX}
          />
        </div>
      ))}
    </section>
  );
}

function valueText(curve: RunCurve, value: number): string {
  return curve === "loss" ? value.toPrecision(3) : formatShare(value);
}
