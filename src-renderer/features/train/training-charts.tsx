// Loss, learning rate and validation, of one training or of several, with one cross-hair through all of them.
import { SegmentedControl, Slider, Switch } from "@mantine/core";
import { type ReactNode, useMemo, useState } from "react";
import type { Training, TrainingCurves } from "../../../src-shared/contract/workbench/trainings.ts";
import { formatCount, formatShare } from "../../components/format.ts";
import { type ChartLine, LineChart } from "../../components/line-chart.tsx";
import { rampColor } from "../../viewer/color-rows.ts";
import { alphaLines, bestScore, byAlpha, lossPoints, ratePoints, smoothed, thinned } from "./curve-points.ts";
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
  const onPick = (step: number) => useTrainView.setState({ previewStep: Math.round(step) });
  return (
    <div className="training-charts">
      <LossChart {...shared} markX={previewStep} onPick={curves.previews.length > 0 ? onPick : undefined} />
      <div className="training-charts-pair">
        <RateChart {...shared} />
        <ValidationChart {...shared} training={training} curves={curves} />
      </div>
    </div>
  );
}

/** All step charts have the same ends, so that the cross-hair stands at one place. */
function useStepEnds(drawn: readonly DrawnTraining[]): readonly [number, number] {
  return useMemo(() => {
    const last = Math.max(
      1,
      ...drawn.map(({ curves: { steps, validations } }) =>
        Math.max(steps.at(-1)?.step ?? 1, validations.at(-1)?.step ?? 1),
      ),
    );
    return [0, last];
  }, [drawn]);
}

interface SharedProps {
  readonly drawn: readonly DrawnTraining[];
  readonly hoverX: number | null;
  readonly onHover: (x: number | null) => void;
  readonly xEnds: readonly [number, number];
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
        const raw = lossPoints(curves);
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

function RateChart({ drawn, hoverX, onHover, xEnds }: SharedProps) {
  const lines = useMemo(
    () =>
      drawn.map(
        ({ training, name, color, curves }): ChartLine => ({
          key: training.id,
          name,
          color,
          points: thinned(ratePoints(curves)),
        }),
      ),
    [drawn],
  );
  return (
    <ChartPanel title="Learning rate" isEmpty={lines.every(({ points }) => points.length === 0)}>
      <LineChart
        label={summaryOf("Learning rate", lines)}
        lines={lines}
        xLabel="step"
        isXWhole
        xEnds={xEnds}
        formatX={formatStep}
        formatY={shortNumber}
        hoverX={hoverX}
        onHover={onHover}
      />
    </ChartPanel>
  );
}

interface ValidationChartProps extends SharedProps {
  readonly training: Training;
  readonly curves: TrainingCurves;
}

function ValidationChart({ drawn, hoverX, onHover, xEnds, training, curves }: ValidationChartProps) {
  const by = useTrainView((view) => view.validationBy);
  const [alphaHover, setAlphaHover] = useState<number | null>(null);
  const lines = useMemo(() => (by === "step" ? stepLines(drawn) : alphaCurves(drawn)), [by, drawn]);
  const isByAlpha = by === "alpha";
  return (
    <ChartPanel
      title="Validation mean IoU"
      isEmpty={curves.validations.length === 0}
      empty={emptyValidation(training)}
      controls={
        <>
          {!isByAlpha && lines.length > 2 && <AlphaLegend />}
          <SegmentedControl
            aria-label="Validation by"
            value={by}
            onChange={(value) => useTrainView.setState({ validationBy: value === "alpha" ? "alpha" : "step" })}
            data={[
              { value: "step", label: "by step" },
              { value: "alpha", label: "by alpha" },
            ]}
          />
        </>
      }
    >
      <LineChart
        label={summaryOf(`Validation mean IoU by ${by}`, lines)}
        lines={lines}
        xLabel={isByAlpha ? "alpha" : "step"}
        isXWhole={!isByAlpha}
        xEnds={isByAlpha ? ALPHA_ENDS : xEnds}
        formatX={isByAlpha ? shortNumber : formatStep}
        formatY={formatShare}
        hoverX={isByAlpha ? alphaHover : hoverX}
        onHover={isByAlpha ? setAlphaHover : onHover}
      />
    </ChartPanel>
  );
}

const ALPHA_ENDS = [0, 1] as const;

function emptyValidation({ validation, config, status }: Training): string {
  if (validation === null) return "There are no validation images: the last epoch is the result.";
  if (status === "finished") return "No validation gave a score.";
  const first = firstValidation(config);
  return first === null ? "Training ends before the first validation." : `Begins after epoch ${first}.`;
}

/** A line for every alpha of the training that is shown; of each of the others its best alpha's. */
function stepLines(drawn: readonly DrawnTraining[]): readonly ChartLine[] {
  return drawn.flatMap(({ training, name, color, curves }, place): readonly ChartLine[] => {
    const best = bestScore(curves)?.alpha;
    const lines = alphaLines(curves);
    if (place > 0) {
      return lines
        .filter(({ alpha }) => alpha === best)
        .map(({ alpha, points }) => ({
          key: training.id,
          name: `${name}, alpha ${shortNumber(alpha)}`,
          color,
          points,
          hasDots: true,
        }));
    }
    return lines
      .map(({ alpha, points }) => ({
        key: `${training.id}-${alpha}`,
        name: `alpha ${shortNumber(alpha)}${alpha === best ? ", best" : ""}`,
        color: alpha === best ? color : alphaColor(alpha),
        points,
        isThin: alpha !== best,
        hasDots: alpha === best,
      }))
      .sort((a, b) => Number(b.isThin) - Number(a.isThin));
  });
}

/** The last validation of each training; of the one that is shown the earlier ones faintly, too. */
function alphaCurves(drawn: readonly DrawnTraining[]): readonly ChartLine[] {
  return drawn.flatMap(({ training, name, color, curves }, place): readonly ChartLine[] => {
    const shown = place === 0 ? curves.validations : curves.validations.slice(-1);
    return shown.map((validation, index) => {
      const isLast = index === shown.length - 1;
      return {
        key: `${training.id}-${validation.epoch}`,
        name: place === 0 ? `epoch ${validation.epoch}` : name,
        color: isLast ? color : "var(--series-past)",
        points: byAlpha(validation),
        isThin: !isLast,
        hasDots: isLast,
      };
    });
  });
}

/** Along the ramp, without its ends, which vanish on dark or light ground. */
function alphaColor(alpha: number): string {
  return `rgb(${rampColor(0.3 + 0.5 * alpha).join(" ")} / 75%)`;
}

function AlphaLegend() {
  const stops = [0, 0.5, 1].map(alphaColor).join(", ");
  return (
    <span className="alpha-legend">
      alpha 0
      <span className="alpha-legend-ramp" style={{ backgroundImage: `linear-gradient(to right, ${stops})` }} />1
    </span>
  );
}

function formatStep(step: number): string {
  return formatCount(Math.round(step));
}

interface ChartPanelProps {
  readonly title: string;
  readonly note?: string | undefined;
  readonly controls?: ReactNode;
  readonly isEmpty: boolean;
  readonly empty?: string;
  readonly children: ReactNode;
}

function ChartPanel({ title, note, controls, isEmpty, empty, children }: ChartPanelProps) {
  return (
    <section className="training-chart">
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

/** For those who don't see the curves. */
function summaryOf(title: string, lines: readonly ChartLine[]): string {
  const parts = lines.map(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return `${name}: nothing yet`;
    return `${name}: from ${shortNumber(first.y)} to ${shortNumber(last.y)}`;
  });
  return `${title}. ${parts.slice(0, 12).join("; ")}`;
}
