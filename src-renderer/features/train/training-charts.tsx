// Loss, learning rate and validation, of one training or of several, with one cross-hair through all of them.
import { SegmentedControl, Slider, Switch } from "@mantine/core";
import { type ReactNode, useMemo, useState } from "react";
import { metricWords } from "../../../src-shared/contract/training/metric-words.ts";
import { isSameVariant, type Variant, variantText } from "../../../src-shared/contract/training/variant-score.ts";
import type { Training, TrainingCurves } from "../../../src-shared/contract/workbench/trainings.ts";
import { formatShare } from "../../components/format.ts";
import { type ChartLine, LineChart } from "../../components/line-chart.tsx";
import { LineLegend } from "../../components/line-legend.tsx";
import { lineColor } from "../../components/series-colors.ts";
import { rampColor } from "../../viewer/color-rows.ts";
import { formatStep, type SharedProps, summaryOf } from "./chart-words.ts";
import { ClassChart } from "./class-chart.tsx";
import {
  bestScore,
  byValue,
  furtherMetrics,
  metricPoints,
  smoothed,
  thinned,
  variantAxis,
  variantLines,
} from "./curve-points.ts";
import { StepChart } from "./step-chart.tsx";
import { useTrainView } from "./train-view.ts";
import { firstValidation, shortNumber } from "./training-words.ts";
import type { DrawnTraining } from "./use-curves.ts";

interface TrainingChartsProps {
  readonly training: Training;
  readonly curves: TrainingCurves | undefined;
  readonly drawn: readonly DrawnTraining[];
}

export function TrainingCharts({ training, curves, drawn }: TrainingChartsProps) {
  const [hoverX, setHoverX] = useState<number | null>(null);
  const previewStep = useTrainView((view) => view.previewStep);
  const shared = { drawn, hoverX, onHover: setHoverX, xEnds: useStepEnds(drawn) };
  if (curves === undefined) return <div className="training-charts training-charts-skeleton skeleton" />;
  const further = furtherMetrics(curves);
  const onPick = (step: number) => useTrainView.setState({ previewStep: Math.round(step) });
  return (
    <div className={`training-charts${further.length > 0 ? " training-charts-many" : ""}`}>
      <LossChart {...shared} markX={previewStep} onPick={curves.previews.length > 0 ? onPick : undefined} />
      <div className="training-charts-pair">
        <MetricChart {...shared} title="Learning rate" names={RATE} />
        <ValidationChart {...shared} training={training} curves={curves} />
      </div>
      {further.length > 0 && (
        <div className="training-charts-further">
          {further.map(({ stem, names, isByClass }) =>
            isByClass ? (
              <ChartPanel key={`${stem} by class`} title={`${titleOf(stem)} by class`} isWide isEmpty={false}>
                <ClassChart {...shared} title={`${titleOf(stem)} by class`} names={names} />
              </ChartPanel>
            ) : (
              <MetricChart {...shared} key={stem} title={titleOf(stem)} names={names} />
            ),
          )}
        </div>
      )}
    </div>
  );
}

/** All step charts have the same ends, so that the cross-hair stands at one place. */
function useStepEnds(drawn: readonly DrawnTraining[]): readonly [number, number] {
  return useMemo(() => {
    const last = Math.max(
      1,
      ...drawn.map(({ curves: { steps, validations } }) => Math.max(steps.at(-1) ?? 1, validations.at(-1)?.step ?? 1)),
    );
    return [0, last];
  }, [drawn]);
}

interface LossChartProps extends SharedProps {
  readonly markX: number | null;
  readonly onPick: ((step: number) => void) | undefined;
}

function LossChart({ drawn, hoverX, onHover, xEnds, markX, onPick }: LossChartProps) {
  const smoothing = useTrainView((view) => view.smoothing);
  const isLog = useTrainView((view) => view.isLossLog);
  const lines = useMemo(
    () =>
      drawn.map(({ training, name, color, curves }): ChartLine => {
        const raw = metricPoints(curves, "loss");
        const points = thinned(smoothed(raw, smoothing));
        return { key: training.id, name, color, points, ...(smoothing > 0 ? { raw: thinned(raw) } : {}) };
      }),
    [drawn, smoothing],
  );
  const perPoint = drawn[0]?.curves.stepsPerPoint ?? 1;
  return (
    <ChartPanel
      title="Loss"
      note={perPoint > 1 ? `each point the mean of ${perPoint} steps` : undefined}
      isEmpty={lines.every(({ points }) => points.length === 0)}
      controls={
        <>
          <span className="training-smoothing">
            <span>Smoothing</span>
            <Slider
              thumbLabel="Smoothing"
              min={0}
              max={0.99}
              step={0.01}
              label={null}
              value={smoothing}
              onChange={(value) => useTrainView.setState({ smoothing: value })}
            />
            <span className="training-smoothing-value">{smoothing.toFixed(2)}</span>
          </span>
          <Switch
            label="Logarithmic"
            labelPosition="left"
            checked={isLog}
            onChange={(event) => useTrainView.setState({ isLossLog: event.currentTarget.checked })}
          />
        </>
      }
    >
      <LineChart
        label={summaryOf("Loss", lines)}
        lines={lines}
        xLabel="step"
        isXWhole
        isLog={isLog}
        xEnds={xEnds}
        formatX={formatStep}
        formatY={shortNumber}
        hoverX={hoverX}
        onHover={onHover}
        markX={markX}
        {...(onPick === undefined ? {} : { onPick })}
      />
    </ChartPanel>
  );
}

const RATE = ["learningRate"];

/** The parts of the loss have a chart beside that of the whole. */
function titleOf(group: string): string {
  const words = group === "loss" ? "parts of the loss" : metricWords(group);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

interface MetricChartProps extends SharedProps {
  readonly title: string;
  /** One metric, of all trainings; or several, of the one that is shown. */
  readonly names: readonly string[];
}

function MetricChart({ drawn, hoverX, onHover, xEnds, title, names }: MetricChartProps) {
  const lines = useMemo(
    () => (names.length === 1 ? linesOfTrainings(drawn, names[0] ?? "") : linesOfMetrics(drawn[0], names)),
    [drawn, names],
  );
  return (
    <ChartPanel
      title={title}
      isEmpty={lines.every(({ points }) => points.length === 0)}
      controls={names.length > 1 && <LineLegend label={title} lines={lines} />}
    >
      <StepChart title={title} lines={lines} xEnds={xEnds} hoverX={hoverX} onHover={onHover} />
    </ChartPanel>
  );
}

function linesOfTrainings(drawn: readonly DrawnTraining[], metric: string): readonly ChartLine[] {
  return drawn.map(({ training, name, color, curves }) => ({
    key: training.id,
    name,
    color,
    points: thinned(metricPoints(curves, metric)),
  }));
}

function linesOfMetrics(shown: DrawnTraining | undefined, names: readonly string[]): readonly ChartLine[] {
  if (shown === undefined) return [];
  return names.map((metric, place) => ({
    key: metric,
    name: metricWords(metric.slice(metric.indexOf(".") + 1)),
    color: lineColor(place),
    points: thinned(metricPoints(shown.curves, metric)),
  }));
}

interface ValidationChartProps extends SharedProps {
  readonly training: Training;
  readonly curves: TrainingCurves;
}

function ValidationChart({ drawn, hoverX, onHover, xEnds, training, curves }: ValidationChartProps) {
  const [valueHover, setValueHover] = useState<number | null>(null);
  const axis = variantAxis(curves);
  const isByValue = useTrainView((view) => view.validationBy) === "value" && axis !== null;
  const lines = useMemo(() => (isByValue ? valueCurves(drawn) : stepLines(drawn)), [isByValue, drawn]);
  // Other trainings are named where they are chosen.
  const own = useMemo(() => (axis === null ? stepLines(drawn.slice(0, 1)) : []), [axis, drawn]);
  return (
    <ChartPanel
      title="Validation mean IoU"
      isEmpty={curves.validations.length === 0}
      empty={emptyValidation(training)}
      controls={
        axis === null ? (
          own.length > 1 && <LineLegend label="Validation mean IoU" lines={own} />
        ) : (
          <>
            {!isByValue && lines.length > 2 && <ValueLegend name={axis} />}
            <SegmentedControl
              aria-label="Validation by"
              value={isByValue ? "value" : "step"}
              onChange={(value) => useTrainView.setState({ validationBy: value === "value" ? "value" : "step" })}
              data={[
                { value: "step", label: "by step" },
                { value: "value", label: `by ${axis}` },
              ]}
            />
          </>
        )
      }
    >
      <LineChart
        label={summaryOf(`Validation mean IoU by ${isByValue ? axis : "step"}`, lines)}
        lines={lines}
        xLabel={isByValue ? axis : "step"}
        isXWhole={!isByValue}
        xEnds={isByValue ? VALUE_ENDS : xEnds}
        formatX={isByValue ? shortNumber : formatStep}
        formatY={formatShare}
        hoverX={isByValue ? valueHover : hoverX}
        onHover={isByValue ? setValueHover : onHover}
      />
    </ChartPanel>
  );
}

const VALUE_ENDS = [0, 1] as const;

function emptyValidation({ validation, config, status }: Training): string {
  if (validation === null) return "There are no validation images: the last epoch is the result.";
  if (status === "finished") return "No validation gave a score.";
  const first = firstValidation(config);
  return first === null ? "Training ends before the first validation." : `Begins after epoch ${first}.`;
}

/** A line for every variant of the training that is shown; of each of the others its best one's. */
function stepLines(drawn: readonly DrawnTraining[]): readonly ChartLine[] {
  return drawn.flatMap(({ training, name, color, curves }, place): readonly ChartLine[] => {
    const best = bestScore(curves, training);
    const lines = variantLines(curves);
    const isBest = ({ variant }: { readonly variant: Variant }) => best !== null && isSameVariant(variant, best);
    if (place > 0) {
      return lines.filter(isBest).map(({ variant, points }) => ({
        key: training.id,
        name: `${name}, ${variantText(variant)}`,
        color,
        points,
        hasDots: true,
      }));
    }
    return lines
      .map((line, index) => ({
        key: `${training.id}-${variantText(line.variant)}`,
        name: `${variantText(line.variant)}${isBest(line) ? ", best" : ""}`,
        color: isBest(line) ? color : variantColor(line.variant, index + 1),
        points: line.points,
        isThin: !isBest(line),
        hasDots: isBest(line),
      }))
      .sort((a, b) => Number(b.isThin) - Number(a.isThin));
  });
}

/** The last validation of each training; of the one that is shown the earlier ones faintly, too. */
function valueCurves(drawn: readonly DrawnTraining[]): readonly ChartLine[] {
  return drawn.flatMap(({ training, name, color, curves }, place): readonly ChartLine[] => {
    const shown = place === 0 ? curves.validations : curves.validations.slice(-1);
    return shown.map((validation, index) => {
      const isLast = index === shown.length - 1;
      return {
        key: `${training.id}-${validation.epoch}`,
        name: place === 0 ? `epoch ${validation.epoch}` : name,
        color: isLast ? color : "var(--series-past)",
        points: byValue(validation),
        isThin: !isLast,
        hasDots: isLast,
      };
    });
  });
}

/** Along the ramp, without its ends, which vanish on dark or light ground. */
function valueColor(value: number): string {
  return `rgb(${rampColor(0.3 + 0.5 * value).join(" ")} / 75%)`;
}

function variantColor({ value }: Variant, place: number): string {
  return value === null ? lineColor(place) : valueColor(value);
}

function ValueLegend({ name }: { readonly name: string }) {
  const stops = [0, 0.5, 1].map(valueColor).join(", ");
  return (
    <span className="value-legend">
      {name} 0
      <span className="value-legend-ramp" style={{ backgroundImage: `linear-gradient(to right, ${stops})` }} />1
    </span>
  );
}

interface ChartPanelProps {
  readonly title: string;
  readonly note?: string | undefined;
  /** As wide as two. */
  readonly isWide?: boolean;
  readonly controls?: ReactNode;
  readonly isEmpty: boolean;
  readonly empty?: string;
  readonly children: ReactNode;
}

function ChartPanel({ title, note, isWide = false, controls, isEmpty, empty, children }: ChartPanelProps) {
  return (
    <section className={`training-chart${isWide ? " training-chart-wide" : ""}`}>
      <header className="training-chart-head">
        <h2>{title}</h2>
        {note !== undefined && <span className="training-chart-note">{note}</span>}
        <span className="training-chart-gap" />
        {controls}
      </header>
      {isEmpty ? <p className="training-chart-empty">{empty ?? "Drawn from the first step on."}</p> : children}
    </section>
  );
}
