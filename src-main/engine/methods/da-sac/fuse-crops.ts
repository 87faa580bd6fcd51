// Fuses what the teacher says of the crops of an image, aligned to one frame.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import { nchw } from "../../graph/node.ts";
import { add } from "../../graph/ops/add.ts";
import { argMax } from "../../graph/ops/arg-max.ts";
import { cast } from "../../graph/ops/cast.ts";
import { constant, scalar } from "../../graph/ops/constant.ts";
import { div } from "../../graph/ops/div.ts";
import { equal } from "../../graph/ops/equal.ts";
import { greater } from "../../graph/ops/greater.ts";
import { log } from "../../graph/ops/log.ts";
import { maximum } from "../../graph/ops/maximum.ts";
import { mul } from "../../graph/ops/mul.ts";
import { reduceSum } from "../../graph/ops/reduce-sum.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import { sub } from "../../graph/ops/sub.ts";
import type { Node } from "../../graph/types.ts";

/** Of I images. */
export interface FusedCrops {
  /** float32 [I, K, H, W]; sums to 1 where it is valid */
  readonly probabilities: Node;
  /** float32 [I, 1, H, W]: 1 where any crop covers the pixel well enough, else 0 */
  readonly valid: Node;
}

/** Sums of probabilities below count as not covered. */
const LEAST_COVER = 0.1;
const SMALLEST_DIVISOR = 1e-3;
const ENTROPY_EPSILON = 1e-5;
/** Of a pixel that a crop does not cover: more than any entropy. */
const ENTROPY_OF_NOTHING = 1e5;

/**
 * The mean of the crops by how much of a pixel each covers. Source: spec "7.7" item 6.
 *
 * @param aligned  float32 [I·T, K, H, W], the T crops of an image one after another
 */
export function averageOfCrops(aligned: Node, copies: number): FusedCrops {
  const [images, numClasses, height, width] = sizesOf(aligned, copies);
  const sum = reduceSum(reshape(aligned, [images, copies, numClasses, height, width]), [1]);
  const cover = reduceSum(sum, [1], true);
  return {
    probabilities: div(sum, maximum(cover, scalar(SMALLEST_DIVISOR))),
    valid: cast(greater(cover, scalar(LEAST_COVER)), "float32"),
  };
}

/** At every pixel the crop with the least entropy. @param aligned  see `averageOfCrops` */
export function surestOfCrops(aligned: Node, copies: number): FusedCrops {
  const [images, numClasses, height, width] = sizesOf(aligned, copies);
  const crops = reshape(aligned, [images, copies, numClasses, height, width]);
  const cover = reduceSum(crops, [2]); // [I, T, H, W]
  const isCovered = cast(greater(cover, scalar(LEAST_COVER)), "float32");
  const ofNothing = mul(sub(scalar(1), isCovered), scalar(ENTROPY_OF_NOTHING));
  const certainty = sub(mul(informationOf(crops), isCovered), ofNothing);
  const places = constant(
    Int32Array.from({ length: copies }, (_, k) => k),
    [1, copies, 1, 1],
  );
  const isBest = cast(equal(reshape(argMax(certainty, 1), [images, 1, height, width]), places), "float32");
  const chosen = mul(crops, reshape(isBest, [images, copies, 1, height, width]));
  const probabilities = reduceSum(chosen, [1]);
  return {
    probabilities,
    valid: cast(greater(reduceSum(probabilities, [1], true), scalar(LEAST_COVER)), "float32"),
  };
}

/** Σ p·log((p + ε) / (1 + ε)), the negative entropy of each crop's pixels, [I, T, H, W]. */
function informationOf(crops: Node): Node {
  const smoothed = mul(add(crops, scalar(ENTROPY_EPSILON)), scalar(1 / (1 + ENTROPY_EPSILON)));
  return reduceSum(mul(crops, log(smoothed)), [2]);
}

function sizesOf(aligned: Node, copies: number): [images: number, numClasses: number, height: number, width: number] {
  const [crops, numClasses, height, width] = nchw("fusion", aligned);
  if (crops % copies !== 0) throw new BugError(`${crops} crops, ${copies} of an image`);
  return [crops / copies, numClasses, height, width];
}
