// Lines over a training's steps, with the cross-hair that all such charts share.
import { type ChartLine, LineChart } from "../../components/line-chart.tsx";
import { formatStep, type SharedProps, summaryOf } from "./chart-words.ts";
import { shortNumber } from "./training-words.ts";

interface Props extends Omit<SharedProps, "drawn"> {
  readonly title: string;
  readonly lines: readonly ChartLine[];
}

export function StepChart({ title, lines, xEnds, hoverX, onHover }: Props) {
  return (
    <LineChart
      label={summaryOf(title, lines)}
      lines={lines}
      xLabel="step"
      isXWhole
      xEnds={xEnds}
      formatX={formatStep}
      formatY={shortNumber}
      hoverX={hoverX}
      onHover={onHover}
    />
  );
}
