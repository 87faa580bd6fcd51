// Photographs that are too large to be sent whole: the same picture at halved sizes, each cut into tiles.
import { z } from "zod";

/** Longer photographs come in tiles. Every common graphics card has textures of this size. */
export const WHOLE_PHOTO_PX = 4096;

/** Side of a tile. */
export const PHOTO_TILE_PX = 512;

export const photoPyramidSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  tilePx: z.int().positive(),
  /** Level 0 is one tile; each further one has twice the width and height, the last one the photograph's own. */
  levels: z.int().positive(),
  /** Addresses. What stands in for the tiles until they are there: the whole photograph, small. */
  thumbnail: z.string(),
  /** Answers once all tiles are there, which are at `/LEVEL/COLUMN/ROW` below it. */
  tiles: z.string(),
});
export type PhotoPyramid = z.infer<typeof photoPyramidSchema>;

type Size = { readonly width: number; readonly height: number };

/** How many levels there are until one tile is enough. */
export function pyramidLevels({ width, height }: Size, tilePx: number = PHOTO_TILE_PX): number {
  return 1 + Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / tilePx)));
}

/** Pixels of the photograph along one pixel of a level. */
export function levelFactor({ levels }: Pick<PhotoPyramid, "levels">, level: number): number {
  return 2 ** (levels - 1 - level);
}

/** Of a level, rounded up. */
export function levelSize({ width, height, levels }: Size & Pick<PhotoPyramid, "levels">, level: number): Size {
  const factor = levelFactor({ levels }, level);
  return { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
}
