// How the gains are spread: a bar for each width of points, losses to the left of nothing.
import { useMemo } from "react";
import { Bar, BarChart, Cell, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { countOf, formatGain } from "../../components/format.ts";
import { type GainBin, gainHistogram, histogramTicks } from "./gains.ts";

/** Pixels for all bars: what the panel leaves beside the axis. */
const BARS_PX = 236;

export function GainHistogram({ gains }: { readonly gains: readonly number[] }) {
  const bins = useMemo(() => gainHistogram(gains).map((bin) => ({ ...bin, middle: (bin.from + bin.to) / 2 })), [gains]);
  const better = gains.filter((gain) => gain > 0).length;
  return (
    <figure
      className="gain-histogram"
      aria-label={`Histogram of ${countOf(gains.length, "gain")}, ${better} above nothing`}
    >
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={bins} margin={{ top: 6, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <YAxis width={28} allowDecimals={false} tickLine={false} axisLine={false} tick={TICK} tickCount={3} />
          <XAxis
            dataKey="middle"
            type="number"
            domain={[bins[0]?.from ?? 0, bins.at(-1)?.to ?? 0]}
            ticks={[...histogramTicks(bins)]}
            tickFormatter={(edge: number) => (edge === 0 ? "0" : formatGain(edge).replace(/\.0$/, ""))}
            tickLine={false}
            axisLine={{ stroke: "var(--line-strong)" }}
            tick={TICK}
            interval={0}
            height={20}
          />
          <Tooltip
            cursor={false}
            contentStyle={TOOLTIP}
            labelFormatter={(_, [entry]) => wordsOf(entry?.payload as GainBin | undefined)}
            formatter={(value) => [countOf(Number(value), "image"), ""]}
            separator=""
          />
          <ReferenceLine x={0} stroke="var(--line-strong)" />
          <Bar
            dataKey="count"
            isAnimationActive={false}
            barSize={Math.max(2, Math.floor(BARS_PX / Math.max(1, bins.length)) - 1)}
            radius={[2, 2, 0, 0]}
          >
            {bins.map(({ from }) => (
              <Cell key={from} fill={from < 0 ? "var(--danger)" : "var(--success)"} fillOpacity={0.8} />
            ))}
          </Bar>
        </BarChart>
      </ResponsiveContainer>
    </figure>
  );
}

function wordsOf(bin: GainBin | undefined): string {
  return bin === undefined ? "" : `${formatGain(bin.from)} to ${formatGain(bin.to)}`;
}

const TICK = { fill: "var(--text-dim)", fontSize: 11 };
const TOOLTIP = {
  border: "1px solid var(--line-strong)",
  borderRadius: 7,
  background: "var(--raised)",
  color: "var(--text)",
  fontSize: 12,
};
