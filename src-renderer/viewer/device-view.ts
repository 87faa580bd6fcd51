// Where the image lies on the screen's own pixels, and which image pixel each of them shows.
import type { Viewport } from "./viewport.ts";

/** A part of the canvas, in device pixels from its upper left corner. */
export interface DeviceRect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface DeviceView {
  /** Of the image's upper left corner in the pane, whole device pixels: image pixels of a whole scale stay equally large. */
  readonly originX: number;
  readonly originY: number;
  /** Device pixels per image pixel. */
  readonly scale: number;
}

export function deviceView(view: Viewport, pane: DeviceRect, devicePixelRatio: number): DeviceView {
  const scale = view.zoom * devicePixelRatio;
  return {
    originX: Math.round(pane.width / 2 - view.centerX * scale),
    originY: Math.round(pane.height / 2 - view.centerY * scale),
    scale,
  };
}

/** Outside the image. */
export const NOWHERE = -1;

/** The column (or row) of the image that the device pixel at `offset` shows: the one under its middle. */
export function imageIndexAt(offset: number, origin: number, scale: number, length: number): number {
  const index = Math.floor((offset + 0.5 - origin) / scale);
  return index >= 0 && index < length ? index : NOWHERE;
}

/**
 * The same for a whole row of device pixels. Both renderers and the probe read this table, so that they agree on every
 * pixel, whatever the precision of the graphics card.
 */
export function imageIndexTable(count: number, origin: number, scale: number, length: number): Int32Array<ArrayBuffer> {
  const table = new Int32Array(count);
  for (let offset = 0; offset < count; offset++) table[offset] = imageIndexAt(offset, origin, scale, length);
  return table;
}

/** An element's box on device pixels, whole ones: where neighbours meet, both round alike. */
export function deviceRect(
  box: { left: number; top: number; right: number; bottom: number },
  origin: { left: number; top: number },
  devicePixelRatio: number,
): DeviceRect {
  const left = Math.round((box.left - origin.left) * devicePixelRatio);
  const top = Math.round((box.top - origin.top) * devicePixelRatio);
  return {
    left,
    top,
    width: Math.max(0, Math.round((box.right - origin.left) * devicePixelRatio) - left),
    height: Math.max(0, Math.round((box.bottom - origin.top) * devicePixelRatio) - top),
  };
}
