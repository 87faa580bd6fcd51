// The index of ops: every one there is, by name.
import type { Op } from "../types.ts";
import { absOp } from "./abs.ts";
import { addOp } from "./add.ts";
import { argMaxOp } from "./arg-max.ts";
import { batchNormOp } from "./batch-norm.ts";
import { castOp } from "./cast.ts";
import { channelAffineOp } from "./channel-affine.ts";
import { concatOp } from "./concat.ts";
import { constantOp } from "./constant.ts";
import { convOp } from "./conv.ts";
import { convFilterGradientOp } from "./conv-filter-gradient.ts";
import { convInputGradientOp } from "./conv-input-gradient.ts";
import { divOp } from "./div.ts";
import { equalOp } from "./equal.ts";
import { erfOp } from "./erf.ts";
import { expOp } from "./exp.ts";
import { expandOp } from "./expand.ts";
import { greaterOp } from "./greater.ts";
import { inputOp } from "./input.ts";
import { logOp } from "./log.ts";
import { logSoftmaxOp } from "./log-softmax.ts";
import { matMulOp } from "./mat-mul.ts";
import { maxPoolOp } from "./max-pool.ts";
import { maxPoolGradientOp } from "./max-pool-gradient.ts";
import { maximumOp } from "./maximum.ts";
import { minimumOp } from "./minimum.ts";
import { mulOp } from "./mul.ts";
import { negOp } from "./neg.ts";
import { padOp } from "./pad.ts";
import { reduceMaxOp } from "./reduce-max.ts";
import { reduceMeanOp } from "./reduce-mean.ts";
import { reduceSumOp } from "./reduce-sum.ts";
import { reluOp } from "./relu.ts";
import { reshapeOp } from "./reshape.ts";
import { resizeBilinearOp } from "./resize-bilinear.ts";
import { reverseOp } from "./reverse.ts";
import { sigmoidOp } from "./sigmoid.ts";
import { sliceOp } from "./slice.ts";
import { softmaxOp } from "./softmax.ts";
import { sqrtOp } from "./sqrt.ts";
import { stepOp } from "./step.ts";
import { subOp } from "./sub.ts";
import { tanhOp } from "./tanh.ts";
import { transposeOp } from "./transpose.ts";
import { whereOp } from "./where.ts";

/** All ops. An op is added by writing its file and naming it here. */
export const OPS: readonly Op[] = [
  absOp,
  addOp,
  argMaxOp,
  batchNormOp,
  castOp,
  channelAffineOp,
  concatOp,
  constantOp,
  convOp,
  convFilterGradientOp,
  convInputGradientOp,
  divOp,
  equalOp,
  erfOp,
  expOp,
  expandOp,
  greaterOp,
  inputOp,
  logOp,
  logSoftmaxOp,
  matMulOp,
  maxPoolOp,
  maxPoolGradientOp,
  maximumOp,
  minimumOp,
  mulOp,
  negOp,
  padOp,
  reduceMaxOp,
  reduceMeanOp,
  reduceSumOp,
  reluOp,
  reshapeOp,
  resizeBilinearOp,
  reverseOp,
  sigmoidOp,
  sliceOp,
  softmaxOp,
  sqrtOp,
  stepOp,
  subOp,
  tanhOp,
  transposeOp,
  whereOp,
];
