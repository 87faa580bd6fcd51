// From bytes to the numbers networks were trained on.
import { IMAGENET_MEAN, IMAGENET_STD, type PerChannel } from "../pixel-statistics.ts";
import { checkRgbImage, type RgbImage } from "./rgb-image.ts";

export { IMAGENET_MEAN, IMAGENET_STD, type PerChannel };

/** Turns images into network inputs: float32 [3, H, W] one after another. */
export type Normalize = (image: RgbImage) => Float32Array;

/**
 * (v / 255 − mean) / std per channel. The float32 rounding after each step, in this order, is what makes the result equal
 * to the originals' bit by bit.
 *
 * Source: self-adaptation specification, 4.2 step 3; da-sac specification, 2.1.
 */
export function normalizer(mean: PerChannel, std: PerChannel): Normalize {
  const [red, green, blue] = [tableOf(mean[0], std[0]), tableOf(mean[1], std[1]), tableOf(mean[2], std[2])];
  return (image) => {
    checkRgbImage(image);
    const { data } = image;
    const plane = image.width * image.height;
    const normalized = new Float32Array(3 * plane);
    let from = 0;
    for (let i = 0; i < plane; i++) {
      normalized[i] = red[data[from] as number] as number;
      normalized[plane + i] = green[data[from + 1] as number] as number;
      normalized[2 * plane + i] = blue[data[from + 2] as number] as number;
      from += 3;
    }
    return normalized;
  };
}

/** With ImageNet's constants. @returns float32 [1, 3, H, W] */
export const normalize: Normalize = normalizer(IMAGENET_MEAN, IMAGENET_STD);

/** What each of the 256 byte values becomes. */
function tableOf(channelMean: number, channelStd: number): Float32Array {
  const mean = Math.fround(channelMean);
  const std = Math.fround(channelStd);
  return Float32Array.from({ length: 256 }, (_, v) => Math.fround(Math.fround(Math.fround(v / 255) - mean) / std));
}
