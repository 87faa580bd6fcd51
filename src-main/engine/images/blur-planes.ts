// Gaussian blur of float planes as kornia's `GaussianBlur2d`: a sampled kernel, reflected borders.

/** Side of DAFormer's kernel for an image side of so many pixels, always odd. Source: spec of EBDA, "7.5". */
export function kernelSide(side: number): number {
  const tenth = Math.ceil(0.1 * side);
  return Math.floor(tenth - 0.5 + (tenth % 2));
}

/**
 * @param planes  float32 [C, H, W]; each side longer than half of its kernel
 * @param sigma   standard deviation in pixels, above 0
 * @returns       float32 [C, H, W]
 */
export function blurPlanes(planes: Float32Array, height: number, width: number, sigma: number): Float32Array {
  const [down, across] = [gaussianKernel(kernelSide(height), sigma), gaussianKernel(kernelSide(width), sigma)];
  const between = new Float32Array(planes.length);
  const blurred = new Float32Array(planes.length);
  for (let plane = 0; plane < planes.length; plane += height * width) {
    for (let y = 0; y < height; y += 1) blurLine(planes, between, plane + y * width, 1, width, across);
    for (let x = 0; x < width; x += 1) blurLine(between, blurred, plane + x, width, height, down);
  }
  return blurred;
}

/** Sums to 1. */
export function gaussianKernel(side: number, sigma: number): Float64Array {
  const weights = Float64Array.from({ length: side }, (_, k) =>
    Math.exp(-((k - (side >> 1)) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function blurLine(
  from: Float32Array,
  to: Float32Array,
  start: number,
  step: number,
  length: number,
  kernel: Float64Array,
): void {
  const reach = kernel.length >> 1;
  for (let i = 0; i < length; i += 1) {
    let sum = 0;
    for (let k = -reach; k <= reach; k += 1) {
      // The pixel at the border is not repeated.
      const unfolded = Math.abs(i + k);
      const at = unfolded < length ? unfolded : 2 * (length - 1) - unfolded;
      sum += (kernel[k + reach] as number) * (from[start + at * step] as number);
    }
    to[start + i * step] = sum;
  }
}
