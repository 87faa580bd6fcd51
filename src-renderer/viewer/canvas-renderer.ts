// Draws all panes on a 2D canvas, for browsers without WebGL2: slower, and the same pixels.
import type { Palette } from "../../src-shared/labels/palettes.ts";
import { rampColorRow } from "./color-rows.ts";
import type { DeviceView } from "./device-view.ts";
import type { PaneDrawing, Renderer, Strip } from "./drawing.ts";
import { rasterizeStrip } from "./rasterize.ts";

/** From this many device pixels per image pixel on, photographs show their pixels instead of being smoothed. */
const UNSMOOTHED_FROM = 2;

/** @returns null where there is no 2D canvas either */
export function createCanvasRenderer(canvas: HTMLCanvasElement | OffscreenCanvas): Renderer | null {
  // The canvas is one of two kinds whose contexts TypeScript does not see as one.
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true }) as
    | CanvasRenderingContext2D
    | OffscreenCanvasRenderingContext2D
    | null;
  if (context === null) return null;
  const ramp = rampColorRow();
  return {
    kind: "canvas2d",
    draw: (size, background, panes) => {
      if (canvas.width !== size.width) canvas.width = size.width;
      if (canvas.height !== size.height) canvas.height = size.height;
      context.fillStyle = cssColor(background);
      context.fillRect(0, 0, size.width, size.height);
      for (const pane of panes) {
        if (pane.view === null || pane.rect.width === 0 || pane.rect.height === 0) continue;
        for (const strip of pane.strips) drawStrip(context, pane, pane.view, strip, ramp);
      }
    },
    dispose: () => {},
  };
}

function drawStrip(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  pane: PaneDrawing,
  view: DeviceView,
  strip: Strip,
  ramp: Uint8Array,
): void {
  const { rect } = pane;
  const { photo, width, height } = strip.picture;
  context.save();
  context.beginPath();
  context.rect(rect.left + strip.from, rect.top, strip.to - strip.from, rect.height);
  context.clip();
  if (photo !== null) {
    context.imageSmoothingEnabled = view.scale < UNSMOOTHED_FROM;
    context.imageSmoothingQuality = "high";
    context.drawImage(
      photo.source,
      rect.left + view.originX,
      rect.top + view.originY,
      width * view.scale,
      height * view.scale,
    );
  }
  context.restore();
  const block = context.getImageData(rect.left, rect.top, rect.width, rect.height);
  rasterizeStrip(block, pane, strip, ramp);
  context.putImageData(block, rect.left, rect.top, strip.from, 0, strip.to - strip.from, rect.height);
}

function cssColor([red, green, blue]: Palette[number]): string {
  return `rgb(${red} ${green} ${blue})`;
}
