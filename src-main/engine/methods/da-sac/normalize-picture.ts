// From a masked picture to network input: normalised, zero where padded, padding marked in the labels.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import { IMAGENET_MEAN, IMAGENET_STD, type Normalize, normalizer, type PerChannel } from "../../images/normalize.ts";
import type { LabelMap } from "../../images/rgb-image.ts";
import type { MaskedPicture } from "./masked-picture.ts";

/** Mean and standard deviation of a data set's pixels in 0..1, per channel. */
export interface ColorStatistics {
  readonly mean: PerChannel;
  readonly std: PerChannel;
}

/**
 * The constants that move a source's colours onto the target's before ImageNet's normalisation.
 * Source: spec "2.1 Normalisation".
 */
export function renormalizationOf(source: ColorStatistics, target: ColorStatistics): ColorStatistics {
  const each = (value: (channel: 0 | 1 | 2) => number): PerChannel => [value(0), value(1), value(2)];
  return {
    mean: each((c) => source.mean[c] - (source.std[c] / target.std[c]) * (target.mean[c] - IMAGENET_MEAN[c])),
    std: each((c) => (source.std[c] * IMAGENET_STD[c]) / target.std[c]),
  };
}

/** Network inputs of source images; null: as all other images. */
export function sourceNormalizer(
  renormalization: { readonly source: ColorStatistics; readonly target: ColorStatistics } | null,
): Normalize {
  if (renormalization === null) return normalizer(IMAGENET_MEAN, IMAGENET_STD);
  const { mean, std } = renormalizationOf(renormalization.source, renormalization.target);
  return normalizer(mean, std);
}

/**
 * Padded pixels are 0 after normalisation, which is the mean colour.
 *
 * @returns  float32 [3, H, W]
 */
export function networkInput({ image, padding }: Pick<MaskedPicture, "image" | "padding">, normalize: Normalize) {
  const pixels = normalize(image);
  const plane = padding.data.length;
  if (pixels.length !== 3 * plane) throw new BugError(`a mask of ${plane} pixels for ${pixels.length} values`);
  for (let i = 0; i < plane; i++) {
    if (padding.data[i] === 0) continue;
    // A product, as in the original, keeps the sign of zero: what is compared byte by byte stays equal.
    for (let c = 0; c < 3; c++) pixels[c * plane + i] = (pixels[c * plane + i] as number) * 0;
  }
  return pixels;
}

/** Train ids with one id wherever the picture was padded; the caller's array is left alone. */
export function labelsWithPadding(labels: LabelMap, padding: LabelMap, id: number): Int32Array {
  const marked = Int32Array.from(labels.data);
  for (let i = 0; i < marked.length; i++) if (padding.data[i] !== 0) marked[i] = id;
  return marked;
}
