// Test-time augmentation window by window: every view slides at its own size, and all are fused a few rows at a time.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import type { Overlap, ScoreBand } from "../../images/score-bands.ts";
import { softmaxInPlace } from "../../images/softmax-in-place.ts";
import { augmentedViews, type View, type ViewOptions } from "../../images/views.ts";
import type { RunOptions } from "../shared/run-options.ts";
import type { SegmentationModel } from "../shared/segmentation-model.ts";
import { slideNetwork } from "./predict-in-windows.ts";
import { type SlidingWindow, windowCount, windowGrid } from "./window-grid.ts";

/** Rows that are fused at a time. */
const ROWS = 32;

/**
 * The mean of the views' probabilities, as `fuseViews` computes it: softmax at the view's own size, behind the mean over
 * its windows; mirrored back; enlarged to the image with aligned corners. The views are gone through side by side from top
 * to bottom, so that no map of the whole image is needed.
 *
 * @returns bands of probabilities
 * @throws AppError `method.diverged` when a logit is NaN or infinite
 * @throws CancelledError between windows
 */
export async function* fuseInWindows(
  model: SegmentationModel,
  image: RgbImage,
  viewOptions: ViewOptions,
  window: SlidingWindow,
  options: RunOptions,
): AsyncGenerator<ScoreBand, void, undefined> {
  const { numClasses } = model.architecture;
  const { width, height } = image;
  const views = augmentedViews(image, viewOptions);
  const windows = views.reduce((sum, view) => sum + windowCount(windowGrid(view.image, window)), 0);
  let index = 0;
  const onWindow = (): void => {
    options.onEvent?.({ type: "windowFinished", index, windows });
    index += 1;
  };
  const rows = views.map((view) => {
    const bands = slideNetwork(model, view.image, window, options, {}, onWindow);
    return new ViewRows(view, bands, numClasses, width);
  });
  for (let top = 0; top < height; top += ROWS) {
    const count = Math.min(ROWS, height - top);
    const scores = new Float32Array(numClasses * count * width);
    const before = overlapOf(rows);
    for (const view of rows) {
      for (let y = 0; y < count; y++) await view.addTo(scores, { row: top + y, of: height, y, rows: count });
    }
    for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) / views.length;
    const now = overlapOf(rows);
    const overlap = { pixels: now.pixels - before.pixels, agreeing: now.agreeing - before.agreeing };
    yield { top, height: count, scores, overlap };
  }
}

function overlapOf(views: readonly ViewRows[]): Overlap {
  const sum = (key: keyof Overlap): number => views.reduce((total, { overlap }) => total + overlap[key], 0);
  return { pixels: sum("pixels"), agreeing: sum("agreeing") };
}

/** Where a row of the image goes: into row `y` of a band of so many rows. */
interface Target {
  readonly row: number;
  /** Rows of the image. */
  readonly of: number;
  readonly y: number;
  readonly rows: number;
}

/** The probabilities of one view at the image's width, row by row: only what a row of the image lies between is kept. */
class ViewRows {
  readonly #view: View;
  readonly #bands: AsyncIterator<ScoreBand>;
  readonly #numClasses: number;
  readonly #width: number;
  /** Behind the softmax, upright. */
  #band: ScoreBand | null = null;
  /** The last two rows, each float32 [K, W], by their number in the view. */
  readonly #rows = new Map<number, Float32Array>();
  overlap: Overlap = { pixels: 0, agreeing: 0 };

  constructor(view: View, bands: AsyncIterator<ScoreBand>, numClasses: number, width: number) {
    this.#view = view;
    this.#bands = bands;
    this.#numClasses = numClasses;
    this.#width = width;
  }

  /** Adds one row to a band, float32 [1, K, rows, W]. Rows of the image are asked for in order. */
  async addTo(band: Float32Array, { row, of, y, rows }: Target): Promise<void> {
    const { low, high, share } = between(row, of, this.#view.image.height);
    const [upper, lower] = [await this.#row(low), await this.#row(high)];
    const width = this.#width;
    for (let k = 0; k < this.#numClasses; k++) {
      const to = (k * rows + y) * width;
      const from = k * width;
      for (let x = 0; x < width; x++) {
        const [a, b] = [upper[from + x] as number, lower[from + x] as number];
        band[to + x] = (band[to + x] as number) + a + (b - a) * share;
      }
    }
  }

  async #row(row: number): Promise<Float32Array> {
    const known = this.#rows.get(row);
    if (known !== undefined) return known;
    const band = await this.#bandWith(row);
    const enlarged = this.#enlarged(band, row - band.top);
    for (const old of this.#rows.keys()) if (old < row - 1) this.#rows.delete(old);
    this.#rows.set(row, enlarged);
    return enlarged;
  }

  async #bandWith(row: number): Promise<ScoreBand> {
    let band = this.#band;
    while (band === null || row >= band.top + band.height) {
      const { value, done } = await this.#bands.next();
      if (done === true) throw new BugError(`a view has no row ${row}`);
      const { pixels = 0, agreeing = 0 } = value.overlap ?? {};
      this.overlap = { pixels: this.overlap.pixels + pixels, agreeing: this.overlap.agreeing + agreeing };
      softmaxInPlace(value.scores, this.#numClasses);
      band = value;
      this.#band = value;
    }
    return band;
  }

  /** One row at the image's width, [K, W]; mirrored back if the view was mirrored. */
  #enlarged({ height, scores }: ScoreBand, row: number): Float32Array {
    const { flipped, image } = this.#view;
    const enlarged = new Float32Array(this.#numClasses * this.#width);
    for (let x = 0; x < this.#width; x++) {
      const { low, high, share } = between(x, this.#width, image.width);
      const [left, right] = flipped ? [image.width - 1 - low, image.width - 1 - high] : [low, high];
      for (let k = 0; k < this.#numClasses; k++) {
        const from = (k * height + row) * image.width;
        const [a, b] = [scores[from + left] as number, scores[from + right] as number];
        enlarged[k * this.#width + x] = a + (b - a) * share;
      }
    }
    return enlarged;
  }
}

/** Between which places of a shorter or longer line a place lies, first on first and last on last. */
function between(place: number, of: number, length: number): { low: number; high: number; share: number } {
  const exact = of === 1 ? 0 : (place * (length - 1)) / (of - 1);
  const low = Math.min(Math.floor(exact), length - 1);
  return { low, high: Math.min(low + 1, length - 1), share: exact - low };
}
