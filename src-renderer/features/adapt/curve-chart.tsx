// The curve under the panes: loss and other figures by iteration, with the scrubber's place and earlier runs behind it.
import { SegmentedControl, Switch, Tooltip } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useMemo } from "react";
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from "recharts";
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import { formatPercent } from "../../components/format.ts";
import { type ChartMetric, useAdaptView } from "./adapt-view.ts";
import { type ChartPoint, lastIteration, METRIC_TITLES, seriesOf } from "./chart-series.ts";
import { scrubbedTo, shownIteration } from "./scrub.ts";

interface Props {
  readonly run: Run | null;
  readonly earlier: readonly Run[];
  readonly hasLabels: boolean;
}

const METRICS: readonly ChartMetric[] = ["loss", "miou", "confidence", "entropy"];

export function CurvePanel({ run, earlier, hasLabels }: Props) {
  const chosen = useAdaptView((state) => state.chartMetric);
  const usesTruth = useAdaptView((state) => state.usesTruth);
  const metric = chosen === "miou" && !hasLabels ? "loss" : chosen;
  return (
    <section className="panel curve-panel" aria-label="Curve">
      <header className="panel-head">
        <SegmentedControl
          aria-label="Curve of"
          value={metric}
          onChange={(value) => useAdaptView.setState({ chartMetric: value })}
          data={METRICS.filter((entry) => entry !== "miou" || hasLabels).map((value) => ({
            value,
            label: METRIC_TITLES[value],
          }))}
        />
        {hasLabels ? (
          <Tooltip label="Mark the iteration with the best mean IoU, by the labels, instead of the one with the least entropy">
            <Switch
              label="Best by labels"
              labelPosition="left"
              checked={usesTruth}
              onChange={(event) => useAdaptView.setState({ usesTruth: event.currentTarget.checked })}
            />
          </Tooltip>
        ) : (
          <Tooltip label="Adapting makes a model surer. Whether it is right more often, nobody knows without labels.">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the note has to be reachable by keys */}
            <span className="curve-caution" tabIndex={0}>
              <IconInfoCircle size={14} aria-hidden="true" />
              surer is not better
            </span>
          </Tooltip>
        )}
      </header>
      <Curve run={run} earlier={earlier} metric={metric} />
    </section>
  );
}

function Curve({ run, earlier, metric }: Omit<Props, "hasLabels"> & { readonly metric: ChartMetric }) {
  const scrub = useAdaptView((state) => state.scrub);
  const losses = run?.losses;
  const kept = run?.kept;
  const points = useMemo(
    () => (losses === undefined || kept === undefined ? [] : seriesOf({ losses, kept }, metric)),
    [losses, kept, metric],
  );
  const behind = useMemo(
    () => earlier.map((other) => ({ id: other.id, points: seriesOf(other, metric) })),
    [earlier, metric],
  );
  if (run !== null && run.method !== "adapt" && metric === "loss") {
    return <p className="panel-empty">Only adaptation trains, so this run has no loss.</p>;
  }
  if (run === null || points.length === 0) {
    return <p className="panel-empty">The curve appears here while the run goes on.</p>;
  }
  const shown = shownIteration(scrub, run.kept);
  const last = lastIteration(run);
  const summary = summaryOf(points, METRIC_TITLES[metric]);
  return (
    <figure className="curve" aria-label={summary}>
      <ResponsiveContainer width="100%" height="100%">
        <LineChart
          margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
          accessibilityLayer={false}
          onClick={({ activeLabel }) => {
            const iteration = Number(activeLabel);
            if (Number.isFinite(iteration)) useAdaptView.setState({ scrub: scrubbedTo(iteration, run.kept) });
          }}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="iteration"
            type="number"
            domain={[0, last]}
            allowDuplicatedCategory={false}
            allowDecimals={false}
            tickLine={false}
            axisLine={{ stroke: "var(--line-strong)" }}
            tick={{ fill: "var(--text-dim)", fontSize: 11 }}
            height={22}
          />
          <YAxis
            width={44}
            domain={["auto", "auto"]}
            tickCount={4}
            tickLine={false}
            axisLine={false}
            tick={{ fill: "var(--text-dim)", fontSize: 11 }}
            tickFormatter={(value: number) => tickLabel(value, metric)}
          />
          {behind.map((other) => (
            <Line
              key={other.id}
              data={[...other.points]}
              dataKey="value"
              stroke="var(--text-dim)"
              strokeOpacity={0.3}
              strokeWidth={1}
              dot={false}
              activeDot={false}
              isAnimationActive={false}
            />
          ))}
          {shown !== null && <ReferenceLine x={shown} stroke="var(--accent-text)" strokeDasharray="3 3" />}
          <Line
            data={[...points]}
            dataKey="value"
            stroke="var(--accent-text)"
            strokeWidth={2}
            dot={points.length <= 60 ? { r: 2.5, strokeWidth: 0, fill: "var(--accent-text)" } : false}
            isAnimationActive={false}
          />
        </LineChart>
      </ResponsiveContainer>
      {behind.length > 0 && <figcaption className="curve-note">faint: earlier runs of this image</figcaption>}
    </figure>
  );
}

function tickLabel(value: number, metric: ChartMetric): string {
  return metric === "loss" ? String(Number(value.toPrecision(3))) : formatPercent(value);
}

/** For those who don't see the curve. */
function summaryOf(points: readonly ChartPoint[], title: string): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return `${title}: nothing yet`;
  const number = (value: number): string => value.toPrecision(3);
  return `${title}, from ${number(first.value)} at iteration ${first.iteration} to ${number(last.value)} at ${last.iteration}`;
}
