// Samplers that choose a class first and then an image with it: rare classes are seen more often than they occur.
import type { Random } from "../../random.ts";
import { drawnSampler, type Sampler, type SamplerOptions } from "./sampler.ts";

const IMPORTANCE_STREAM = 6;
const RARE_CLASS_STREAM = 7;
/** How far the shares of a class may be from 1 in sum. Source: DA-SAC, "6.3 Sampling". */
const SUM_TOLERANCE = 1e-3;

/**
 * The sample with number k is of class k mod C; its image is drawn by that class's probabilities. Source: DA-SAC, "6.3
 * Sampling". `draw` counts the samples of the run.
 *
 * @param probabilities  of every class one for each image; of a class they sum to 1
 * @throws RangeError when those of a class do not
 */
export function importanceSampler(
  probabilities: readonly ArrayLike<number>[],
  { batchSize, seed }: Omit<SamplerOptions, "count">,
): Sampler {
  const sums = probabilities.map((row, c) => {
    const row_ = cumulativeSums(row);
    const last = row_.at(-1) ?? 0;
    if (!(Math.abs(last - 1) <= SUM_TOLERANCE)) {
      throw new RangeError(`the probabilities of class ${c} sum to ${last}, not 1`);
    }
    return row_;
  });
  return drawnSampler(batchSize, seed, IMPORTANCE_STREAM, (sample, random) =>
    drawFrom(sums[sample % sums.length] ?? new Float64Array(), random),
  );
}

/**
 * Draws a class, rare ones more often, then one of the images with enough of it. Source: DAFormer (Hoyer et al., CVPR 2022),
 * equation 8: P(c) ∝ exp((1 − f_c) / T). `draw` counts the samples of the run.
 *
 * @param pixels       of every image those of each class
 * @param temperature  T: the smaller, the more of the rare
 * @param minPixels    an image counts for a class from so many pixels on; where none has as many, from the first on
 * @throws RangeError when no image has a pixel of any class
 */
export function rareClassSampler(
  pixels: readonly ArrayLike<number>[],
  { temperature, minPixels }: { readonly temperature: number; readonly minPixels: number },
  { batchSize, seed }: Omit<SamplerOptions, "count">,
): Sampler {
  const classes = Math.max(0, ...pixels.map(({ length }) => length));
  const totals = Array.from({ length: classes }, (_, c) => pixels.reduce((sum, row) => sum + (row[c] ?? 0), 0));
  const all = totals.reduce((sum, total) => sum + total, 0);
  if (all === 0) throw new RangeError("no image has a pixel of any class");
  const weights = totals.map((total) => (total === 0 ? 0 : Math.exp((1 - total / all) / temperature)));
  const sums = cumulativeSums(weights);
  const imagesOf = totals.map((_, c) => {
    const atLeast = (least: number) => pixels.flatMap((row, place) => ((row[c] ?? 0) >= least ? [place] : []));
    const enough = atLeast(Math.max(1, minPixels));
    return enough.length > 0 ? enough : atLeast(1);
  });
  return drawnSampler(batchSize, seed, RARE_CLASS_STREAM, (_, random) =>
    random.pick(imagesOf[drawFrom(sums, random)] ?? []),
  );
}

function cumulativeSums(row: ArrayLike<number>): Float64Array {
  let sum = 0;
  return Float64Array.from(row, (value) => {
    sum += value;
    return sum;
  });
}

/** r ~ U(0, last sum); the first place whose sum is above r: one whose own weight is 0 is never drawn. */
function drawFrom(sums: Float64Array, random: Random): number {
  const r = random.uniform(0, sums.at(-1) ?? 0);
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > r) high = middle;
    else low = middle + 1;
  }
  return low;
}
