// A chart of lines with axes, a cross-hair that tells values, and marks: of one or several runs over the same x.
import { type PointerEvent, useId, useMemo, useState } from "react";
import { ChartAxes, ChartCard, ChartFigure } from "./chart-frame.tsx";
import {
  type ChartPoint,
  linePath,
  nearestPoint,
  type Plot,
  placeOnX,
  placeOnY,
  type Scale,
  scaleFor,
  ticksOf,
  valueAt,
  valuesDrawn,
} from "./chart-scale.ts";

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
  /** As SVG has it: "7 4". */
  readonly dash?: string;
  /** Faint, behind all others, and not told of. */
  readonly isBehind?: boolean;
}

interface LineChartProps {
  /** What is drawn, for those who don't see it. */
  readonly label: string;
  readonly lines: readonly ChartLine[];
  readonly xLabel: string;
  readonly isLog?: boolean;
  /** Nothing lies between whole numbers, as of steps. */
  readonly isXWhole?: boolean;
  readonly isXLog?: boolean;
  /** Ends of the x axis; left out: those of the points. */
  readonly xEnds?: readonly [number, number];
  /** The only places of the x axis; left out: round numbers. */
  readonly xTicks?: readonly number[];
  /** Below the x axis. */
  readonly xTitle?: string;
  readonly formatX: (x: number) => string;
  readonly formatY: (y: number) => string;
  /** The x under the pointer here, or in a chart beside this one; null: none. */
  readonly hoverX: number | null;
  readonly onHover: (x: number | null) => void;
  /** A dashed line at a place of interest. */
  readonly markX?: number | null;
  /** A ring around a point, with a word above it. */
  readonly ring?: (ChartPoint & { readonly text: string }) | undefined;
  readonly onPick?: (x: number) => void;
}

const MARGIN = { top: 8, right: 20, bottom: 24, left: 52 };
/** What a title below the axis takes besides, and a word above the topmost point. */
const TITLE_ROOM = 22;
const RING_ROOM = 12;
/** Beside the first and the last of given places. */
const PLACES_INSET = 16;
/** Values of more lines than these would cover the chart. */
const MAX_TOLD = 8;

export function LineChart(props: LineChartProps) {
  return <ChartFigure label={props.label}>{(size) => <Drawn {...props} {...size} />}</ChartFigure>;
}

function Drawn(props: LineChartProps & { readonly width: number; readonly height: number }) {
  const {
    lines,
    isLog = false,
    isXWhole = false,
    isXLog = false,
    xEnds,
    xTicks,
    xTitle,
    xLabel,
    formatX,
    formatY,
    hoverX,
    onHover,
    markX,
    ring,
    onPick,
    width,
    height,
  } = props;
  // In the charts beside the one that is pointed at, the cross-hair says enough.
  const [isPointed, setPointed] = useState(false);
  const clipId = useId();
  const plot = plotOf(width, height, { hasTitle: xTitle !== undefined, hasRing: ring !== undefined, xTicks });
  const { x, y, paths } = useMemo(() => {
    const xs = scaleOfX(lines, xEnds, isXLog);
    const ys = scaleFor(valuesDrawn(lines), isLog);
    const own = plotOf(width, height, { hasTitle: xTitle !== undefined, hasRing: ring !== undefined, xTicks });
    const px = (value: number) => placeOnX(own, xs, value);
    const py = (value: number) => placeOnY(own, ys, value);
    return {
      x: xs,
      y: ys,
      paths: lines.map(({ points, raw }) => ({
        line: linePath(points, px, py),
        raw: raw === undefined ? "" : linePath(raw, px, py),
      })),
    };
  }, [lines, isLog, isXLog, xEnds, xTicks, xTitle, ring, width, height]);
  if (plot.width < 20 || plot.height < 20) return null;
  const placeX = (value: number) => placeOnX(plot, x, value);
  const placeY = (value: number) => placeOnY(plot, y, value);
  const bottom = plot.top + plot.height;
  const yTicks = ticksOf(y, Math.max(2, Math.floor(plot.height / 44)));
  const xPlaces =
    xTicks ?? ticksOf(x, Math.max(2, Math.floor(plot.width / 110))).filter((t) => !isXWhole || Number.isInteger(t));
  const isInside = hoverX !== null && hoverX >= x.from && hoverX <= x.to;
  const told = isInside ? toldPoints(lines, hoverX) : [];

  const xOf = (event: PointerEvent<SVGSVGElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - left - plot.left - plot.inset) / (plot.width - 2 * plot.inset);
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
          <rect x={plot.left} y={plot.top} width={plot.width} height={plot.height} />
        </clipPath>
        <ChartAxes
          plot={plot}
          x={{ scale: x, values: xPlaces, textOf: formatX }}
          y={{ scale: y, values: yTicks, textOf: formatY }}
          xTitle={xTitle}
        />
        {markX != null && (
          <line className="chart-mark" x1={placeX(markX)} x2={placeX(markX)} y1={plot.top} y2={bottom} />
        )}
        {lines.map(({ key, color }, index) => (
          <path key={key} className="chart-raw" clipPath={`url(#${clipId})`} d={paths[index]?.raw} stroke={color} />
        ))}
        {lines.map(({ key, color, isThin, isBehind, dash }, index) => (
          <path
            key={key}
            className="chart-line"
            data-thin={isThin || undefined}
            data-behind={isBehind || undefined}
            strokeDasharray={dash}
            d={paths[index]?.line}
            stroke={color}
          />
        ))}
        {lines.map(
          ({ key, color, points, hasDots, isBehind }) =>
            isBehind !== true &&
            (hasDots === true || points.length === 1) &&
            points.map((point) => (
              <circle key={`${key}-${point.x}`} cx={placeX(point.x)} cy={placeY(point.y)} r={2.5} fill={color} />
            )),
        )}
        {ring !== undefined && (
          <g>
            <circle className="chart-ring" cx={placeX(ring.x)} cy={placeY(ring.y)} r={7} />
            <text className="chart-ring-text" x={placeX(ring.x)} y={placeY(ring.y) - 11} textAnchor="middle">
              {ring.text}
            </text>
          </g>
        )}
        {told.map(({ line, point }) => (
          <circle
            key={line.key}
            className="chart-told"
            cx={placeX(point.x)}
            cy={placeY(point.y)}
            r={4}
            fill={line.color}
          />
        ))}
        {isInside && <line className="chart-hair" x1={placeX(hoverX)} x2={placeX(hoverX)} y1={plot.top} y2={bottom} />}
      </svg>
      {isPointed && isInside && told.length > 0 && (
        <ChartCard at={placeX(hoverX)} width={width}>
          <span className="dimmed">
            {xLabel} {formatX(told[0]?.point.x ?? hoverX)}
          </span>
          {told.slice(0, MAX_TOLD).map(({ line, point }) => (
            <span key={line.key} className="chart-card-row">
              <span className="chart-dot" style={{ background: line.color }} />
              <span className="chart-card-name">{line.name}</span>
              <strong>{formatY(point.y)}</strong>
            </span>
          ))}
          {told.length > MAX_TOLD && <span className="dimmed">and {told.length - MAX_TOLD} more</span>}
        </ChartCard>
      )}
    </>
  );
}

interface PlotParts {
  readonly hasTitle: boolean;
  readonly hasRing: boolean;
  readonly xTicks: readonly number[] | undefined;
}

function plotOf(width: number, height: number, { hasTitle, hasRing, xTicks }: PlotParts): Plot {
  const top = MARGIN.top + (hasRing ? RING_ROOM : 0);
  const below = MARGIN.bottom + (hasTitle ? TITLE_ROOM : 0);
  return {
    left: MARGIN.left,
    top,
    width: width - MARGIN.left - MARGIN.right,
    height: height - top - below,
    inset: xTicks === undefined ? 0 : PLACES_INSET,
  };
}

function scaleOfX(lines: readonly ChartLine[], ends: readonly [number, number] | undefined, isLog: boolean): Scale {
  if (ends !== undefined) return { from: ends[0], to: ends[1], isLog };
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { points } of lines) {
    from = Math.min(from, points[0]?.x ?? from);
    to = Math.max(to, points.at(-1)?.x ?? to);
  }
  return from < to
    ? { from, to, isLog }
    : { from: Number.isFinite(from) ? from - 1 : 0, to: Number.isFinite(to) ? to + 1 : 1, isLog: false };
}

/** The value of every line next to an x, the greatest first; of a line that ends long before, nothing. */
function toldPoints(lines: readonly ChartLine[], x: number) {
  return lines
    .flatMap((line) => {
      if (line.isBehind === true) return [];
      const point = nearestPoint(line.points, x);
      const last = line.points.at(-1)?.x ?? 0;
      const first = line.points[0]?.x ?? 0;
      const room = (last - first) * 0.02;
      if (point === null || x > last + room || x < first - room || !Number.isFinite(point.y)) return [];
      return [{ line, point }];
    })
    .sort((a, b) => b.point.y - a.point.y);
}
