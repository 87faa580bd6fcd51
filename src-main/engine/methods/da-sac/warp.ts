// Bilinear sampling of maps at affine coordinates, as graph. Without rotation it separates into rows and columns, and each is a
// matrix product.
import { at, nchw } from "../../graph/node.ts";
import { abs } from "../../graph/ops/abs.ts";
import { add } from "../../graph/ops/add.ts";
import { constant, scalar } from "../../graph/ops/constant.ts";
import { matMul } from "../../graph/ops/mat-mul.ts";
import { mul } from "../../graph/ops/mul.ts";
import { reduceSum } from "../../graph/ops/reduce-sum.ts";
import { relu } from "../../graph/ops/relu.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import { slice } from "../../graph/ops/slice.ts";
import { sub } from "../../graph/ops/sub.ts";
import type { Node } from "../../graph/types.ts";
import type { Size } from "./masked-picture.ts";

/** Where N maps are sampled. Every row of a matrix, or column, has at most two weights; fewer where taps lie outside. */
export interface Warp {
  /** float32 [N, H, H]: row r of the result from the rows of the map. */
  readonly rows: Node;
  /** float32 [N, W, W]: column c of the result, in column c, from the columns of the map. */
  readonly columns: Node;
}

/**
 * PyTorch's `affine_grid` and `grid_sample`: bilinear, zeros outside, align_corners false. Only the scales and translations of
 * the matrices are looked at: what turns or shears is not supported. Source: spec "Appendix A".
 *
 * @param affine  float32 [N, 2, 3]: from coordinates of the result to those of the map, both −1..1
 */
export function warpOf(affine: Node, [height, width]: Size): Warp {
  const weightsAlong = (axis: 0 | 1, length: number, isAlongRows: boolean): Node => {
    const perMap = isAlongRows ? [1, length, 1] : [1, 1, length];
    const perSample = isAlongRows ? [1, 1, length] : [1, length, 1];
    // In float32 and in PyTorch's order: coordinates, then positions in pixels.
    const coordinate = add(
      mul(constant(pixelCentres(length), perMap), entry(affine, axis, axis)),
      entry(affine, axis, 2),
    );
    const position = mul(sub(mul(add(coordinate, scalar(1)), scalar(length)), scalar(1)), scalar(0.5));
    const samples = constant(
      Float32Array.from({ length }, (_, k) => k),
      perSample,
    );
    // A tap's weight falls from 1 at its pixel to 0 at the next; taps that do not exist are not there to count.
    return relu(sub(scalar(1), abs(sub(position, samples))));
  };
  return { rows: weightsAlong(1, height, true), columns: weightsAlong(0, width, false) };
}

/**
 * The maps sampled.
 *
 * @param x       float32 [N, C, H, W], or [I, C, H, W], each then sampled at T = N / I places
 * @returns       float32 [N, C, H, W]
 */
export function warped(x: Node, { rows, columns }: Warp): Node {
  const [images, channels, height, width] = nchw("warped", x);
  const samples = at(rows.shape, 0);
  const each = samples / images;
  const matrices = (matrix: Node, size: number): Node => reshape(matrix, [images, each, size, size]);
  // All channels' rows in one product; then each channel's rows are mixed.
  const wide = matMul(reshape(x, [images, 1, channels * height, width]), matrices(columns, width));
  const maps = reshape(wide, [samples, channels, height, width]);
  return matMul(reshape(rows, [samples, 1, height, height]), maps);
}

/** A map of ones sampled: how much of each pixel lies inside, float32 [N, 1, H, W]. */
export function coverageOf({ rows, columns }: Warp): Node {
  const [samples, height, width] = [at(rows.shape, 0), at(rows.shape, 1), at(columns.shape, 1)];
  const down = reshape(reduceSum(rows, [2]), [samples, 1, height, 1]);
  const across = reshape(reduceSum(columns, [1]), [samples, 1, 1, width]);
  return mul(down, across);
}

/** One entry of each matrix, float32 [N, 1, 1]. */
function entry(affine: Node, row: number, column: number): Node {
  return slice(affine, [0, row, column], [at(affine.shape, 0), row + 1, column + 1]);
}

/** (2i + 1) / length − 1 */
function pixelCentres(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => (2 * i + 1) / length - 1);
}
