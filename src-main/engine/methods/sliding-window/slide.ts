// Predicts an image window by window: overlapping scores are averaged, and rows are handed on as soon as they are final.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import { argmaxLabels } from "../../images/argmax.ts";
import type { CropBox } from "../../images/crop.ts";
import type { Overlap, ScoreBand, ScoreSize } from "../../images/score-bands.ts";
import { stopIfCancelled } from "../shared/cancellation.ts";
import { type SlidingWindow, type WindowGrid, windowCount, windowGrid } from "./window-grid.ts";

/** Numbers of one band that is handed on, 64 MB: what works on it needs no more than a few of these. */
const BAND_NUMBERS = 1 << 24;

export interface SlideOptions {
  readonly signal?: AbortSignal | undefined;
  /** Hears of each finished window. */
  readonly onWindow?: () => void;
}

/**
 * The mean of the windows' scores at every pixel. What is averaged is what the network gives, logits as a rule, and
 * decisions are taken on the mean: so does mmsegmentation (`EncoderDecoder.slide_inference`: sum of logits, divided by the
 * count of windows), from which networks with published figures come. Pixels that only one window sees keep its scores
 * exactly.
 *
 * Held at a time are the sums of one row of windows, K · window height · W numbers, and one window's scores.
 *
 * @param scoresOf  float32 [1, K, h, w] of a window; asked from left to right, row by row
 * @throws CancelledError between windows
 */
export async function* slide(
  size: ScoreSize,
  window: SlidingWindow,
  scoresOf: (box: CropBox) => Promise<Float32Array>,
  { signal, onWindow }: SlideOptions = {},
): AsyncGenerator<ScoreBand, void, undefined> {
  const grid = windowGrid(size, window);
  const isWhole = windowCount(grid) === 1;
  const sums = isWhole ? null : new WindowSums(size, grid);
  for (const [row, top] of grid.tops.entries()) {
    for (const left of grid.lefts) {
      stopIfCancelled(signal);
      const box = { top, left, height: grid.height, width: grid.width };
      const scores = await scoresOf(box);
      if (scores.length !== size.numClasses * box.height * box.width) {
        throw new BugError(`a window of ${box.height} x ${box.width} pixels has ${scores.length} scores`);
      }
      onWindow?.();
      if (sums === null) yield { top: 0, height: size.height, scores };
      else sums.add(scores, left);
    }
    const next = grid.tops[row + 1] ?? size.height;
    if (sums !== null) yield* sums.take(next - top);
  }
}

/** No window has said what the pixel is; or two have said different things. Neither is a class, of which there are 254 at most. */
const UNSEEN = 255;
const DIFFERING = 254;

/** Sums of scores over the rows of one row of windows. */
class WindowSums {
  readonly #size: ScoreSize;
  readonly #grid: WindowGrid;
  /** float32 [K, window height, W], its first row being row `#top` of the image. */
  readonly #sums: Float32Array;
  /** What the windows make of each pixel, [window height, W]. */
  readonly #labels: Uint8Array;
  /** Windows over each row and column of the image. */
  readonly #rowCounts: Uint16Array;
  readonly #columnCounts: Uint16Array;
  #top = 0;

  constructor(size: ScoreSize, grid: WindowGrid) {
    const { numClasses, width, height } = size;
    this.#size = size;
    this.#grid = grid;
    this.#sums = new Float32Array(numClasses * grid.height * width);
    this.#labels = new Uint8Array(grid.height * width).fill(UNSEEN);
    this.#rowCounts = countsAlong(height, grid.height, grid.tops);
    this.#columnCounts = countsAlong(width, grid.width, grid.lefts);
  }

  /** A window of the row at hand. @param scores  float32 [1, K, h, w] */
  add(scores: Float32Array, left: number): void {
    const { numClasses, width } = this.#size;
    const { height: rows, width: columns } = this.#grid;
    for (let line = 0; line < numClasses * rows; line++) {
      const to = line * width + left;
      const from = line * columns;
      for (let x = 0; x < columns; x++) {
        this.#sums[to + x] = (this.#sums[to + x] as number) + (scores[from + x] as number);
      }
    }
    const { data } = argmaxLabels(scores, numClasses, rows, columns);
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const at = y * width + left + x;
        const [before, own] = [this.#labels[at] as number, data[y * columns + x] as number];
        if (before === UNSEEN) this.#labels[at] = own;
        else if (before !== own) this.#labels[at] = DIFFERING;
      }
    }
  }

  /** The means of the first rows, which no later window reaches; the others move up. */
  *take(rows: number): Generator<ScoreBand, void, undefined> {
    const { numClasses, width } = this.#size;
    const most = Math.max(1, Math.floor(BAND_NUMBERS / (numClasses * width)));
    for (let first = 0; first < rows; first += most) yield this.#band(first, Math.min(most, rows - first));
    const { height } = this.#grid;
    for (let k = 0; k < numClasses; k++) {
      const plane = this.#sums.subarray(k * height * width, (k + 1) * height * width);
      plane.copyWithin(0, rows * width);
      plane.fill(0, (height - rows) * width);
    }
    this.#labels.copyWithin(0, rows * width);
    this.#labels.fill(UNSEEN, (height - rows) * width);
    this.#top += rows;
  }

  #band(first: number, rows: number): ScoreBand {
    const { numClasses, width } = this.#size;
    const scores = new Float32Array(numClasses * rows * width);
    let to = 0;
    for (let k = 0; k < numClasses; k++) {
      for (let y = 0; y < rows; y++) {
        const rowCount = this.#rowCounts[this.#top + first + y] as number;
        const from = (k * this.#grid.height + first + y) * width;
        for (let x = 0; x < width; x++, to++) {
          scores[to] = (this.#sums[from + x] as number) / (rowCount * (this.#columnCounts[x] as number));
        }
      }
    }
    return { top: this.#top + first, height: rows, scores, overlap: this.#overlap(first, rows) };
  }

  #overlap(first: number, rows: number): Overlap {
    const { width } = this.#size;
    let pixels = 0;
    let agreeing = 0;
    for (let y = first; y < first + rows; y++) {
      const rowCount = this.#rowCounts[this.#top + y] as number;
      for (let x = 0; x < width; x++) {
        if (rowCount * (this.#columnCounts[x] as number) < 2) continue;
        pixels += 1;
        if (this.#labels[y * width + x] !== DIFFERING) agreeing += 1;
      }
    }
    return { pixels, agreeing };
  }
}

function countsAlong(length: number, size: number, starts: readonly number[]): Uint16Array {
  const counts = new Uint16Array(length);
  for (const start of starts) for (let at = start; at < start + size; at++) counts[at] = (counts[at] as number) + 1;
  return counts;
}
