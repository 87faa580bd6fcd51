// Draws a pane into bytes without a graphics card; where WebGL2 is missing, and what it is tested against.
import { isOnPattern } from "./class-pattern.ts";
import { imageIndexTable, NOWHERE } from "./device-view.ts";
import { byteStyle, layerPlanes, type PaneDrawing, type Strip } from "./drawing.ts";
import type { LayerStyle } from "./picture.ts";
import { BLANK_GREY, LAYER_CODES, type ShadeStyle, shade } from "./shade.ts";

/** RGBA of device pixels. */
export interface PixelBlock {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/**
 * Draws one strip over `block`, which has the pane's size and holds the photograph as it is seen there, already
 * scaled. Pixels outside the image stay as they are.
 */
export function rasterizeStrip(block: PixelBlock, pane: PaneDrawing, strip: Strip, ramp: Uint8Array): void {
  const { view, rect } = pane;
  if (view === null) return;
  const { picture } = strip;
  const columns = imageIndexTable(rect.width, view.originX, view.scale, picture.width);
  const rows = imageIndexTable(rect.height, view.originY, view.scale, picture.height);
  const code = LAYER_CODES[picture.layer.kind];
  const style = shadeStyle(pane.style, ramp);
  const [a, b, c] = layerPlanes(picture.layer);
  const hasPhoto = picture.photo !== null;
  for (let y = 0; y < rect.height; y++) {
    const row = rows[y] ?? NOWHERE;
    if (row === NOWHERE) continue;
    for (let x = strip.from; x < strip.to; x++) {
      const column = columns[x] ?? NOWHERE;
      if (column === NOWHERE) continue;
      const index = row * picture.width + column;
      const at = (y * rect.width + x) * 4;
      const label = a?.bytes[index] ?? 255;
      const color = shade(
        code,
        {
          a: label,
          b: b?.bytes[index] ?? 255,
          c: c?.bytes[index] ?? 255,
          red: hasPhoto ? (block.data[at] ?? 0) : BLANK_GREY,
          green: hasPhoto ? (block.data[at + 1] ?? 0) : BLANK_GREY,
          blue: hasPhoto ? (block.data[at + 2] ?? 0) : BLANK_GREY,
          isBorder: style.hasOutline && a !== null && isBorder(a, columns, rows, x, y, label),
          isOnPattern: style.hasPatterns && isOnPattern(label, x, y),
        },
        style,
      );
      block.data[at] = color >> 16;
      block.data[at + 1] = (color >> 8) & 255;
      block.data[at + 2] = color & 255;
      block.data[at + 3] = 255;
    }
  }
}

function shadeStyle(style: LayerStyle, ramp: Uint8Array): ShadeStyle {
  const { hasOutline, hasPatterns, classColors, soloClass } = style;
  return { ...byteStyle(style), hasOutline, hasPatterns, classColors, soloClass, ramp };
}

function isBorder(
  plane: { width: number; bytes: Uint8Array },
  columns: Int32Array,
  rows: Int32Array,
  x: number,
  y: number,
  label: number,
): boolean {
  const differs = (dx: number, dy: number): boolean => {
    const column = columns[x + dx] ?? NOWHERE;
    const row = rows[y + dy] ?? NOWHERE;
    return column !== NOWHERE && row !== NOWHERE && plane.bytes[row * plane.width + column] !== label;
  };
  return differs(-1, 0) || differs(1, 0) || differs(0, -1) || differs(0, 1);
}
