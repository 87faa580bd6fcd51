// A chart of lines with axes, a cross-hair that tells values, and marks: of one or several runs over the same x.
import { useElementSize } from "@mantine/hooks";
import { type PointerEvent, useId, useMemo, useState } from "react";
import {
  type ChartPoint,
  linePath,
  nearestPoint,
  type Scale,
  scaleFor,
  shareOf,
  ticksOf,
  valueAt,
  valuesDrawn,
} from "./chart-scale.ts";
import "./line-chart.css";

export interface ChartLine {
  readonly key: string;
  readonly name: string;
  /** For style sheets. */
  readonly color: string;
  readonly points: readonly ChartPoint[];
  /** Drawn faintly behind the line: the values before smoothing. */
  readonly raw?: readonly ChartPoint[];
  readonly isThin?: boolean;
  readonly hasDots?: boolean;
}

interface LineChartProps {
  /** What is drawn, for those who don't see it. */
  readonly label: string;
  readonly lines: readonly ChartLine[];
  readonly xLabel: string;
  readonly isLog?: boolean;
  /** Nothing lies between whole numbers, as of steps. */
  readonly isXWhole?: boolean;
  /** Ends of the x axis; left out: those of the points. */
  readonly xEnds?: readonly [number, number];
  readonly formatX: (x: number) => string;
  readonly formatY: (y: number) => string;
  /** The x under the pointer here, or in a chart beside this one; null: none. */
  readonly hoverX: number | null;
  readonly onHover: (x: number | null) => void;
  /** A dashed line at a place of interest. */
  readonly markX?: number | null;
  readonly onPick?: (x: number) => void;
}

const MARGIN = { top: 8, right: 20, bottom: 24, left: 52 };
/** Values of more lines than these would cover the chart. */
const MAX_TOLD = 8;

export function LineChart(props: LineChartProps) {
  const { ref, width, height } = useElementSize();
  return (
    <figure ref={ref} className="line-chart" aria-label={props.label}>
      {width > 0 && height > 0 && <Drawn {...props} width={width} height={height} />}
    </figure>
  );
}

function Drawn(props: LineChartProps & { readonly width: number; readonly height: number }) {
  const {
    lines,
    isLog = false,
    isXWhole = false,
    xEnds,
    xLabel,
    formatX,
    formatY,
    hoverX,
    onHover,
    markX,
    onPick,
    width,
    height,
  } = props;
  // In the charts beside the one that is pointed at, the cross-hair says enough.
  const [isPointed, setPointed] = useState(false);
  const clipId = useId();
  const plot = { width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
  const { x, y, paths } = useMemo(() => {
    const xs = scaleOfX(lines, xEnds);
    const ys = scaleFor(valuesDrawn(lines), isLog);
    const px = (value: number) => MARGIN.left + shareOf(xs, value) * plot.width;
    const py = (value: number) =>
      isLog && value <= 0 ? Number.NaN : MARGIN.top + (1 - shareOf(ys, value)) * plot.height;
    return {
      x: xs,
      y: ys,
      paths: lines.map(({ points, raw }) => ({
        line: linePath(points, px, py),
        raw: raw === undefined ? "" : linePath(raw, px, py),
      })),
    };
  }, [lines, isLog, xEnds, plot.width, plot.height]);
  if (plot.width < 20 || plot.height < 20) return null;
  const placeX = (value: number) => MARGIN.left + shareOf(x, value) * plot.width;
  const placeY = (value: number) => MARGIN.top + (1 - shareOf(y, value)) * plot.height;
  const yTicks = ticksOf(y, Math.max(2, Math.floor(plot.height / 44)));
  const yTexts = tickTexts(yTicks, formatY);
  const xTicks = ticksOf(x, Math.max(2, Math.floor(plot.width / 110))).filter((t) => !isXWhole || Number.isInteger(t));
  const isInside = hoverX !== null && hoverX >= x.from && hoverX <= x.to;
  const told = isInside ? toldPoints(lines, hoverX) : [];

  const xOf = (event: PointerEvent<SVGSVGElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - left - MARGIN.left) / plot.width;
    return share < -0.02 || share > 1.02 ? null : valueAt(x, Math.min(1, Math.max(0, share)));
  };
  return (
    <>
      <svg
        width={width}
        height={height}
        aria-hidden="true"
        data-pickable={onPick !== undefined || undefined}
        onPointerMove={(event) => {
          setPointed(true);
          onHover(xOf(event));
        }}
        onPointerLeave={() => {
          setPointed(false);
          onHover(null);
        }}
        onClick={() => isInside && onPick?.(hoverX)}
      >
        <clipPath id={clipId}>
          <rect x={MARGIN.left} y={MARGIN.top} width={plot.width} height={plot.height} />
        </clipPath>
        {yTicks.map((tick, place) => (
          <g key={tick}>
            <line
              className="line-chart-grid"
              x1={MARGIN.left}
              x2={width - MARGIN.right}
              y1={placeY(tick)}
              y2={placeY(tick)}
            />
            <text className="line-chart-tick" x={MARGIN.left - 8} y={placeY(tick) + 4} textAnchor="end">
              {yTexts[place]}
            </text>
          </g>
        ))}
        <line
          className="line-chart-axis"
          x1={MARGIN.left}
          x2={width - MARGIN.right}
          y1={height - MARGIN.bottom}
          y2={height - MARGIN.bottom}
        />
        {xTicks.map((tick) => (
          <text key={tick} className="line-chart-tick" x={placeX(tick)} y={height - 8} textAnchor="middle">
            {formatX(tick)}
          </text>
        ))}
        {markX != null && (
          <line
            className="line-chart-mark"
            x1={placeX(markX)}
            x2={placeX(markX)}
            y1={MARGIN.top}
            y2={height - MARGIN.bottom}
          />
        )}
        {lines.map(({ key, color }, index) => (
          <path
            key={key}
            className="line-chart-raw"
            clipPath={`url(#${clipId})`}
            d={paths[index]?.raw}
            stroke={color}
          />
        ))}
        {lines.map(({ key, color, isThin }, index) => (
          <path
            key={key}
            className="line-chart-line"
            data-thin={isThin || undefined}
            d={paths[index]?.line}
            stroke={color}
          />
        ))}
        {lines.map(
          ({ key, color, points, hasDots }) =>
            (hasDots === true || points.length === 1) &&
            points.map((point) => (
              <circle key={`${key}-${point.x}`} cx={placeX(point.x)} cy={placeY(point.y)} r={2.5} fill={color} />
            )),
        )}
        {told.map(({ line, point }) => (
          <circle
            key={line.key}
            className="line-chart-told"
            cx={placeX(point.x)}
            cy={placeY(point.y)}
            r={4}
            fill={line.color}
          />
        ))}
        {isInside && (
          <line
            className="line-chart-hair"
            x1={placeX(hoverX)}
            x2={placeX(hoverX)}
            y1={MARGIN.top}
            y2={height - MARGIN.bottom}
          />
        )}
      </svg>
      {isPointed && isInside && told.length > 0 && (
        <div className="line-chart-card" style={cardPlace(placeX(hoverX), width)}>
          <span className="dimmed">
            {xLabel} {formatX(told[0]?.point.x ?? hoverX)}
          </span>
          {told.slice(0, MAX_TOLD).map(({ line, point }) => (
            <span key={line.key} className="line-chart-card-row">
              <span className="line-chart-dot" style={{ background: line.color }} />
              <span className="line-chart-card-name">{line.name}</span>
              <strong>{formatY(point.y)}</strong>
            </span>
          ))}
          {told.length > MAX_TOLD && <span className="dimmed">and {told.length - MAX_TOLD} more</span>}
        </div>
      )}
    </>
  );
}

function scaleOfX(lines: readonly ChartLine[], ends: readonly [number, number] | undefined): Scale {
  if (ends !== undefined) return { from: ends[0], to: ends[1], isLog: false };
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { points } of lines) {
    from = Math.min(from, points[0]?.x ?? from);
    to = Math.max(to, points.at(-1)?.x ?? to);
  }
  return from < to
    ? { from, to, isLog: false }
    : { from: Number.isFinite(from) ? from - 1 : 0, to: Number.isFinite(to) ? to + 1 : 1, isLog: false };
}

/** The value of every line next to an x, the greatest first; of a line that ends long before, nothing. */
function toldPoints(lines: readonly ChartLine[], x: number) {
  return lines
    .flatMap((line) => {
      const point = nearestPoint(line.points, x);
      const last = line.points.at(-1)?.x ?? 0;
      const first = line.points[0]?.x ?? 0;
      const room = (last - first) * 0.02;
      if (point === null || x > last + room || x < first - room || !Number.isFinite(point.y)) return [];
      return [{ line, point }];
    })
    .sort((a, b) => b.point.y - a.point.y);
}

function cardPlace(at: number, width: number) {
  return at > width / 2 ? { right: width - at + 10 } : { left: at + 10 };
}

/** As values are written, unless that would make two of them equal. */
function tickTexts(ticks: readonly number[], format: (value: number) => string): readonly string[] {
  const texts = ticks.map(format);
  return new Set(texts).size === texts.length ? texts : ticks.map(String);
}
