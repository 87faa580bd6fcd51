// Photographs for the viewer: whole where they are small, otherwise in tiles that the background process cuts once.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import {
  PHOTO_TILE_PX,
  type PhotoPyramid,
  pyramidLevels,
  WHOLE_PHOTO_PX,
} from "../../../src-shared/contract/workbench/photo-pyramid.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { DatasetStore } from "../../workspace/dataset-store.ts";
import type { PyramidCache } from "../../workspace/pyramid-cache.ts";
import type { ImageVersion } from "../../workspace/thumbnail-cache.ts";
import type { Content } from "../services.ts";
import type { DatasetBackground } from "./dataset-background.ts";
import type { ImageContent } from "./image-content.ts";

/** Of a tile, in the folder of a photograph's tiles; written by the engine. */
const tileFile = (level: number, column: number, row: number): string =>
  join("photo_files", String(level), `${column}_${row}.png`);

export class PhotoContent {
  readonly #store: DatasetStore;
  readonly #pyramids: PyramidCache;
  readonly #background: DatasetBackground;
  readonly #images: ImageContent;

  constructor(store: DatasetStore, pyramids: PyramidCache, background: DatasetBackground, images: ImageContent) {
    this.#store = store;
    this.#pyramids = pyramids;
    this.#background = background;
    this.#images = images;
  }

  /** The image as `pixels` gives it, or where its tiles are. */
  async photo(id: ImageId): Promise<Content> {
    const size = this.#store.image(id).size ?? (await this.#readSize(id));
    if (size === null || Math.max(size.width, size.height) <= WHOLE_PHOTO_PX) return this.#images.pixels(id);
    const pyramid: PhotoPyramid = {
      ...size,
      tilePx: PHOTO_TILE_PX,
      levels: pyramidLevels(size),
      thumbnail: routes.thumbnail(id),
      tiles: routes.photoTiles(id),
    };
    return { kind: "bytes", bytes: new TextEncoder().encode(JSON.stringify(pyramid)), type: "application/json" };
  }

  /** Returns once the tiles are there. @throws AppError `image.*`, `output.*` */
  async ready(id: ImageId): Promise<void> {
    const version = await this.#version(id);
    const { path } = version;
    await this.#pyramids.make(version, async (folder) => {
      await this.#background.request("photoTiles", { path, folder, tilePx: PHOTO_TILE_PX });
    });
  }

  /** @throws AppError `input.missing` for a tile that there is not, or not yet */
  async tile(id: ImageId, level: number, column: number, row: number): Promise<Content> {
    const folder = await this.#pyramids.find(await this.#version(id));
    if (folder === null)
      throw new AppError("input.missing", "The tiles of this image are not there; look at it again.");
    return { kind: "file", path: join(folder, tileFile(level, column, row)), type: "image/png" };
  }

  /** Null for what has none: looking at it says why. */
  async #readSize(id: ImageId): Promise<ImageItem["size"]> {
    const path = await this.#images.imagePath(id);
    return this.#background.request("imageSize", { path }).catch(() => null);
  }

  async #version(id: ImageId): Promise<ImageVersion> {
    const { datasetId } = this.#store.files(id);
    const path = await this.#images.imagePath(id);
    const { mtimeMs, size: sizeBytes } = await stat(path);
    return { datasetId, path, mtimeMs, sizeBytes };
  }
}
