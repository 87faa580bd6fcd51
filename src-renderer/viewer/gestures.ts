// What hands and keys do to a viewport, as functions of what they did.
import type { View } from "./linked-views.ts";
import { type Point, panBy, type Size, type Viewport, wheelFactor, zoomAround } from "./viewport.ts";

/** A pane as it is now. */
export interface Scene {
  readonly view: Viewport;
  readonly image: Size;
  readonly pane: Size;
}

/** CSS pixels an arrow key moves the image by; with Shift ten times as far. */
const KEY_PAN_PX = 40;
const KEY_ZOOM = Math.SQRT2;

export interface Wheel {
  readonly deltaX: number;
  readonly deltaY: number;
  /** Two fingers that pinch arrive as a wheel with Ctrl. */
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
}

/** Turning the wheel zooms around the pointer; with Shift it moves sideways. */
export function viewAfterWheel({ view, image, pane }: Scene, wheel: Wheel, at: Point): Viewport {
  if (wheel.shiftKey) return panBy(view, image, pane, -(wheel.deltaX || wheel.deltaY), 0);
  return zoomAround(view, image, pane, at, wheelFactor(wheel.deltaY, wheel.ctrlKey));
}

export function viewAfterDrag({ view, image, pane }: Scene, dx: number, dy: number): Viewport {
  return panBy(view, image, pane, dx, dy);
}

/** One image pixel on one pixel of the screen, around a point. */
export function viewAtFullSize({ view, image, pane }: Scene, devicePixelRatio: number, at: Point): Viewport {
  return zoomAround(view, image, pane, at, 1 / devicePixelRatio / view.zoom);
}

/** @returns undefined for keys that mean nothing here */
export function viewAfterKey(scene: Scene, key: string, isShift: boolean, devicePixelRatio: number): View | undefined {
  const { view, image, pane } = scene;
  const middle = { x: pane.width / 2, y: pane.height / 2 };
  const step = KEY_PAN_PX * (isShift ? 10 : 1);
  switch (key) {
    case "ArrowLeft":
      return panBy(view, image, pane, step, 0);
    case "ArrowRight":
      return panBy(view, image, pane, -step, 0);
    case "ArrowUp":
      return panBy(view, image, pane, 0, step);
    case "ArrowDown":
      return panBy(view, image, pane, 0, -step);
    case "+":
    case "=":
      return zoomAround(view, image, pane, middle, KEY_ZOOM);
    case "-":
    case "_":
      return zoomAround(view, image, pane, middle, 1 / KEY_ZOOM);
    case "0":
      return null;
    case "z":
      return viewAtFullSize(scene, devicePixelRatio, middle);
    default:
      return undefined;
  }
}
