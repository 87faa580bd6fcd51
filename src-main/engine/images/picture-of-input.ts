// A network's input as a picture to look at.
import { IMAGENET_MEAN, IMAGENET_STD } from "./normalize.ts";
import type { RgbImage } from "./rgb-image.ts";

/** From network input back to bytes. @param input  ImageNet-normalised, [3, H, W] */
export function pictureOf(input: ArrayLike<number>, [height, width]: readonly [number, number]): RgbImage {
  const pixels = height * width;
  const data = new Uint8Array(3 * pixels);
  for (const [channel, mean] of IMAGENET_MEAN.entries()) {
    const std = IMAGENET_STD[channel] ?? 1; // both have three
    for (let i = 0; i < pixels; i++) {
      const value = ((input[channel * pixels + i] ?? 0) * std + mean) * 255;
      data[3 * i + channel] = Math.min(255, Math.max(0, Math.round(value)));
    }
  }
  return { width, height, data };
}
