// The core of augmentation consistency as graph: from the teacher's logits of all crops to pseudo-labels, and from the
// student's logits to the target loss. Pure functions of nodes, for a program that has both networks in it, or none.
import type { ConsistencySettings } from "../../../../src-shared/contract/training/da-sac.ts";
import { crossEntropy } from "../../graph/functions/cross-entropy.ts";
import { nchw } from "../../graph/node.ts";
import { scalar } from "../../graph/ops/constant.ts";
import { expand } from "../../graph/ops/expand.ts";
import { logSoftmax } from "../../graph/ops/log-softmax.ts";
import { mul } from "../../graph/ops/mul.ts";
import { reduceMean } from "../../graph/ops/reduce-mean.ts";
import { reduceSum } from "../../graph/ops/reduce-sum.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import { resizeBilinear } from "../../graph/ops/resize-bilinear.ts";
import { softmax } from "../../graph/ops/softmax.ts";
import { sub } from "../../graph/ops/sub.ts";
import type { Node } from "../../graph/types.ts";
import { focalWeights, perCrop, updatedPrior } from "./class-prior.ts";
import { averageOfCrops, type FusedCrops, surestOfCrops } from "./fuse-crops.ts";
import type { Size } from "./masked-picture.ts";
import { type SampleBasedLabels, sampleBasedLabels } from "./sample-based-labels.ts";
import { coverageOf, warped, warpOf } from "./warp.ts";

/** N = I·T crops: the T copies of the first image, then those of the next. */
export interface TeacherView {
  /** float32 [N, K, h, w], as the network gives them. */
  readonly logits: Node;
  /** float32 [N, 2, 3]; see affine-matrices.ts. */
  readonly affine: Node;
  readonly affineInverse: Node;
  /** float32 [N, 1, H, W]: 1 where padded. */
  readonly padding: Node;
  /** float32 [K]: the class prior before this iteration. */
  readonly prior: Node;
}

export interface CropCounts {
  /** T, crops of an image. */
  readonly copies: number;
  /** Crops that a device holds, of those that share a prior and a loss; N on one device. Source: spec "7.10". */
  readonly cropsPerDevice: number;
}

/** In the reference frames of the images. */
export interface Fusion {
  /** float32 [N, K, H, W]: zero outside of a crop. */
  readonly aligned: Node;
  /** float32 [N, 1, H, W]: what it is weighed by. */
  readonly coverage: Node;
  /** Of the I images. */
  readonly fused: FusedCrops;
}

/** What the student learns from. Nothing here depends on the student: no gradient comes this way. */
export interface ConsistencyTargets {
  /** float32 [N, K, H, W]: the teacher's own, zero where padded. */
  readonly probabilities: Node;
  /** Null where crops are not fused. */
  readonly fusion: Fusion | null;
  /** float32 [N, K, H, W]: fused, back in each crop. */
  readonly refined: Node;
  /** float32 [G, K]: of each device, for this iteration; the first is the one to keep. */
  readonly prior: Node;
  readonly labels: SampleBasedLabels;
}

/**
 * Source: spec "7.7", "7.8". Logits that are not numbers show in the prior: comparisons and maxima pass over NaN.
 *
 * @param size  of the crops
 */
export function consistencyTargets(
  view: TeacherView,
  size: Size,
  { copies, cropsPerDevice }: CropCounts,
  settings: ConsistencySettings,
): ConsistencyTargets {
  const [crops] = nchw("consistencyTargets", view.logits);
  // The logits are enlarged, not the probabilities; corners coincide here, but not in the warps.
  const seen = softmax(resizeBilinear(view.logits, size, true), 1);
  const prior = updatedPrior(view.prior, seen, crops / cropsPerDevice, settings);
  const probabilities = mul(seen, sub(scalar(1), view.padding));
  const { fusion, refined } =
    settings.pool === "off"
      ? { fusion: null, refined: probabilities }
      : fusedAndRefined(probabilities, view, size, copies, settings.pool);
  const labels = sampleBasedLabels(refined, view.padding, prior, settings);
  return { probabilities, fusion, refined, prior, labels };
}

function fusedAndRefined(
  probabilities: Node,
  { affine, affineInverse }: TeacherView,
  size: Size,
  copies: number,
  pool: "average" | "min-entropy",
) {
  const back = warpOf(affineInverse, size);
  const aligned = warped(probabilities, warpOf(affine, size));
  // The coverage is that of the way back, in the crop's coordinates, though what it weighs is in the frame's: as released.
  const coverage = coverageOf(back);
  const covered = mul(aligned, coverage);
  const fused = pool === "average" ? averageOfCrops(covered, copies) : surestOfCrops(covered, copies);
  const refined = mul(warped(fused.probabilities, back), warped(fused.valid, back));
  return { fusion: { aligned, coverage, fused }, refined };
}

export interface ConsistencyLoss {
  /** float32 []: over all pixels of all crops, ignored ones included. */
  readonly loss: Node;
  /** float32 [K]: each class's part of the focal cross-entropy, confidence left aside; for curves. */
  readonly perClass: Node;
}

/** Of the targets what the loss asks for. */
export interface LearntFrom {
  readonly labels: Pick<SampleBasedLabels, "selected" | "confidence">;
  readonly prior: Node;
}

/**
 * The focal cross-entropy of the student, weighted by confidence. Source: spec "7.9".
 *
 * @param logits  float32 [N, K, H, W], the student's, enlarged to the crops' size
 */
export function consistencyLoss(
  logits: Node,
  { labels, prior }: LearntFrom,
  { cropsPerDevice }: Pick<CropCounts, "cropsPerDevice">,
  { loss: form, focalPower }: Pick<ConsistencySettings, "loss" | "focalPower">,
): ConsistencyLoss {
  const [crops, , height, width] = nchw("consistencyLoss", logits);
  const share = 1 / (crops * height * width);
  const focal = mul(labels.selected, mul(perCrop(focalWeights(prior, focalPower), crops), scalar(share)));
  const target = form === "focal" ? focal : mul(focal, confidenceWeights(labels.confidence, cropsPerDevice, form));
  const perRow = reduceSum(mul(focal, logSoftmax(logits, 1)), [3]);
  return { loss: crossEntropy(logits, target), perClass: sub(scalar(0), reduceSum(perRow, [0, 2])) };
}

/**
 * The paper weighs every pixel by its own confidence. The released program weighs it by the mean confidence of all crops of
 * its device at the same place, because an axis that it meant to drop makes a B x B product; with one crop both are the same.
 */
function confidenceWeights(confidence: Node, cropsPerDevice: number, form: "released" | "paper"): Node {
  if (form === "paper") return confidence;
  const [crops, , height, width] = nchw("confidenceWeights", confidence);
  const devices = crops / cropsPerDevice;
  const mean = reduceMean(reshape(confidence, [devices, cropsPerDevice, height, width]), [1], true);
  return reshape(expand(mean, [devices, cropsPerDevice, height, width]), [crops, 1, height, width]);
}
