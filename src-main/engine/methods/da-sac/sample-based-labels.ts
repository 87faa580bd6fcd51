// Pseudo-labels by thresholds that each crop sets for itself.
import type { ConsistencySettings } from "../../../../src-shared/contract/training/da-sac.ts";
import { IGNORE_LABEL } from "../../../../src-shared/labels/ignore-label.ts";
import { oneHotOf } from "../../graph/functions/class-targets.ts";
import { nchw } from "../../graph/node.ts";
import { add } from "../../graph/ops/add.ts";
import { argMax } from "../../graph/ops/arg-max.ts";
import { cast } from "../../graph/ops/cast.ts";
import { scalar } from "../../graph/ops/constant.ts";
import { greater } from "../../graph/ops/greater.ts";
import { maximum } from "../../graph/ops/maximum.ts";
import { mul } from "../../graph/ops/mul.ts";
import { reduceMax } from "../../graph/ops/reduce-max.ts";
import { reduceSum } from "../../graph/ops/reduce-sum.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import { sub } from "../../graph/ops/sub.ts";
import type { Node } from "../../graph/types.ts";
import { perCrop, thresholdDiscount } from "./class-prior.ts";

type LabelSettings = Pick<ConsistencySettings, "thresholdShare" | "leastConfidence" | "discount" | "discountScale">;

export interface SampleBasedLabels {
  /** int32 [N, H, W], train ids, 255 where nothing is trusted. */
  readonly labels: Node;
  /** float32 [N, 1, H, W]: the largest probability of every pixel, trusted or not. */
  readonly confidence: Node;
  /** float32 [N, K]: what a pixel must exceed. */
  readonly thresholds: Node;
  /** float32 [N, K]: pixels that are trusted. */
  readonly keptPixels: Node;
  /** float32 [N, K, H, W]: one-hot where a pixel is trusted, else 0. */
  readonly selected: Node;
}

/**
 * A pixel gets its most probable class where that probability is above a share of the largest one that pixels of the class
 * reach in the crop, less for rare classes, and above the least confidence. Source: spec "7.8".
 *
 * @param probabilities  float32 [N, K, H, W], what the crops' teachers agreed on
 * @param padding        float32 [N, 1, H, W], 1 where padded
 * @param prior          float32 [G, K], of this iteration
 */
export function sampleBasedLabels(
  probabilities: Node,
  padding: Node,
  prior: Node,
  settings: LabelSettings,
): SampleBasedLabels {
  const [crops, numClasses, height, width] = nchw("sampleBasedLabels", probabilities);
  const classes = argMax(probabilities, 1);
  const oneHot = oneHotOf(reshape(classes, [crops, 1, height, width]), numClasses);
  const peaks = reduceMax(mul(oneHot, probabilities), [2, 3], true); // [N, K, 1, 1]
  const share = mul(peaks, scalar(settings.thresholdShare));
  const discounted = settings.discount ? mul(share, perCrop(thresholdDiscount(prior, settings), crops)) : share;
  const thresholds = maximum(discounted, scalar(settings.leastConfidence));
  const isAbove = cast(greater(probabilities, thresholds), "float32");
  const selected = mul(mul(oneHot, isAbove), sub(scalar(1), padding));
  return {
    labels: labelsOf(classes, selected),
    confidence: reduceMax(probabilities, [1], true),
    thresholds: reshape(thresholds, [crops, numClasses]),
    keptPixels: reduceSum(selected, [2, 3]),
    selected,
  };
}

function labelsOf(classes: Node, selected: Node): Node {
  const isKept = reduceSum(selected, [1]); // 1 or 0
  const kept = mul(cast(classes, "float32"), isKept);
  return cast(add(kept, mul(sub(scalar(1), isKept), scalar(IGNORE_LABEL))), "int32");
}
