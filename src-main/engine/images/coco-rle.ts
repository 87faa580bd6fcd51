// COCO's compressed run lengths of binary masks, for all classes of a label map at once.
import type { LabelMap } from "./rgb-image.ts";

export interface ClassMask {
  readonly trainId: number;
  /** Run lengths in COCO's text form. */
  readonly counts: string;
  readonly area: number;
  /** [x, y, width, height] of the smallest rectangle around it. */
  readonly bbox: readonly [number, number, number, number];
}

/**
 * One mask a class that occurs, by rising id. Runs go down the columns, and begin with that of the pixels outside.
 * Source: cocoapi, common/maskApi.c, `rleEncode` and `rleToString`.
 */
export function classMasks({ width, height, data }: LabelMap): ClassMask[] {
  const masks = new Map<number, GrowingMask>();
  const size = width * height;
  let start = 0;
  // A run may go on from the bottom of a column to the top of the next one.
  for (let at = 1; at <= size; at++) {
    const trainId = labelAt(data, start, width, height);
    if (at < size && labelAt(data, at, width, height) === trainId) continue;
    const mask = masks.get(trainId) ?? new GrowingMask();
    masks.set(trainId, mask);
    mask.add(start, at, height);
    start = at;
  }
  return [...masks]
    .sort(([a], [b]) => a - b)
    .map(([trainId, mask]) => ({ trainId, counts: rleText(mask.runs(size)), area: mask.area, bbox: mask.bbox() }));
}

/** Of the pixel that is the nth down the columns. */
function labelAt(data: Uint8Array, place: number, width: number, height: number): number {
  return data[(place % height) * width + Math.floor(place / height)] ?? 0;
}

class GrowingMask {
  area = 0;
  readonly #runs: number[] = [];
  #end = 0;
  #left = Number.POSITIVE_INFINITY;
  #right = -1;
  #top = Number.POSITIVE_INFINITY;
  #bottom = -1;

  /** Pixels from one place to before another, down the columns. */
  add(from: number, to: number, height: number): void {
    this.#runs.push(from - this.#end, to - from);
    this.#end = to;
    this.area += to - from;
    const [firstColumn, lastColumn] = [Math.floor(from / height), Math.floor((to - 1) / height)];
    const isWhole = firstColumn !== lastColumn; // over the bottom of a column
    this.#left = Math.min(this.#left, firstColumn);
    this.#right = Math.max(this.#right, lastColumn);
    this.#top = Math.min(this.#top, isWhole ? 0 : from % height);
    this.#bottom = Math.max(this.#bottom, isWhole ? height - 1 : (to - 1) % height);
  }

  runs(size: number): readonly number[] {
    return this.#end === size ? this.#runs : [...this.#runs, size - this.#end];
  }

  bbox(): readonly [number, number, number, number] {
    return [this.#left, this.#top, this.#right - this.#left + 1, this.#bottom - this.#top + 1];
  }
}

/** Each length less the one before the last, in groups of five bits, the lowest first. */
export function rleText(runs: readonly number[]): string {
  const characters: number[] = [];
  for (const [index, run] of runs.entries()) {
    let rest = index > 2 ? run - (runs[index - 2] ?? 0) : run;
    let hasMore = true;
    while (hasMore) {
      const bits = rest & 0x1f;
      rest >>= 5;
      hasMore = (bits & 0x10) === 0 ? rest !== 0 : rest !== -1;
      characters.push((hasMore ? bits | 0x20 : bits) + 48);
    }
  }
  return Buffer.from(characters).toString("latin1");
}
