// Which level of a pyramid of tiles a pane needs, and which of its tiles.
import { levelFactor, levelSize, type PhotoPyramid } from "../../src-shared/contract/workbench/photo-pyramid.ts";
import type { DeviceView } from "./device-view.ts";
import type { Size } from "./viewport.ts";

/** Tiles of one level, the last ones exclusive. */
export interface TileRange {
  readonly level: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** As long as the picture of all tiles in view may be: every graphics card has such textures. */
const MAX_SIDE_PX = 4096;

/**
 * The coarsest level that has a pixel for each device pixel, or the finest one; coarser where its tiles would make too
 * large a picture.
 *
 * @returns null when nothing of the photograph is in the pane
 */
export function visibleTiles(
  pyramid: PhotoPyramid,
  { originX, originY, scale }: DeviceView,
  pane: Size,
): TileRange | null {
  const across = clipped(-originX / scale, (pane.width - originX) / scale, pyramid.width);
  const down = clipped(-originY / scale, (pane.height - originY) / scale, pyramid.height);
  if (across === null || down === null) return null;
  const finest = pyramid.levels - 1;
  let level = Math.min(finest, Math.max(0, finest + Math.ceil(Math.log2(scale) - 0.01)));
  for (;;) {
    const range = rangeAt(pyramid, level, across, down);
    const longest = Math.max(range.right - range.left, range.bottom - range.top) * pyramid.tilePx;
    if (longest <= MAX_SIDE_PX || level === 0) return range;
    level -= 1;
  }
}

type Interval = readonly [from: number, to: number];

function clipped(from: number, to: number, length: number): Interval | null {
  const [first, last] = [Math.max(0, from), Math.min(length, to)];
  return last > first ? [first, last] : null;
}

function rangeAt(pyramid: PhotoPyramid, level: number, across: Interval, down: Interval): TileRange {
  const side = pyramid.tilePx * levelFactor(pyramid, level);
  return {
    level,
    left: Math.floor(across[0] / side),
    right: Math.ceil(across[1] / side),
    top: Math.floor(down[0] / side),
    bottom: Math.ceil(down[1] / side),
  };
}

/** Pixels of the level that the tiles cover. */
export function rangeSize(pyramid: PhotoPyramid, { level, left, right, top, bottom }: TileRange): Size {
  const { width, height } = levelSize(pyramid, level);
  const { tilePx } = pyramid;
  return {
    width: Math.min(width, right * tilePx) - left * tilePx,
    height: Math.min(height, bottom * tilePx) - top * tilePx,
  };
}
