// Bilinear interpolation along one axis, as the matrix it is.

/**
 * The matrix [outSize, inSize] that interpolates a line of inSize samples at outSize places; each row sums to 1.
 * Positions and weights are computed in float32, as PyTorch does. Source: spec "1.1 Common rules".
 *
 * @param alignCorners  true: the ends of both lines coincide; false: half-pixel centres, clamped at the ends
 */
export function interpolationMatrix(inSize: number, outSize: number, alignCorners: boolean): Float32Array {
  const matrix = new Float32Array(outSize * inSize);
  for (let out = 0; out < outSize; out += 1) {
    const { low, high, fraction } = interpolationAt(inSize, outSize, alignCorners, out);
    matrix[out * inSize + low] = (matrix[out * inSize + low] ?? 0) + Math.fround(1 - fraction);
    matrix[out * inSize + high] = (matrix[out * inSize + high] ?? 0) + fraction;
  }
  return matrix;
}

/** The two samples that make the value at an output place, and the share of the higher one. */
export function interpolationAt(inSize: number, outSize: number, alignCorners: boolean, out: number) {
  if (inSize === outSize) return { low: out, high: out, fraction: 0 };
  const { fround } = Math;
  const source = alignCorners
    ? fround(fround(outSize > 1 ? (inSize - 1) / (outSize - 1) : 0) * out)
    : Math.max(0, fround(fround(fround(inSize / outSize) * fround(out + 0.5)) - 0.5));
  const low = Math.min(Math.floor(source), inSize - 1);
  return { low, high: Math.min(low + 1, inSize - 1), fraction: fround(source - low) };
}
