// Which line of a chart is which: a swatch and a name each.
import type { ChartLine } from "./line-chart.tsx";
import "./line-legend.css";

interface Props {
  /** Whose lines they are. */
  readonly label: string;
  readonly lines: readonly Pick<ChartLine, "key" | "name" | "color">[];
}

export function LineLegend({ label, lines }: Props) {
  return (
    <ul className="line-legend" aria-label={`Lines of ${label}`}>
      {lines.map(({ key, name, color }) => (
        <li key={key}>
          <span className="line-legend-swatch" style={{ background: color }} aria-hidden="true" />
          {name}
        </li>
      ))}
    </ul>
  );
}
