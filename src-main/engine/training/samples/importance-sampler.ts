// The sampler by importance: classes take turns, and an image is drawn by how much it has of the class.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import type { Random } from "../../random.ts";
import { drawnSampler, type Sampler, type SamplerOptions } from "./sampler.ts";

/** A method's own once, which trainings that have begun go on with. */
const IMPORTANCE_STREAM = 16;

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
