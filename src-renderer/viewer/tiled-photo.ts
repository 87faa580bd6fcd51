// A photograph that comes in tiles: what is in view is fetched in the detail it is seen in, and put together to one picture.
import { levelFactor, type PhotoPyramid } from "../../src-shared/contract/workbench/photo-pyramid.ts";
import type { DeviceView } from "./device-view.ts";
import type { TileCache } from "./tile-cache.ts";
import type { Size } from "./viewport.ts";
import { rangeSize, type TileRange, visibleTiles } from "./visible-tiles.ts";

/** A part of a photograph as one picture. */
export interface PlacedPhoto {
  /** Its identity stays while only tiles arrive. */
  readonly source: OffscreenCanvas;
  /** Another number: other pixels. */
  readonly version: number;
  /** In pixels of the whole photograph. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Pictures that are kept: of four panes that are not linked. */
const KEPT_PICTURES = 4;

interface Assembled {
  readonly range: TileRange;
  readonly placed: PlacedPhoto;
  /** Tiles that were there when it was put together. */
  readonly tiles: number;
}

export class TiledPhoto {
  readonly width: number;
  readonly height: number;
  private readonly pyramid: PhotoPyramid;
  private readonly cache: TileCache;
  private readonly cutTiles: () => Promise<string | null>;
  private readonly listeners = new Set<() => void>();
  private readonly assembled = new Map<string, Assembled>();
  /** Why there are no tiles, as a sentence. */
  problem: string | null = null;
  private isReady = false;
  private isAsked = false;
  /** Tiles that have arrived, the thumbnail too. */
  private arrivals = 0;

  /** @param cutTiles  lets the tiles be cut. @returns why that can't be, as a sentence; null once they are there */
  constructor(pyramid: PhotoPyramid, cache: TileCache, cutTiles: () => Promise<string | null> = () => askFor(pyramid)) {
    this.cutTiles = cutTiles;
    this.width = pyramid.width;
    this.height = pyramid.height;
    this.pyramid = pyramid;
    this.cache = cache;
  }

  /** Hears when there is more to draw. @returns what ends that */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What there is of the part that a pane shows; what is missing is asked for. Null while there is nothing at all. */
  place(view: DeviceView, pane: Size): PlacedPhoto | null {
    this.prepare();
    const range = visibleTiles(this.pyramid, view, pane);
    if (range === null) return null;
    this.cache.want(this.isReady ? this.missingOf(range) : [this.pyramid.thumbnail], this.onArrived);
    return this.assemble(range);
  }

  /** The tiles are cut when the first one is wanted. */
  private prepare(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    this.cutTiles().then(
      (problem) => {
        this.problem = problem;
        this.isReady = problem === null;
        this.onArrived();
      },
      () => {
        // The next look asks again.
        this.isAsked = false;
      },
    );
  }

  private readonly onArrived = (): void => {
    this.arrivals += 1;
    for (const listener of this.listeners) listener();
  };

  /** The thumbnail first, then the whole in one tile, then what is in view from the middle outwards. */
  private missingOf(range: TileRange): readonly string[] {
    const [middleX, middleY] = [(range.left + range.right - 1) / 2, (range.top + range.bottom - 1) / 2];
    const inView = tilesOf(range).toSorted(
      (a, b) => Math.hypot(a.column - middleX, a.row - middleY) - Math.hypot(b.column - middleX, b.row - middleY),
    );
    const urls = inView.map(({ column, row }) => this.urlOf(range.level, column, row));
    return [this.pyramid.thumbnail, this.urlOf(0, 0, 0), ...urls].filter((url) => this.cache.peek(url) === null);
  }

  private urlOf(level: number, column: number, row: number): string {
    return `${this.pyramid.tiles}/${level}/${column}/${row}`;
  }

  private assemble(range: TileRange): PlacedPhoto | null {
    const key = JSON.stringify(range);
    const known = this.assembled.get(key);
    this.assembled.delete(key);
    const assembled = known?.tiles === this.arrivals ? known : this.assembleAnew(range, known);
    if (assembled === null) return null;
    this.assembled.set(key, assembled);
    for (const oldest of this.assembled.keys()) {
      if (this.assembled.size <= KEPT_PICTURES) break;
      this.assembled.delete(oldest);
    }
    return assembled.placed;
  }

  private assembleAnew(range: TileRange, before: Assembled | undefined): Assembled | null {
    const { width, height } = rangeSize(this.pyramid, range);
    const source = before?.placed.source ?? new OffscreenCanvas(width, height);
    const context = source.getContext("2d", { alpha: false });
    if (context === null || !this.draw(context, range)) return null;
    const factor = levelFactor(this.pyramid, range.level);
    const [left, top] = [range.left * this.pyramid.tilePx * factor, range.top * this.pyramid.tilePx * factor];
    const placed = {
      source,
      version: (before?.placed.version ?? 0) + 1,
      left,
      top,
      // The last pixel of a halved size may stand for less than its share.
      width: width * factor,
      height: height * factor,
    };
    return { range, placed, tiles: this.arrivals };
  }

  /** From the coarsest to the finest, so that what is there covers what stands in for it. @returns whether there is any */
  private draw(context: OffscreenCanvasRenderingContext2D, range: TileRange): boolean {
    const { pyramid, cache } = this;
    const factor = levelFactor(pyramid, range.level);
    const [originX, originY] = [range.left * pyramid.tilePx, range.top * pyramid.tilePx];
    let isEmpty = true;
    const paint = (tile: ImageBitmap | null, x: number, y: number, width: number, height: number): void => {
      if (tile === null) return;
      isEmpty = false;
      context.drawImage(tile, x - originX, y - originY, width, height);
    };
    context.imageSmoothingQuality = "high";
    paint(cache.peek(pyramid.thumbnail), 0, 0, pyramid.width / factor, pyramid.height / factor);
    for (let level = 0; level <= range.level; level++) {
      const enlargement = levelFactor(pyramid, level) / factor;
      const side = pyramid.tilePx * enlargement;
      const own = level === range.level ? range : coarser(range, 2 ** (range.level - level), level);
      for (const { column, row } of tilesOf(own)) {
        const tile = cache.peek(this.urlOf(level, column, row));
        if (tile === null) continue;
        paint(tile, column * side, row * side, tile.width * enlargement, tile.height * enlargement);
      }
    }
    return !isEmpty;
  }
}

async function askFor({ tiles }: PhotoPyramid): Promise<string | null> {
  const response = await fetch(tiles);
  if (response.ok) return null;
  return (await response.text()).trim() || `The server answered ${response.status}.`;
}

function coarser({ left, right, top, bottom }: TileRange, by: number, level: number): TileRange {
  return {
    level,
    left: Math.floor(left / by),
    right: Math.ceil(right / by),
    top: Math.floor(top / by),
    bottom: Math.ceil(bottom / by),
  };
}

function tilesOf({ left, right, top, bottom }: TileRange): readonly { column: number; row: number }[] {
  return Array.from({ length: bottom - top }, (_, down) =>
    Array.from({ length: right - left }, (_tile, across) => ({ column: left + across, row: top + down })),
  ).flat();
}
