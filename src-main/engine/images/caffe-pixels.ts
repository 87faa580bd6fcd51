// Images as networks from Caffe take them: blue, green, red on the scale of bytes, less a mean.
import { CAFFE_MEAN } from "../pixel-statistics.ts";
import type { RgbImage } from "./rgb-image.ts";

const CHANNELS = [0, 1, 2] as const;

/** @returns float32 [3, H, W] */
export function caffePixels({ data, width, height }: RgbImage): Float32Array {
  const plane = width * height;
  const pixels = new Float32Array(3 * plane);
  for (const channel of CHANNELS) {
    // Subtracted in single precision, as the original does: what is compared byte by byte stays equal.
    const mean = Math.fround(CAFFE_MEAN[channel]);
    for (let i = 0; i < plane; i += 1) pixels[channel * plane + i] = (data[3 * i + (2 - channel)] as number) - mean;
  }
  return pixels;
}

/** The picture of such input, float32 [3, H, W]; values are cut off below. */
export function pictureOfCaffe(pixels: Float32Array, [height, width]: readonly [number, number]): RgbImage {
  const plane = width * height;
  const data = new Uint8ClampedArray(3 * plane);
  for (const channel of CHANNELS) {
    const mean = Math.fround(CAFFE_MEAN[channel]);
    for (let i = 0; i < plane; i += 1) data[3 * i + (2 - channel)] = (pixels[channel * plane + i] as number) + mean;
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}
