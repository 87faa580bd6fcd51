// Decoded photographs by address, the last few of them.
import type { Photo } from "./picture.ts";

/** Neighbours in the film strip, so that stepping there and back decodes nothing. */
const MAX_PHOTOS = 6;
/** 1 GB of decoded pixels (ux.md), of which the newest photograph may take as much as it needs. */
const MAX_DECODED_BYTES = 2 ** 30;

/** Bytes as they are in the file: no colour management, nothing multiplied. */
const AS_STORED: ImageBitmapOptions = { colorSpaceConversion: "none", premultiplyAlpha: "none" };

export class PhotoCache {
  private readonly photos = new Map<string, Promise<Photo>>();
  private readonly decoded = new Map<string, Photo>();

  peek(url: string): Photo | null {
    return this.decoded.get(url) ?? null;
  }

  /** @throws Error with one sentence when it can't be fetched or decoded */
  get(url: string): Promise<Photo> {
    const known = this.photos.get(url);
    if (known !== undefined) {
      this.photos.delete(url);
      this.photos.set(url, known);
      return known;
    }
    const loading = loadPhoto(url);
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
      const sizeBytes = [...this.decoded.values()].reduce((sum, { width, height }) => sum + width * height * 4, 0);
      if (this.photos.size <= MAX_PHOTOS && sizeBytes <= MAX_DECODED_BYTES) return;
      if (url === newest) continue;
      this.photos.delete(url);
      // Not closed: a pane may still show it. The last reference frees it.
      this.decoded.delete(url);
    }
  }
}

async function loadPhoto(url: string): Promise<Photo> {
  const response = await fetch(url);
  if (!response.ok) throw new Error((await response.text()).trim() || `The server answered ${response.status}.`);
  const blob = await response.blob();
  const source = await createImageBitmap(blob, AS_STORED).catch((cause) => {
    throw new Error("The image is damaged or incomplete; get the file again.", { cause });
  });
  return { width: source.width, height: source.height, source };
}
