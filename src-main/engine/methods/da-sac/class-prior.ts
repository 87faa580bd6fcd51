// The class prior: a moving average of how often the teacher predicts each class.

import { BugError } from "../../../../src-shared/contract/errors.ts";
import type { ConsistencySettings } from "../../../../src-shared/contract/training/da-sac.ts";
import { at, nchw } from "../../graph/node.ts";
import { add } from "../../graph/ops/add.ts";
import { cast } from "../../graph/ops/cast.ts";
import { scalar } from "../../graph/ops/constant.ts";
import { equal } from "../../graph/ops/equal.ts";
import { exp } from "../../graph/ops/exp.ts";
import { expand } from "../../graph/ops/expand.ts";
import { greater } from "../../graph/ops/greater.ts";
import { maximum } from "../../graph/ops/maximum.ts";
import { mul } from "../../graph/ops/mul.ts";
import { reduceMean } from "../../graph/ops/reduce-mean.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import { sub } from "../../graph/ops/sub.ts";
import { where } from "../../graph/ops/where.ts";
import type { Node } from "../../graph/types.ts";

type PriorSettings = Pick<ConsistencySettings, "priorMomentum" | "discountScale">;

/** A class that is predicted less than this does not start its average yet. */
const LEAST_SEEN = 1e-8;

/** Before anything has been seen, float32 [K]: a value that no average has by chance tells so. */
export function freshPrior(numClasses: number, { discountScale }: Pick<PriorSettings, "discountScale">): Float32Array {
  return new Float32Array(numClasses).fill(discountScale);
}

/**
 * The prior after a batch, as each of G devices has it that see N / G of the crops. Source: spec "7.7" item 2, "7.10".
 *
 * @param prior          float32 [K], before
 * @param probabilities  float32 [N, K, H, W], of all crops as the teacher sees them, what is padded included
 * @returns              float32 [G, K]; the first is the one to keep
 */
export function updatedPrior(prior: Node, probabilities: Node, devices: number, settings: PriorSettings): Node {
  const [crops, numClasses, height, width] = nchw("updatedPrior", probabilities);
  if (crops % devices !== 0) throw new BugError(`${crops} crops for ${devices} devices`);
  const perDevice = reshape(probabilities, [devices, crops / devices, numClasses, height, width]);
  // Row by row first: one long sum in float32 would lose digits.
  const seen = reduceMean(reduceMean(perDevice, [4]), [1, 3]);
  const before = expand(reshape(prior, [1, numClasses]), [devices, numClasses]);
  const isFresh = cast(equal(before, scalar(settings.discountScale)), "float32");
  const isSeen = cast(greater(seen, scalar(LEAST_SEEN)), "float32");
  const started = where(greater(mul(isFresh, isSeen), scalar(0)), seen, before);
  const momentum = Math.fround(settings.priorMomentum);
  return add(mul(started, scalar(momentum)), mul(seen, scalar(1 - settings.priorMomentum)));
}

/** 1 − e^(−prior / scale): near 1 but for classes that are hardly ever predicted. Source: spec "7.8". */
export function thresholdDiscount(prior: Node, { discountScale }: Pick<PriorSettings, "discountScale">): Node {
  return sub(scalar(1), exp(mul(prior, scalar(-1 / discountScale))));
}

/** (1 − prior)^power: frequent classes weigh less. Source: spec "7.9". */
export function focalWeights(prior: Node, power: number): Node {
  const rarity = sub(scalar(1), maximum(prior, scalar(0)));
  return Array.from({ length: power }, () => rarity).reduce<Node>(
    (product, factor) => mul(product, factor),
    expand(scalar(1), prior.shape),
  );
}

/** What each device has of its classes, for each of the crops it holds: [G, K] → [N, K, 1, 1]. */
export function perCrop(ofDevices: Node, crops: number): Node {
  const [devices, numClasses] = [at(ofDevices.shape, 0), at(ofDevices.shape, 1)];
  const repeated = expand(reshape(ofDevices, [devices, 1, numClasses]), [devices, crops / devices, numClasses]);
  return reshape(repeated, [crops, numClasses, 1, 1]);
}
