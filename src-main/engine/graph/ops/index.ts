// The index of ops: every one there is, by name.
import type { OpName } from "../op-name.ts";
import type { AnyOp } from "../types.ts";
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
import { geluOp } from "./gelu.ts";
import { greaterOp } from "./greater.ts";
import { inputOp } from "./input.ts";
import { layerNormOp } from "./layer-norm.ts";
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

/** All ops. A name of `OpName` without an op, or an op without one of its rules, does not compile. */
export const OPS: Readonly<Record<OpName, AnyOp>> = {
  abs: absOp,
  add: addOp,
  argMax: argMaxOp,
  batchNorm: batchNormOp,
  cast: castOp,
  channelAffine: channelAffineOp,
  concat: concatOp,
  constant: constantOp,
  conv: convOp,
  convFilterGradient: convFilterGradientOp,
  convInputGradient: convInputGradientOp,
  div: divOp,
  equal: equalOp,
  erf: erfOp,
  exp: expOp,
  expand: expandOp,
  gelu: geluOp,
  greater: greaterOp,
  input: inputOp,
  layerNorm: layerNormOp,
  log: logOp,
  logSoftmax: logSoftmaxOp,
  matMul: matMulOp,
  maxPool: maxPoolOp,
  maxPoolGradient: maxPoolGradientOp,
  maximum: maximumOp,
  minimum: minimumOp,
  mul: mulOp,
  neg: negOp,
  pad: padOp,
  reduceMax: reduceMaxOp,
  reduceMean: reduceMeanOp,
  reduceSum: reduceSumOp,
  relu: reluOp,
  reshape: reshapeOp,
  resizeBilinear: resizeBilinearOp,
  reverse: reverseOp,
  sigmoid: sigmoidOp,
  slice: sliceOp,
  softmax: softmaxOp,
  sqrt: sqrtOp,
  step: stepOp,
  sub: subOp,
  tanh: tanhOp,
  transpose: transposeOp,
  where: whereOp,
};
