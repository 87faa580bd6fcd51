// Which part of an image a pane shows, and how points travel between image and screen.

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The image point in the middle of the pane, and CSS pixels per image pixel. It says nothing of the pane's size, so
 * that linked panes of different sizes hold the same one.
 */
export interface Viewport {
  readonly centerX: number;
  readonly centerY: number;
  readonly zoom: number;
}

/** A photograph fits on a screen at 0.1, and at 64 one pixel is a finger wide. */
export const MIN_ZOOM = 0.05;
export const MAX_ZOOM = 64;

/** Image points are in pixels from the upper left corner: the first pixel's middle is (0.5, 0.5). */
export function imageFromScreen(view: Viewport, pane: Size, onScreen: Point): Point {
  return {
    x: view.centerX + (onScreen.x - pane.width / 2) / view.zoom,
    y: view.centerY + (onScreen.y - pane.height / 2) / view.zoom,
  };
}

/** Screen points are in CSS pixels from the pane's upper left corner. */
export function screenFromImage(view: Viewport, pane: Size, inImage: Point): Point {
  return {
    x: pane.width / 2 + (inImage.x - view.centerX) * view.zoom,
    y: pane.height / 2 + (inImage.y - view.centerY) * view.zoom,
  };
}

/** The whole image, as large as the pane allows. */
export function fitView(image: Size, pane: Size): Viewport {
  const zoom = Math.min(pane.width / image.width, pane.height / image.height);
  return { centerX: image.width / 2, centerY: image.height / 2, zoom: Math.min(Math.max(zoom, 1e-3), MAX_ZOOM) };
}

/** Keeps the pane's middle on the image, and the zoom within its limits or down to where everything fits. */
export function clampView(view: Viewport, image: Size, pane: Size): Viewport {
  const minZoom = Math.min(MIN_ZOOM, fitView(image, pane).zoom);
  return {
    centerX: between(view.centerX, 0, image.width),
    centerY: between(view.centerY, 0, image.height),
    zoom: between(view.zoom, minZoom, MAX_ZOOM),
  };
}

/** Changes the zoom so that the image point under `onScreen` stays there. */
export function zoomAround(view: Viewport, image: Size, pane: Size, onScreen: Point, factor: number): Viewport {
  const { zoom } = clampView({ ...view, zoom: view.zoom * factor }, image, pane);
  const fixed = imageFromScreen(view, pane, onScreen);
  return clampView(
    {
      centerX: fixed.x - (onScreen.x - pane.width / 2) / zoom,
      centerY: fixed.y - (onScreen.y - pane.height / 2) / zoom,
      zoom,
    },
    image,
    pane,
  );
}

/** Moves the image by CSS pixels, as a hand that drags it. */
export function panBy(view: Viewport, image: Size, pane: Size, dx: number, dy: number): Viewport {
  return clampView(
    { ...view, centerX: view.centerX - dx / view.zoom, centerY: view.centerY - dy / view.zoom },
    image,
    pane,
  );
}

/** Zoom factor of one turn of the wheel: doubled by 240 CSS pixels, or by 100 where two fingers pinch. */
export function wheelFactor(deltaY: number, isPinch: boolean): number {
  return 2 ** (-between(deltaY, -240, 240) / (isPinch ? 100 : 240));
}

function between(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
