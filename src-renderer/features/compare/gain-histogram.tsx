// How the gains are spread: a bar for each width of points, losses to the left of nothing.
import { useMemo, useState } from "react";
import { ChartAxes, ChartCard, ChartFigure } from "../../components/chart-frame.tsx";
import { placeOnX, placeOnY, ticksOf } from "../../components/chart-scale.ts";
import { countOf, formatGain } from "../../components/format.ts";
import { type GainBin, gainHistogram, histogramTicks } from "./gains.ts";

/** Room for the half of the outermost numbers is beside the plot. */
const MARGIN = { top: 6, right: 16, bottom: 20, left: 28 };
/** Between two bars. */
const GAP_PX = 1;

export function GainHistogram({ gains }: { readonly gains: readonly number[] }) {
  const bins = useMemo(() => gainHistogram(gains), [gains]);
  const better = gains.filter((gain) => gain > 0).length;
  return (
    <div className="gain-histogram">
      <ChartFigure label={`Histogram of ${countOf(gains.length, "gain")}, ${better} above nothing`}>
        {(size) => <Bars bins={bins} {...size} />}
      </ChartFigure>
    </div>
  );
}

interface BarsProps {
  readonly bins: readonly GainBin[];
  readonly width: number;
  readonly height: number;
}

function Bars({ bins, width, height }: BarsProps) {
  const [pointed, setPointed] = useState<GainBin | null>(null);
  const plot = {
    left: MARGIN.left,
    top: MARGIN.top,
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
    inset: 0,
  };
  const x = { from: bins[0]?.from ?? 0, to: bins.at(-1)?.to ?? 0, isLog: false };
  const y = { from: 0, to: Math.max(1, ...bins.map(({ count }) => count)), isLog: false };
  const placeX = (value: number) => placeOnX(plot, x, value);
  const placeY = (value: number) => placeOnY(plot, y, value);
  const counts = ticksOf(y, 3).filter(Number.isInteger);
  return (
    <>
      <svg width={width} height={height} aria-hidden="true" onPointerLeave={() => setPointed(null)}>
        <ChartAxes
          plot={plot}
          x={{ scale: x, values: histogramTicks(bins), textOf: edgeText }}
          y={{ scale: y, values: counts, textOf: String }}
        />
        <line className="chart-axis" x1={placeX(0)} x2={placeX(0)} y1={plot.top} y2={plot.top + plot.height} />
        {bins.map((bin) => {
          const [left, right, top] = [placeX(bin.from), placeX(bin.to), placeY(bin.count)];
          const sides = { x: left + GAP_PX / 2, width: Math.max(1, right - left - GAP_PX) };
          return (
            <g key={bin.from} onPointerEnter={() => setPointed(bin)}>
              <rect {...sides} y={plot.top} height={plot.height} fill="transparent" />
              <rect
                className="chart-bar"
                data-sign={bin.from < 0 ? "loss" : "gain"}
                {...sides}
                y={top}
                height={plot.top + plot.height - top}
              />
            </g>
          );
        })}
      </svg>
      {pointed !== null && (
        <ChartCard at={placeX((pointed.from + pointed.to) / 2)} width={width}>
          <span className="dimmed">
            {formatGain(pointed.from)} to {formatGain(pointed.to)}
          </span>
          <strong>{countOf(pointed.count, "image")}</strong>
        </ChartCard>
      )}
    </>
  );
}

function edgeText(edge: number): string {
  return edge === 0 ? "0" : formatGain(edge).replace(/\.0$/, "");
}
