// One axis of parallel coordinates: its name, its values, and the stretch that is brushed.
import { type PointerEvent, useRef, useState } from "react";
import type { ParallelAxis } from "./parallel-axes.ts";
import { cellText, columnTitle } from "./run-columns.ts";

/** Names that lie closer than this would cover each other. */
const LEAST_TICK_PX = 15;
/** A shorter drag is a click, which takes the brush away. */
const LEAST_BRUSH_PX = 4;

interface ParallelAxisViewProps {
  readonly axis: ParallelAxis;
  readonly x: number;
  readonly height: number;
  readonly stretch: readonly [number, number] | null;
  /** Value of the line that is pointed at. */
  readonly told: string | null;
  readonly toldAt: number | null;
  readonly onBrush: (stretch: readonly [number, number] | null) => void;
}

export function ParallelAxisView({ axis, x, height, stretch, told, toldAt, onBrush }: ParallelAxisViewProps) {
  const start = useRef<number | null>(null);
  const [dragged, setDragged] = useState<readonly [number, number] | null>(null);
  const shareOf = (event: PointerEvent) => {
    const { top } = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, 1 - (event.clientY - top) / height));
  };
  const shown = dragged ?? stretch;
  const title = columnTitle(axis.column);
  return (
    <div className="parallel-axis" style={{ left: x, height }}>
      <span className="parallel-axis-title" title={title}>
        {title}
      </span>
      <div
        className="parallel-axis-brush"
        title={`Drag to filter by ${title.toLowerCase()}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = shareOf(event);
        }}
        onPointerMove={(event) => {
          if (start.current === null) return;
          event.stopPropagation();
          const at = shareOf(event);
          setDragged([Math.min(start.current, at), Math.max(start.current, at)]);
        }}
        onPointerUp={(event) => {
          event.stopPropagation();
          start.current = null;
          setDragged(null);
          if (dragged !== null && (dragged[1] - dragged[0]) * height >= LEAST_BRUSH_PX) onBrush(dragged);
          else if (stretch !== null) onBrush(null);
        }}
        onPointerCancel={() => {
          start.current = null;
          setDragged(null);
        }}
      >
        <span className="parallel-axis-line" />
        {shown !== null && (
          <span
            className="parallel-axis-stretch"
            style={{ bottom: shown[0] * height, height: Math.max(2, (shown[1] - shown[0]) * height) }}
          />
        )}
      </div>
      {toldAt === null
        ? ticksThatFit(axis, height).map((tick) => (
            <span
              key={String(tick)}
              className="parallel-axis-tick"
              style={{ bottom: (axis.shareOf(tick) ?? 0) * height }}
            >
              {cellText(axis.column, tick)}
            </span>
          ))
        : told !== null && (
            <span className="parallel-axis-tick parallel-axis-told" style={{ bottom: toldAt * height }}>
              {told}
            </span>
          )}
    </div>
  );
}

function ticksThatFit({ ticks, shareOf }: ParallelAxis, height: number) {
  const every = Math.ceil((ticks.length * LEAST_TICK_PX) / Math.max(1, height));
  return ticks.filter((tick, place) => place % every === 0 && shareOf(tick) !== null);
}
