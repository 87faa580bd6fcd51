// Where the window was when it was closed, made to fit the displays that are there now.
import { z } from "zod";

export const windowStateSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  isMaximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const MIN_WIDTH_PX = 960;
export const MIN_HEIGHT_PX = 640;
const DEFAULT_WIDTH_PX = 1440;
const DEFAULT_HEIGHT_PX = 900;
/** Of the title bar, this much must be on a display to be caught with the mouse. */
const CATCHABLE_PX = 64;

/**
 * The saved bounds where their title bar can be caught on one of the displays, otherwise a window of the default size in the
 * middle of the first display. Never larger than the display it is on.
 *
 * @param workAreas  of all displays, the primary one first; at least one
 */
export function boundsOnDisplays(
  saved: WindowState | null,
  workAreas: readonly [Rectangle, ...Rectangle[]],
): Rectangle {
  if (saved !== null) {
    for (const area of workAreas) {
      const bounds = { x: saved.x, y: saved.y, ...sizeWithin(saved, area) };
      if (canBeCaught(bounds, area)) return bounds;
    }
  }
  const [primary] = workAreas;
  const size = sizeWithin(saved ?? { width: DEFAULT_WIDTH_PX, height: DEFAULT_HEIGHT_PX }, primary);
  return {
    x: primary.x + Math.round((primary.width - size.width) / 2),
    y: primary.y + Math.round((primary.height - size.height) / 2),
    ...size,
  };
}

function sizeWithin(wanted: Pick<Rectangle, "width" | "height">, area: Rectangle): Pick<Rectangle, "width" | "height"> {
  return {
    width: Math.min(Math.max(wanted.width, MIN_WIDTH_PX), area.width),
    height: Math.min(Math.max(wanted.height, MIN_HEIGHT_PX), area.height),
  };
}

function canBeCaught(bounds: Rectangle, area: Rectangle): boolean {
  const visibleWidth = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const isTopInside = bounds.y >= area.y && bounds.y <= area.y + area.height - CATCHABLE_PX;
  return visibleWidth >= CATCHABLE_PX && isTopInside;
}
