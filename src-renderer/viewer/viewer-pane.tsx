// One pane over the stage: takes pointer, wheel and keys, and reports the pixel under the pointer.
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { viewAfterDrag, viewAfterKey, viewAfterWheel, viewAtFullSize } from "./gestures.ts";
import { moveView, type View, type ViewStore, viewOf } from "./linked-views.ts";
import type { PaneContent, StagePixel } from "./stage.ts";
import { useStage } from "./viewer-stage.tsx";

interface Props {
  readonly id: string;
  readonly content: PaneContent;
  readonly views: ViewStore;
  /** What the pane shows, for those who don't see it. */
  readonly label: string;
  readonly className?: string;
  /**
   * The image pixel under the pointer, or in the middle for the keyboard; null when it left the image. `isLeft`: in the
   * left half of the pane.
   */
  readonly onPoint?: (pixel: StagePixel | null, isLeft: boolean) => void;
  /** A click without a drag. */
  readonly onPick?: (pixel: StagePixel) => void;
  readonly onFocus?: () => void;
  readonly children?: ReactNode;
}

/** A press that moves less than this, in CSS pixels, is a click. */
const CLICK_SLACK_PX = 3;

export function ViewerPane({ id, content, views, label, className, onPoint, onPick, onFocus, children }: Props) {
  const stage = useStage();
  const element = useRef<HTMLDivElement>(null);
  const latestContent = useRef(content);
  latestContent.current = content;
  const latestOnPoint = useRef(onPoint);
  latestOnPoint.current = onPoint;
  const drag = useRef<{ x: number; y: number; travelled: number } | null>(null);

  useLayoutEffect(() => {
    if (stage === null || element.current === null) return;
    stage.addPane(id, element.current, latestContent.current);
    return () => {
      stage.removePane(id);
      latestOnPoint.current?.(null, false);
    };
  }, [stage, id]);

  useLayoutEffect(() => stage?.setContent(id, content), [stage, id, content]);

  const move = (view: View): void => views.set(moveView(views.get(), id, view));

  // React listens to wheels passively, which can't keep the page from scrolling.
  useEffect(() => {
    const box = element.current;
    if (box === null || stage === null) return;
    const onWheel = (event: WheelEvent): void => {
      const scene = stage.viewport(id);
      if (scene === null) return;
      event.preventDefault();
      const { left, top } = box.getBoundingClientRect();
      const next = viewAfterWheel(scene, event, { x: event.clientX - left, y: event.clientY - top });
      views.set(moveView(views.get(), id, next));
    };
    box.addEventListener("wheel", onWheel, { passive: false });
    return () => box.removeEventListener("wheel", onWheel);
  }, [stage, id, views]);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button > 1 || event.target !== event.currentTarget) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, travelled: 0 };
  };

  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const from = drag.current;
    if (from !== null) {
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      const travelled = from.travelled + Math.abs(dx) + Math.abs(dy);
      drag.current = { x: event.clientX, y: event.clientY, travelled };
      const scene = stage?.viewport(id) ?? null;
      if (scene !== null && travelled > CLICK_SLACK_PX) move(viewAfterDrag(scene, dx, dy));
    }
    const isLeft = event.clientX < middleOf(event.currentTarget).x;
    onPoint?.(stage?.pixelAt(id, event.clientX, event.clientY) ?? null, isLeft);
  };

  const onPointerUp = (event: PointerEvent<HTMLDivElement>): void => {
    const wasClick = drag.current !== null && drag.current.travelled <= CLICK_SLACK_PX;
    drag.current = null;
    const pixel = wasClick ? (stage?.pixelAt(id, event.clientX, event.clientY) ?? null) : null;
    if (pixel !== null) onPick?.(pixel);
  };

  const onDoubleClick = (event: { clientX: number; clientY: number }): void => {
    const scene = stage?.viewport(id) ?? null;
    if (scene === null || element.current === null) return;
    const { left, top } = element.current.getBoundingClientRect();
    const isFitted = viewOf(views.get(), id) === null;
    const at = { x: event.clientX - left, y: event.clientY - top };
    move(isFitted ? viewAtFullSize(scene, window.devicePixelRatio, at) : null);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const scene = stage?.viewport(id) ?? null;
    if (scene === null) return;
    if (event.key === "Enter") {
      const middle = middleOf(event.currentTarget);
      const pixel = stage?.pixelAt(id, middle.x, middle.y) ?? null;
      if (pixel !== null) onPick?.(pixel);
      return;
    }
    const next = viewAfterKey(scene, event.key, event.shiftKey, window.devicePixelRatio);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(next);
    const middle = middleOf(event.currentTarget);
    onPoint?.(stage?.pixelAt(id, middle.x, middle.y) ?? null, false);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: no element stands for a picture that is moved and zoomed
    <div
      ref={element}
      role="group"
      aria-roledescription="image pane"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the pane is moved and zoomed by keys, so it takes the focus
      tabIndex={0}
      className={className}
      style={{ touchAction: "none" }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        drag.current = null;
      }}
      onPointerLeave={() => onPoint?.(null, false)}
      onDoubleClick={onDoubleClick}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      {children}
    </div>
  );
}

function middleOf(element: HTMLElement): { x: number; y: number } {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}
