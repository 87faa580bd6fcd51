// Decoded tiles by address: a few are fetched at a time, those asked for last first; the longest unused go.
import { LRUCache } from "lru-cache";

/** Four screens of tiles at 2560 x 1440 in twice the detail. */
const MAX_TILE_BYTES = 256 * 2 ** 20;
/** Browsers open six connections to a server: two are left for everything else. */
const PARALLEL_TILES = 4;

/** Bytes as they are in the file: no colour management, nothing multiplied. */
export const AS_STORED: ImageBitmapOptions = { colorSpaceConversion: "none", premultiplyAlpha: "none" };

/** Tiles of a few panes; what was wanted before is out of view by now. */
const MAX_WANTED = 128;

export type FetchTile = (url: string) => Promise<ImageBitmap>;

export class TileCache {
  private readonly tiles: LRUCache<string, ImageBitmap>;
  private readonly flights = new Set<string>();
  /** What hears of each tile that is wanted, by its address. */
  private wanted = new Map<string, () => void>();
  private readonly fetchTile: FetchTile;

  constructor(fetchTile: FetchTile = fetchBitmap, maxBytes: number = MAX_TILE_BYTES) {
    this.fetchTile = fetchTile;
    this.tiles = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ width, height }) => Math.max(1, 4 * width * height),
    });
  }

  get sizeBytes(): number {
    return this.tiles.calculatedSize;
  }

  peek(url: string): ImageBitmap | null {
    return this.tiles.get(url) ?? null;
  }

  /** In this order, before what was wanted earlier, of which the oldest is forgotten; `onArrived` hears of each. */
  want(urls: readonly string[], onArrived: () => void): void {
    const missing = urls.filter((url) => !this.tiles.has(url) && !this.flights.has(url));
    if (missing.length > 0) {
      const others = [...this.wanted].filter(([url]) => !missing.includes(url));
      const all = [...missing.map((url) => [url, onArrived] as const), ...others];
      this.wanted = new Map(all.slice(0, Math.max(missing.length, MAX_WANTED)));
    }
    this.fetchNext();
  }

  private fetchNext(): void {
    for (const [url, onArrived] of this.wanted) {
      if (this.flights.size >= PARALLEL_TILES) return;
      this.wanted.delete(url);
      this.flights.add(url);
      this.fetchTile(url)
        .then(
          (tile) => {
            this.tiles.set(url, tile);
            onArrived();
          },
          // The next look asks again.
          () => {},
        )
        .finally(() => {
          this.flights.delete(url);
          this.fetchNext();
        });
    }
  }
}

async function fetchBitmap(url: string): Promise<ImageBitmap> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return createImageBitmap(await response.blob(), AS_STORED);
}
