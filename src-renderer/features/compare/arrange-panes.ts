// How panes are arranged so that the image is as large as it can be in each.

export interface Arrangement {
  readonly columns: number;
  readonly rows: number;
}

/** @param imageAspect, stageAspect  width by height */
export function arrangePanes(count: number, imageAspect: number, stageAspect: number): Arrangement {
  let best: Arrangement = { columns: 1, rows: Math.max(1, count) };
  let bestSize = 0;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    // Height of the image when the stage is one high: its pane's, or what its pane's width allows.
    const size = Math.min(1 / rows, stageAspect / columns / imageAspect);
    if (size > bestSize + 1e-9) {
      best = { columns, rows };
      bestSize = size;
    }
  }
  return best;
}
