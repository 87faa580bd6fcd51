// Where a crop lies in its reference frame, as the affine matrices between the two.
import type { Size } from "./masked-picture.ts";

/** Of one crop: a zoom about a shifted centre, perhaps mirrored, perhaps turned. */
export interface CropGeometry {
  /** From the centre of the frame to the centre of the crop, in pixels; halves are possible. */
  readonly dy: number;
  readonly dx: number;
  /** In degrees; 0 in everything that the method draws. */
  readonly angle: number;
  /** 1 / scale: 2 for a crop half as wide as the frame. */
  readonly inverseScale: number;
  /** −1 for a mirrored crop, else 1. */
  readonly flip: 1 | -1;
}

/** The crop that is the whole frame. */
export const WHOLE_FRAME: CropGeometry = { dy: 0, dx: 0, angle: 0, inverseScale: 1, flip: 1 };

/** Rows of two by three, one after another. */
type Matrix = readonly [number, number, number, number, number, number];

/**
 * From a coordinate of the reference frame to one inside the crop, both −1..1 over the picture (half-pixel centres): sample
 * the crop at these to see it in the frame. Offsets are divided by whole halves of the size, also of an odd one, as the
 * original does. Source: spec "7.4 Affine matrices".
 *
 * @returns  float32 [2, 3]
 */
export function affineOf(geometry: CropGeometry, size: Size): Float32Array {
  return Float32Array.from(matrixOf(geometry, size));
}

/**
 * From a coordinate inside the crop to the reference frame: sample a map of the frame at these to get the crop's part of it.
 * The original's closed form, which is the inverse of `affineOf` unless a crop is both turned and mirrored.
 *
 * @returns  float32 [2, 3]
 */
export function affineInverseOf(geometry: CropGeometry, size: Size): Float32Array {
  const [a, b, x, c, d, y] = matrixOf(geometry, size);
  const [height, width] = size;
  const square = (height / width) ** 2;
  const scale = geometry.inverseScale ** 2;
  const [ia, ib, ic, id] = [a / scale, (c * square) / scale, b / square / scale, d / scale];
  return Float32Array.of(ia, ib, -(ia * x + ib * y), ic, id, -(ic * x + id * y));
}

function matrixOf({ dy, dx, angle, inverseScale, flip }: CropGeometry, [height, width]: Size): Matrix {
  const radians = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  const ratio = height / width;
  const [halfWidth, halfHeight] = [Math.floor(width / 2), Math.floor(height / 2)];
  return [
    flip * cos * inverseScale,
    ratio * sin * inverseScale,
    (-(cos * dx + sin * dy) / halfWidth) * inverseScale,
    (-sin / ratio) * inverseScale,
    cos * inverseScale,
    (-(-sin * dx + cos * dy) / halfHeight) * inverseScale,
  ];
}
