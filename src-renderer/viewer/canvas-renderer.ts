// Draws all panes on a 2D canvas, for browsers without WebGL2: slower, and the same pixels.
import type { Palette } from "../../src-shared/labels/palettes.ts";
import { rampColorRow } from "./color-rows.ts";
import { type DeviceView, imageIndexTable, NOWHERE } from "./device-view.ts";
import { type PaneDrawing, type Renderer, type Strip, UNSMOOTHED_FROM } from "./drawing.ts";
import type { Picture } from "./picture.ts";
import { rasterizeStrip } from "./rasterize.ts";
import { type PlacedPhoto, TiledPhoto } from "./tiled-photo.ts";

/** A photograph, or a part of one: where it lies in the image. */
type Part = Pick<PlacedPhoto, "left" | "top" | "width" | "height"> & { readonly source: CanvasImageSource };
type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** @returns null where there is no 2D canvas either */
export function createCanvasRenderer(canvas: HTMLCanvasElement | OffscreenCanvas): Renderer | null {
  // The canvas is one of two kinds whose contexts TypeScript does not see as one.
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true }) as Context | null;
  if (context === null) return null;
  const ramp = rampColorRow();
  return {
    kind: "canvas2d",
    draw: ({ width, height, background }, panes) => {
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      context.fillStyle = cssColor(background);
      context.fillRect(0, 0, width, height);
      for (const pane of panes) {
        if (pane.view === null || pane.rect.width === 0 || pane.rect.height === 0) continue;
        for (const strip of pane.strips) drawStrip(context, pane, pane.view, strip, ramp);
      }
    },
    dispose: () => {},
  };
}

function drawStrip(context: Context, pane: PaneDrawing, view: DeviceView, strip: Strip, ramp: Uint8Array): void {
  const { rect } = pane;
  const { photo: any } = strip.picture;
  const photo = any instanceof TiledPhoto ? any.place(view, rect) : any === null ? null : { ...any, left: 0, top: 0 };
  const isSmoothed = view.scale < UNSMOOTHED_FROM;
  if (photo !== null && isSmoothed) drawSmoothed(context, pane, view, strip, photo);
  const block = context.getImageData(rect.left, rect.top, rect.width, rect.height);
  if (photo !== null && !isSmoothed) copyPixels(block, view, strip.picture, photo);
  rasterizeStrip(block, pane, strip, ramp);
  context.putImageData(block, rect.left, rect.top, strip.from, 0, strip.to - strip.from, rect.height);
}

function drawSmoothed(context: Context, { rect }: PaneDrawing, view: DeviceView, strip: Strip, photo: Part): void {
  context.save();
  context.beginPath();
  context.rect(rect.left + strip.from, rect.top, strip.to - strip.from, rect.height);
  context.clip();
  context.imageSmoothingQuality = "high";
  context.drawImage(
    photo.source,
    rect.left + view.originX + photo.left * view.scale,
    rect.top + view.originY + photo.top * view.scale,
    photo.width * view.scale,
    photo.height * view.scale,
  );
  context.restore();
}

/** Shows each pixel as it is. The canvas' own scaling rounds otherwise at the pixels' edges. */
function copyPixels(block: ImageData, view: DeviceView, { width, height }: Picture, photo: Part): void {
  const columns = imageIndexTable(block.width, view.originX, view.scale, width);
  const rows = imageIndexTable(block.height, view.originY, view.scale, height);
  const [left, right] = rangeOf(columns);
  const [top, bottom] = rangeOf(rows);
  if (right <= left || bottom <= top) return;
  // Only what is seen: at this scale never more pixels than the pane has.
  const cut = new OffscreenCanvas(right - left, bottom - top).getContext("2d", { willReadFrequently: true });
  if (cut === null) return;
  cut.drawImage(photo.source, photo.left - left, photo.top - top);
  const source = new Uint32Array(cut.getImageData(0, 0, right - left, bottom - top).data.buffer);
  const target = new Uint32Array(block.data.buffer);
  rows.forEach((row, y) => {
    if (row === NOWHERE) return;
    columns.forEach((column, x) => {
      if (column === NOWHERE) return;
      target[y * block.width + x] = source[(row - top) * (right - left) + column - left] ?? 0;
    });
  });
}

/** First and last image index in the table, exclusive. */
function rangeOf(table: Int32Array): readonly [number, number] {
  const inside = table.filter((index) => index !== NOWHERE);
  return [inside[0] ?? 0, (inside.at(-1) ?? -1) + 1];
}

function cssColor([red, green, blue]: Palette[number]): string {
  return `rgb(${red} ${green} ${blue})`;
}
