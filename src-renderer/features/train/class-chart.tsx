// A metric that is told of each class: a curve in the colour of every class, and their names with the last values beside them.
import { useMemo, useState } from "react";
import { LABEL_SETS } from "../../../src-shared/labels/label-sets.ts";
import type { ChartLine } from "../../components/line-chart.tsx";
import { lineColor } from "../../components/series-colors.ts";
import { classColors } from "../../state/class-colors.ts";
import { useSettings } from "../../state/settings.ts";
import type { SharedProps } from "./chart-words.ts";
import { classOf, metricPoints, thinned } from "./curve-points.ts";
import { StepChart } from "./step-chart.tsx";
import { shortNumber } from "./training-words.ts";
import "./class-chart.css";

interface Props extends SharedProps {
  readonly title: string;
  /** Of the training that is shown. */
  readonly names: readonly string[];
}

export function ClassChart({ drawn, hoverX, onHover, xEnds, title, names }: Props) {
  const { palette } = useSettings();
  const [pointed, setPointed] = useState<string | null>(null);
  const shown = drawn[0];
  const lines = useMemo((): readonly ChartLine[] => {
    if (shown === undefined) return [];
    const { numClasses } = shown.training.config;
    const known = LABEL_SETS.some((set) => set.numClasses === numClasses) ? classColors(numClasses, palette) : [];
    return names.map((metric, place) => {
      const trainId = classOf(metric) ?? place;
      const { name, color } = known[trainId] ?? { name: `class ${trainId}`, color: lineColor(place) };
      return { key: metric, name, color, points: thinned(metricPoints(shown.curves, metric)) };
    });
  }, [shown, names, palette]);
  const drawnLines = useMemo(
    () => lines.map((line) => ({ ...line, isBehind: pointed !== null && line.key !== pointed })),
    [lines, pointed],
  );
  return (
    <div className="class-chart">
      <div className="class-chart-lines">
        <StepChart title={title} lines={drawnLines} xEnds={xEnds} hoverX={hoverX} onHover={onHover} />
      </div>
      <ul className="class-chart-legend" aria-label={`${title}, last values`}>
        {lines.map(({ key, name, color, points }) => (
          <li
            key={key}
            data-pointed={key === pointed || undefined}
            onPointerEnter={() => setPointed(key)}
            onPointerLeave={() => setPointed(null)}
          >
            <span className="class-chart-swatch" style={{ background: color }} aria-hidden="true" />
            <span className="class-chart-name" title={name}>
              {name}
            </span>
            <span className="class-chart-value">{lastText(points.at(-1)?.y)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Digits below say nothing beside the names; the curve tells them under the pointer. */
const LEAST_TOLD = 0.01;

function lastText(value: number | undefined): string {
  if (value === undefined) return "–";
  return value > 0 && value < LEAST_TOLD ? `< ${LEAST_TOLD}` : shortNumber(value);
}
