// How the gains are spread: a bar for each width of points, losses to the left of nothing.
import { useMemo } from "react";
import { Bar, BarChart, Cell, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { countOf, formatGain } from "../../components/format.ts";
import { gainHistogram } from "./gains.ts";

export function GainHistogram({ gains }: { readonly gains: readonly number[] }) {
  const bins = useMemo(
    () => gainHistogram(gains).map((bin) => ({ ...bin, name: `${formatGain(bin.from)} to ${formatGain(bin.to)}` })),
    [gains],
  );
  const half = bins.length / 2;
  const tick = (index: number) => {
    const edge = bins[index]?.from;
    return edge === undefined ? "" : formatGain(edge).replace("+0.0", "0").replace(/\.0$/, "");
  };
  const better = gains.filter((gain) => gain > 0).length;
  return (
    <figure
      className="gain-histogram"
      aria-label={`Histogram of ${countOf(gains.length, "gain")}, ${better} above nothing`}
    >
      <ResponsiveContainer width="100%" height="100%">
        <BarChart
          data={bins}
          margin={{ top: 6, right: 0, bottom: 0, left: 0 }}
          barCategoryGap={1}
          accessibilityLayer={false}
        >
          <YAxis width={28} allowDecimals={false} tickLine={false} axisLine={false} tick={TICK} tickCount={3} />
          <XAxis
            dataKey="from"
            tickLine={false}
            axisLine={{ stroke: "var(--line-strong)" }}
            tick={TICK}
            interval={Math.max(0, Math.ceil(bins.length / 6) - 1)}
            tickFormatter={(_: number, index: number) =>
              tick(Math.min(bins.length - 1, index * Math.max(1, Math.ceil(bins.length / 6))))
            }
            height={20}
          />
          <Tooltip
            cursor={{ fill: "var(--hover)" }}
            contentStyle={TOOLTIP}
            labelFormatter={(_, [entry]) => String((entry?.payload as { name?: string } | undefined)?.name ?? "")}
            formatter={(value) => [countOf(Number(value), "image"), ""]}
            separator=""
          />
          <ReferenceLine x={bins[half]?.from ?? 0} stroke="var(--line-strong)" />
          <Bar dataKey="count" isAnimationActive={false} radius={[2, 2, 0, 0]}>
            {bins.map(({ from }) => (
              <Cell key={from} fill={from < 0 ? "var(--danger)" : "var(--success)"} fillOpacity={0.8} />
            ))}
          </Bar>
        </BarChart>
      </ResponsiveContainer>
    </figure>
  );
}

const TICK = { fill: "var(--text-dim)", fontSize: 11 };
const TOOLTIP = {
  border: "1px solid var(--line-strong)",
  borderRadius: 7,
  background: "var(--raised)",
  color: "var(--text)",
  fontSize: 12,
};
