// Scores of a large image from those of its reduced one, some rows at a time: the whole of them would take gigabytes.
import { interpolationAt } from "../../graph/ops/interpolation-matrix.ts";
import type { ScoreBand, ScoreSize } from "../../images/score-bands.ts";

/** Numbers in a band: 64 MiB, and a quarter of a second's work. */
const NUMBERS_IN_BAND = 16 * 2 ** 20;

/**
 * Bilinear enlargement by half-pixel centres, as `resizeBilinear` without aligned corners gives it.
 *
 * @param scores  float32 [1, K, h, w]
 * @param from    K, h and w
 * @param to      height and width of the image
 */
export function* enlargedBands(
  scores: Float32Array,
  { numClasses, height, width }: ScoreSize,
  to: Pick<ScoreSize, "height" | "width">,
): Generator<ScoreBand, void, undefined> {
  const columns = Array.from({ length: to.width }, (_, x) => interpolationAt(width, to.width, false, x));
  const low = Int32Array.from(columns, (column) => column.low);
  const high = Int32Array.from(columns, (column) => column.high);
  const share = Float32Array.from(columns, (column) => column.fraction);
  const line = new Float32Array(width);
  const rowsInBand = Math.max(1, Math.floor(NUMBERS_IN_BAND / (numClasses * to.width)));
  for (let top = 0; top < to.height; top += rowsInBand) {
    const rows = Math.min(rowsInBand, to.height - top);
    const band = new Float32Array(numClasses * rows * to.width);
    let at = 0;
    for (let k = 0; k < numClasses; k++) {
      for (let row = 0; row < rows; row++) {
        const { low: above, high: below, fraction } = interpolationAt(height, to.height, false, top + row);
        const [first, second] = [(k * height + above) * width, (k * height + below) * width];
        for (let x = 0; x < width; x++) {
          line[x] = (scores[first + x] ?? 0) * (1 - fraction) + (scores[second + x] ?? 0) * fraction;
        }
        for (let x = 0; x < to.width; x++) {
          const part = share[x] ?? 0;
          band[at++] = (line[low[x] ?? 0] ?? 0) * (1 - part) + (line[high[x] ?? 0] ?? 0) * part;
        }
      }
    }
    yield { top, height: rows, scores: band };
  }
}
