// How colours of mixed images change: kornia's jitter on blue, green, red as if they were red, green, blue; then blur.
// Source: spec of CROTS, "9.4 Photometric augmentation".
import { blurPlanes } from "../../images/blur-planes.ts";
import type { ColorJitter } from "../../images/jitter-colors.ts";
import { jitterFloatColors, type KorniaFlavour } from "../../images/jitter-float-colors.ts";
import { CAFFE_MEAN } from "../../pixel-statistics.ts";

const BYTE = 255;

/** @param pixels  float32 [3, H, W] as the network takes them; changed in place */
export function jitterMixed(pixels: Float32Array, jitter: ColorJitter, flavour: KorniaFlavour): void {
  mapChannels(pixels, (value, mean) => (value + mean) / BYTE);
  jitterFloatColors(pixels, jitter, flavour);
  mapChannels(pixels, (value, mean) => value * BYTE - mean);
}

/** @param sigma  of the blur, in pixels */
export function blurMixed(pixels: Float32Array, [height, width]: readonly [number, number], sigma: number): void {
  pixels.set(blurPlanes(pixels, height, width, sigma));
}

function mapChannels(pixels: Float32Array, change: (value: number, mean: number) => number): void {
  const plane = pixels.length / 3;
  for (const [channel, mean] of CAFFE_MEAN.entries()) {
    for (let i = channel * plane; i < (channel + 1) * plane; i += 1) pixels[i] = change(pixels[i] as number, mean);
  }
}
