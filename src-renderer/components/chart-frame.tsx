// What charts share: the room they draw in, their grid and the texts of their axes, the card under the pointer.
import { useElementSize } from "@mantine/hooks";
import type { ReactNode } from "react";
import { type Plot, placeOnX, placeOnY, type Scale } from "./chart-scale.ts";
import "./chart.css";

interface ChartFigureProps {
  /** What is drawn, for those who don't see it. */
  readonly label: string;
  /** Pixels of the whole figure. */
  readonly children: (size: { readonly width: number; readonly height: number }) => ReactNode;
}

/** Fills what is left of its place, and draws once that is known. */
export function ChartFigure({ label, children }: ChartFigureProps) {
  const { ref, width, height } = useElementSize();
  return (
    <figure ref={ref} className="chart" aria-label={label}>
      {width > 0 && height > 0 && children({ width, height })}
    </figure>
  );
}

export interface Ticks {
  readonly scale: Scale;
  readonly values: readonly number[];
  readonly textOf: (value: number) => string;
}

interface ChartAxesProps {
  readonly plot: Plot;
  readonly x: Ticks;
  readonly y: Ticks;
  /** Below the numbers of the x axis. */
  readonly xTitle?: string | undefined;
}

/** Below a plot: to the numbers, and to the title. */
const TICK_DROP = 16;
const TITLE_DROP = 38;

export function ChartAxes({ plot, x, y, xTitle }: ChartAxesProps) {
  const [right, bottom] = [plot.left + plot.width, plot.top + plot.height];
  const yTexts = distinctTexts(y);
  return (
    <>
      {y.values.map((tick, place) => {
        const at = placeOnY(plot, y.scale, tick);
        return (
          <g key={tick}>
            <line className="chart-grid" x1={plot.left} x2={right} y1={at} y2={at} />
            <text className="chart-tick" x={plot.left - 8} y={at + 4} textAnchor="end">
              {yTexts[place]}
            </text>
          </g>
        );
      })}
      <line className="chart-axis" x1={plot.left} x2={right} y1={bottom} y2={bottom} />
      {x.values.map((tick) => (
        <text
          key={tick}
          className="chart-tick"
          x={placeOnX(plot, x.scale, tick)}
          y={bottom + TICK_DROP}
          textAnchor="middle"
        >
          {x.textOf(tick)}
        </text>
      ))}
      {xTitle !== undefined && (
        <text className="chart-tick" x={plot.left + plot.width / 2} y={bottom + TITLE_DROP} textAnchor="middle">
          {xTitle}
        </text>
      )}
    </>
  );
}

/** As values are written, unless that would make two of them equal. */
function distinctTexts({ values, textOf }: Ticks): readonly string[] {
  const texts = values.map(textOf);
  return new Set(texts).size === texts.length ? texts : values.map(String);
}

interface ChartCardProps {
  /** In pixels from the left. */
  readonly at: number;
  /** Of the figure. */
  readonly width: number;
  readonly children: ReactNode;
}

/** Beside the pointer, on the side with more room. */
export function ChartCard({ at, width, children }: ChartCardProps) {
  return (
    <div className="chart-card" style={at > width / 2 ? { right: width - at + 10 } : { left: at + 10 }}>
      {children}
    </div>
  );
}
