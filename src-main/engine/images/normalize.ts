// From bytes to the numbers networks were trained on.
import { checkRgbImage, type RgbImage } from "./rgb-image.ts";

/** Mean and standard deviation of ImageNet's pixels in 0..1, per red, green, blue (torchvision's constants). */
export const IMAGENET_MEAN: readonly [number, number, number] = [0.485, 0.456, 0.406];
export const IMAGENET_STD: readonly [number, number, number] = [0.229, 0.224, 0.225];

// Per channel, what each of the 256 byte values becomes. The float32 rounding after each step, in this order, is what
// makes the result equal to the original's bit by bit.
const TABLES: readonly [Float32Array, Float32Array, Float32Array] = [tableOf(0), tableOf(1), tableOf(2)];

/**
 * (v / 255 − mean) / std per channel.
 *
 * @returns float32 [1, 3, H, W]
 * Source: self-adaptation specification, 4.2 step 3.
 */
export function normalize(image: RgbImage): Float32Array {
  checkRgbImage(image);
  const { data } = image;
  const plane = image.width * image.height;
  const [red, green, blue] = TABLES;
  const normalized = new Float32Array(3 * plane);
  let from = 0;
  for (let i = 0; i < plane; i++) {
    normalized[i] = red[data[from] as number] as number;
    normalized[plane + i] = green[data[from + 1] as number] as number;
    normalized[2 * plane + i] = blue[data[from + 2] as number] as number;
    from += 3;
  }
  return normalized;
}

function tableOf(channel: 0 | 1 | 2): Float32Array {
  const mean = Math.fround(IMAGENET_MEAN[channel]);
  const std = Math.fround(IMAGENET_STD[channel]);
  return Float32Array.from({ length: 256 }, (_, v) => Math.fround(Math.fround(Math.fround(v / 255) - mean) / std));
}
