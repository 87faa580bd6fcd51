// A line as small as a word: the course of a figure, without axes.
import { sparklinePath } from "./sparkline-path.ts";
import "./sparkline.css";

interface SparklineProps {
  readonly values: readonly number[];
  readonly width: number;
  readonly height: number;
  /** Said instead of the picture. */
  readonly label: string;
}

export function Sparkline({ values, width, height, label }: SparklineProps) {
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      preserveAspectRatio="none"
    >
      <path d={sparklinePath(values, width, height)} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
