// Mean and variance of each channel over images and pixels.
import { at } from "../node.ts";
import { mul } from "../ops/mul.ts";
import { reduceMean } from "../ops/reduce-mean.ts";
import { reshape } from "../ops/reshape.ts";
import { sub } from "../ops/sub.ts";
import type { Node } from "../types.ts";

/**
 * The batch's own statistics, in two passes: E[(x − mean)²] keeps its digits where E[x²] − mean² would lose them.
 *
 * @param x  float32 [N, C, H, W]
 * @returns  mean and biased variance, float32 [C]
 */
export function channelMoments(x: Node): { mean: Node; variance: Node } {
  const axes = [0, 2, 3];
  const mean = reduceMean(x, axes, true);
  const centred = sub(x, mean);
  const channels = [at(x.shape, 1)];
  return { mean: reshape(mean, channels), variance: reduceMean(mul(centred, centred), axes) };
}
