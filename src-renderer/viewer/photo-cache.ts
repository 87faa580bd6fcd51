// Decoded photographs by address, the last few of them.
import { photoPyramidSchema } from "../../src-shared/contract/workbench/photo-pyramid.ts";
import type { Photo } from "./picture.ts";
import { AS_STORED, TileCache } from "./tile-cache.ts";
import { TiledPhoto } from "./tiled-photo.ts";

/** Neighbours in the film strip, so that stepping there and back decodes nothing. */
const MAX_PHOTOS = 6;
/** 1 GB of decoded pixels (ux.md), of which the newest photograph may take as much as it needs. */
const MAX_DECODED_BYTES = 2 ** 30;

export class PhotoCache {
  private readonly photos = new Map<string, Promise<AnyPhoto>>();
  private readonly decoded = new Map<string, AnyPhoto>();
  private readonly tiles = new TileCache();

  peek(url: string): AnyPhoto | null {
    return this.decoded.get(url) ?? null;
  }

  /** @throws Error with one sentence when it can't be fetched or decoded */
  get(url: string): Promise<AnyPhoto> {
    const known = this.photos.get(url);
    if (known !== undefined) {
      this.photos.delete(url);
      this.photos.set(url, known);
      return known;
    }
    const loading = loadPhoto(url, this.tiles);
    this.photos.set(url, loading);
    loading.then(
      (photo) => {
        if (this.photos.get(url) !== loading) return;
        this.decoded.set(url, photo);
        this.dropOldest(url);
      },
      // A failure is forgotten, so that the next look tries again.
      () => this.photos.delete(url),
    );
    return loading;
  }

  private dropOldest(newest: string): void {
    for (const url of this.photos.keys()) {
      const sizeBytes = [...this.decoded.values()].reduce((sum, photo) => sum + decodedBytes(photo), 0);
      if (this.photos.size <= MAX_PHOTOS && sizeBytes <= MAX_DECODED_BYTES) return;
      if (url === newest) continue;
      this.photos.delete(url);
      // Not closed: a pane may still show it. The last reference frees it.
      this.decoded.delete(url);
    }
  }
}

type AnyPhoto = Photo | TiledPhoto;

/** Tiles have a cache of their own. */
function decodedBytes(photo: AnyPhoto): number {
  return photo instanceof TiledPhoto ? 0 : photo.width * photo.height * 4;
}

async function loadPhoto(url: string, tiles: TileCache): Promise<AnyPhoto> {
  const response = await fetch(url);
  if (!response.ok) throw new Error((await response.text()).trim() || `The server answered ${response.status}.`);
  if (response.headers.get("content-type")?.startsWith("application/json") === true) {
    return new TiledPhoto(photoPyramidSchema.parse(await response.json()), tiles);
  }
  const blob = await response.blob();
  const source = await createImageBitmap(blob, AS_STORED).catch((cause) => {
    throw new Error("The image is damaged or incomplete; get the file again.", { cause });
  });
  return { width: source.width, height: source.height, source };
}
