// Runs in a browser: a photograph cut into tiles as a server would send it, each resampled from the whole.
/// <reference lib="dom" />
import type { DeviceRect, DeviceView } from "../../src-renderer/viewer/device-view.ts";
import type { Photo } from "../../src-renderer/viewer/picture.ts";
import { TileCache } from "../../src-renderer/viewer/tile-cache.ts";
import { TiledPhoto } from "../../src-renderer/viewer/tiled-photo.ts";
import { levelFactor, pyramidLevels } from "../../src-shared/contract/workbench/photo-pyramid.ts";

const TILE_PX = 64;

/** With everything there that a pane needs. */
export async function tiledPhoto({ width, height, source }: Photo, view: DeviceView, pane: DeviceRect) {
  const levels = pyramidLevels({ width, height }, TILE_PX);
  const pyramid = { width, height, tilePx: TILE_PX, levels, thumbnail: "/0/0/0", tiles: "" };
  const arriving: Promise<unknown>[] = [];
  const cache = new TileCache((url) => {
    const [, level = 0, column = 0, row = 0] = url.split("/").map(Number);
    const side = TILE_PX * levelFactor({ levels }, level);
    const [left, top] = [column * side, row * side];
    const [across, down] = [Math.min(side, width - left), Math.min(side, height - top)];
    const options: ImageBitmapOptions = { colorSpaceConversion: "none", premultiplyAlpha: "none" };
    const size = {
      resizeWidth: Math.ceil((across * TILE_PX) / side),
      resizeHeight: Math.ceil((down * TILE_PX) / side),
    };
    const tile = createImageBitmap(
      source,
      left,
      top,
      across,
      down,
      side === TILE_PX ? options : { ...options, ...size },
    );
    arriving.push(tile);
    return tile;
  });
  const photo = new TiledPhoto(pyramid, cache, () => Promise.resolve(null));
  // Each look asks for what is missing; what arrives makes room for more.
  for (let arrived = -1; arrived < arriving.length || arrived < 1; ) {
    arrived = arriving.length;
    photo.place(view, pane);
    await Promise.resolve();
    await Promise.all(arriving);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return photo;
}
