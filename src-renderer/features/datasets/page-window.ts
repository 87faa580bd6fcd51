// Which pages a stretch of the grid needs, and where an image lies in them.

/** Offsets of the pages that hold the images from `first` to `last`, both counted in. */
export function pageOffsets(first: number, last: number, total: number, pageSize: number): readonly number[] {
  const end = Math.min(last, total - 1);
  if (end < first) return [];
  const firstPage = Math.max(0, Math.floor(first / pageSize));
  const lastPage = Math.floor(end / pageSize);
  return Array.from({ length: lastPage - firstPage + 1 }, (_, index) => (firstPage + index) * pageSize);
}

/** How many cells of at least `cellPx` fit side by side, and how wide each then is. */
export function columnsIn(
  widthPx: number,
  cellPx: number,
  gapPx: number,
): { readonly columns: number; readonly columnPx: number } {
  const columns = Math.max(1, Math.floor((widthPx + gapPx) / (cellPx + gapPx)));
  return { columns, columnPx: Math.floor((widthPx + gapPx) / columns) - gapPx };
}

/** Indexes of the images in a row. */
export function imagesInRow(row: number, columns: number, total: number): readonly number[] {
  const first = row * columns;
  return Array.from({ length: Math.max(0, Math.min(columns, total - first)) }, (_, index) => first + index);
}
