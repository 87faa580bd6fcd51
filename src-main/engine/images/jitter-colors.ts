// Colour jitter: brightness, contrast, saturation and hue changed one after another, each rounded to 8 bits.
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation } from "./adjust-colors.ts";
import type { RgbImage } from "./rgb-image.ts";

export const COLOR_CHANGES = ["brightness", "contrast", "saturation", "hue"] as const;
export type ColorChange = (typeof COLOR_CHANGES)[number];

export interface ColorJitter {
  /** Every change once. */
  readonly order: readonly ColorChange[];
  /** Factors; 1 changes nothing. */
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  /** In turns of the colour circle, -0.5 to 0.5. */
  readonly hue: number;
}

const CHANGES: Readonly<Record<ColorChange, (image: RgbImage, amount: number) => RgbImage>> = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  hue: adjustHue,
};

/** The image changed in the jitter's order, as torchvision's ColorJitter does it with Pillow images. */
export function jitterColors(image: RgbImage, jitter: ColorJitter): RgbImage {
  return jitter.order.reduce((changed, name) => CHANGES[name](changed, jitter[name]), image);
}
