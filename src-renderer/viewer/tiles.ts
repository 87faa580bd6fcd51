// Cuts planes that are larger than a texture may be into tiles.

/** One tile along one axis. Shown pixels belong to one tile; the texture holds one more on each side for its neighbours. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly textureStart: number;
  readonly textureEnd: number;
}

/** Every common graphics card has textures of this size; larger ones are not faster. */
export const TILE_PX = 4096;

const OVERLAP_PX = 1;

export function spansOf(length: number, limit: number): readonly Span[] {
  if (length <= limit) return [{ start: 0, end: length, textureStart: 0, textureEnd: length }];
  const step = limit - 2 * OVERLAP_PX;
  const spans: Span[] = [];
  for (let start = 0; start < length; start += step) {
    const end = Math.min(start + step, length);
    spans.push({
      start,
      end,
      textureStart: Math.max(0, start - OVERLAP_PX),
      textureEnd: Math.min(length, end + OVERLAP_PX),
    });
  }
  return spans;
}

export interface Tile {
  readonly columns: Span;
  readonly rows: Span;
}

/** All tiles of a plane, row by row. */
export function tilesOf(width: number, height: number, limit: number): readonly Tile[] {
  const columns = spansOf(width, limit);
  return spansOf(height, limit).flatMap((rows) => columns.map((span) => ({ columns: span, rows })));
}

/** First and last device pixel, exclusive, that show image pixels of the span; equal where none does. */
export function deviceSpan(table: Int32Array, { start, end }: Span): { readonly from: number; readonly to: number } {
  // Indices rise along the table, and only its ends may lie outside the image.
  let from = 0;
  while (from < table.length && (table[from] ?? -1) < start) from++;
  let to = from;
  while (to < table.length && isWithin(table[to], start, end)) to++;
  return { from, to };
}

function isWithin(index: number | undefined, start: number, end: number): boolean {
  return index !== undefined && index >= start && index < end;
}
