// The curve under the panes: loss and other figures by iteration, with the scrubber's place and earlier runs behind it.
import { SegmentedControl, Switch, Tooltip } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import { formatPercent } from "../../components/format.ts";
import { type ChartLine, LineChart } from "../../components/line-chart.tsx";
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
  const [hoverX, setHoverX] = useState<number | null>(null);
  const losses = run?.losses;
  const kept = run?.kept;
  const points = useMemo(
    () => (losses === undefined || kept === undefined ? [] : seriesOf({ losses, kept }, metric)),
    [losses, kept, metric],
  );
  const lines = useMemo(
    () => [
      ...earlier.map((other) => lineOf(other.id, seriesOf(other, metric), { isBehind: true })),
      lineOf("run", points, { hasDots: points.length <= MAX_DOTS }),
    ],
    [earlier, points, metric],
  );
  if (run !== null && run.method !== "adapt" && metric === "loss") {
    return <p className="panel-empty">Only adaptation trains, so this run has no loss.</p>;
  }
  if (run === null || points.length === 0) {
    return <p className="panel-empty">The curve appears here while the run goes on.</p>;
  }
  return (
    <div className="curve">
      <LineChart
        label={summaryOf(points, METRIC_TITLES[metric])}
        lines={lines}
        xLabel="iteration"
        isXWhole
        xEnds={[0, lastIteration(run)]}
        formatX={(x) => String(Math.round(x))}
        formatY={(y) => tickLabel(y, metric)}
        hoverX={hoverX}
        onHover={setHoverX}
        markX={shownIteration(scrub, run.kept)}
        onPick={(x) => useAdaptView.setState({ scrub: scrubbedTo(Math.round(x), run.kept) })}
      />
      {earlier.length > 0 && <p className="curve-note">faint: earlier runs of this image</p>}
    </div>
  );
}

/** More dots than these run into one another. */
const MAX_DOTS = 60;

function lineOf(key: string, points: readonly ChartPoint[], look: Pick<ChartLine, "isBehind" | "hasDots">): ChartLine {
  const color = look.isBehind === true ? "var(--text-dim)" : "var(--accent-text)";
  return { key, name: "this run", color, points: points.map(({ iteration: x, value: y }) => ({ x, y })), ...look };
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
