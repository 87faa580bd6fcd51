// How much the pseudo-labels of a batch count: by the share of sure pixels, and not at all in cropped rows.

export interface PseudoWeightSettings {
  /** From this probability on a pixel is sure. */
  readonly pseudoThreshold: number;
  /** Rows from the top and from the bottom that count nothing. */
  readonly ignoredTop: number;
  readonly ignoredBottom: number;
}

/**
 * Source: spec "7.2", step 7.
 *
 * @param confidence  float32 [N, H, W]: each pixel's largest probability
 * @returns           the share of sure pixels of the batch, cropped rows included, and the weights, float32 [N, H, W]
 */
export function pseudoWeights(
  confidence: Float32Array,
  [height, width]: readonly [number, number],
  { pseudoThreshold, ignoredTop, ignoredBottom }: PseudoWeightSettings,
): { readonly share: number; readonly weights: Float32Array } {
  const threshold = Math.fround(pseudoThreshold);
  const share = confidence.reduce((sure, value) => (value >= threshold ? sure + 1 : sure), 0) / confidence.length;
  const weights = new Float32Array(confidence.length).fill(share);
  for (let image = 0; image < weights.length; image += height * width) {
    weights.fill(0, image, image + Math.min(ignoredTop, height) * width);
    weights.fill(0, image + Math.max(0, height - ignoredBottom) * width, image + height * width);
  }
  return { share, weights };
}
