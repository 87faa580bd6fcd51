// The divider of a split pane: dragged, or moved with arrow keys.
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { splitAfterKey, splitFromPointer } from "./split.ts";

interface Props {
  /** 0..1 of the pane's width. */
  readonly at: number;
  readonly onMove: (at: number) => void;
  /** What lies left and right of it. */
  readonly label: string;
  readonly className?: string;
}

export function SplitHandle({ at, onMove, label, className }: Props) {
  const handle = useRef<HTMLDivElement>(null);
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const pane = handle.current?.parentElement;
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || !pane) return;
    onMove(splitFromPointer(event.clientX, pane.getBoundingClientRect()));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const next = splitAfterKey(at, event.key, event.shiftKey);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    onMove(next);
  };
  return (
    <div
      ref={handle}
      role="slider"
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(at * 100)}
      aria-valuetext={`${Math.round(at * 100)} % from the left`}
      tabIndex={0}
      className={className}
      style={{ left: `${at * 100}%`, touchAction: "none" }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      onDoubleClick={(event) => {
        event.stopPropagation();
        onMove(0.5);
      }}
    />
  );
}
