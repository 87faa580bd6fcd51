// The strong augmentation of a mixed image: colour jitter, then blur.
import { blurPlanes } from "../../images/blur-planes.ts";
import type { ColorJitter } from "../../images/jitter-colors.ts";
import { jitterFloatColors, type KorniaFlavour } from "../../images/jitter-float-colors.ts";
import { IMAGENET_MEAN, IMAGENET_STD } from "../../images/normalize.ts";

export interface StrongColors {
  /** Null: colours stay. */
  readonly jitter: ColorJitter | null;
  /** Standard deviation of the blur in pixels; null: none. */
  readonly sigma: number | null;
  readonly flavour: KorniaFlavour;
}

/**
 * Colours change as numbers 0..1, the blur is of the normalised image. Source: spec "7.5 Strong augmentation".
 *
 * @param planes  float32 [3, H, W], ImageNet-normalised; changed in place
 */
export function strongColors(
  planes: Float32Array,
  [height, width]: readonly [number, number],
  { jitter, sigma, flavour }: StrongColors,
): void {
  if (jitter !== null) {
    mapChannels(planes, (value, mean, std) => value * std + mean);
    jitterFloatColors(planes, jitter, flavour);
    mapChannels(planes, (value, mean, std) => (value - mean) / std);
  }
  if (sigma !== null) planes.set(blurPlanes(planes, height, width, sigma));
}

function mapChannels(planes: Float32Array, change: (value: number, mean: number, std: number) => number): void {
  const size = planes.length / 3;
  for (const [channel, mean] of IMAGENET_MEAN.entries()) {
    const std = IMAGENET_STD[channel] ?? 1;
    for (let i = channel * size; i < (channel + 1) * size; i += 1) planes[i] = change(planes[i] as number, mean, std);
  }
}
