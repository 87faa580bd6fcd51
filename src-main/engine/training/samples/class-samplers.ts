// Samplers that choose a class first and then an image with it: rare classes are seen more often than they occur.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import type { Random } from "../../random.ts";
import { drawnSampler, type Sampler, type SamplerOptions } from "./sampler.ts";

/** A method's own once, which trainings that have begun go on with. */
const IMPORTANCE_STREAM = 16;
const RARE_CLASS_STREAM = 7;

/** Of each class, the cumulative probabilities of the images; the last of them is 1, give or take rounding. */
export type ImageDistributions = readonly Float64Array[];

/**
 * Classes take turns, sample by sample; an image is drawn by its class's probabilities. Source: DA-SAC, "6.3 Sampling". `draw`
 * counts the samples of the run.
 */
export function importanceSampler(
  distributions: ImageDistributions,
  { batchSize, seed }: Omit<SamplerOptions, "count">,
): Sampler {
  return drawnSampler(batchSize, seed, IMPORTANCE_STREAM, (sample, random) =>
    drawOfClass(distributions, sample, random),
  );
}

/**
 * The image of the sample with this number.
 *
 * @throws BugError when there are no classes, or no images
 */
export function drawOfClass(
  distributions: ImageDistributions,
  sample: number,
  random: Pick<Random, "uniform">,
): number {
  const cumulative = distributions[sample % distributions.length];
  if (cumulative === undefined || cumulative.length === 0) throw new BugError("there is no image to draw");
  return drawFrom(cumulative, random);
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
  const present = totals.flatMap((total, c) => (total > 0 ? [c] : []));
  const sums = cumulativeSums(present.map((c) => Math.exp((1 - (totals[c] ?? 0) / all) / temperature)));
  const imagesOf = present.map((c) => {
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

/** r ~ U(0, last sum); the first place whose sum reaches r. */
function drawFrom(sums: Float64Array, random: Pick<Random, "uniform">): number {
  const r = random.uniform(0, sums.at(-1) ?? 0);
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) >= r) high = middle;
    else low = middle + 1;
  }
  return low;
}
