// Changes brightness, contrast, saturation and hue as torchvision does with Pillow images: in 8 bits, step by step.
import { BugError } from "../../../src-shared/contract/errors.ts";
import { grayscale, lumaOf } from "./grayscale.ts";
import { checkRgbImage, type RgbImage } from "./rgb-image.ts";

/**
 * Darker (factor below 1) or brighter, by mixing with black.
 * Source for all four: self-adaptation specification, 3 "Augmentation", row 4.
 */
export function adjustBrightness(image: RgbImage, factor: number): RgbImage {
  checkRgbImage(image);
  return blend(new Uint8Array(image.data.length), image, factor);
}

/** Flatter (factor below 1) or stronger, by mixing with the rounded mean luma of the image. */
export function adjustContrast(image: RgbImage, factor: number): RgbImage {
  checkRgbImage(image);
  const { data } = image;
  let sum = 0;
  for (let i = 0; i < data.length; i += 3) {
    sum += lumaOf(data[i] as number, data[i + 1] as number, data[i + 2] as number);
  }
  const mean = Math.trunc(sum / (data.length / 3) + 0.5);
  return blend(new Uint8Array(data.length).fill(mean), image, factor);
}

/** Paler (factor below 1) or more colourful, by mixing with the grey image. */
export function adjustSaturation(image: RgbImage, factor: number): RgbImage {
  return blend(grayscale(image).data, image, factor);
}

/**
 * Turns all hues by `shift` of the colour circle, by way of 8-bit hue, saturation and value. Their rounding changes
 * colours a little even with shift 0.
 *
 * @param shift −0.5 to 0.5
 */
export function adjustHue(image: RgbImage, shift: number): RgbImage {
  checkRgbImage(image);
  if (!(Math.abs(shift) <= 0.5)) throw new BugError(`adjustHue by ${shift}`);
  const turn = Math.trunc(shift * 255);
  const data = new Uint8Array(image.data.length);
  for (let i = 0; i < data.length; i += 3) {
    const pixel = image.data.subarray(i, i + 3);
    const { hue, saturation, value } = hsvOf(pixel[0] as number, pixel[1] as number, pixel[2] as number);
    writeRgbOf((hue + turn) & 255, saturation, value, data, i);
  }
  return { width: image.width, height: image.height, data };
}

/** base + factor · (image − base) in float32, cut off to whole numbers and clamped to 0..255, as Pillow blends. */
function blend(base: Uint8Array, image: RgbImage, factor: number): RgbImage {
  if (!(factor >= 0)) throw new BugError(`colour adjustment by factor ${factor}`);
  const weight = Math.fround(factor);
  const data = new Uint8Array(base.length);
  for (let i = 0; i < data.length; i++) {
    const from = base[i] as number;
    const step = Math.fround(weight * ((image.data[i] as number) - from));
    data[i] = Math.trunc(Math.min(255, Math.max(0, Math.fround(from + step))));
  }
  return { width: image.width, height: image.height, data };
}

/** Hue, saturation and value, 0..255 each (a full turn of hue is 255, as in Pillow). */
function hsvOf(red: number, green: number, blue: number): { hue: number; saturation: number; value: number } {
  const value = Math.max(red, green, blue);
  const range = value - Math.min(red, green, blue);
  if (range === 0) return { hue: 0, saturation: 0, value };
  // How far each channel is below the largest one, in float32 like what follows.
  const [r, g, b] = [red, green, blue].map((v) => Math.fround((value - v) / range)) as [number, number, number];
  const sixths = Math.fround(value === red ? b - g : value === green ? 2 + r - b : 4 + g - r);
  const hue = Math.fround((sixths / 6 + 1) % 1);
  return { hue: Math.trunc(hue * 255), saturation: Math.trunc(Math.fround(range / value) * 255), value };
}

/** The colour of 8-bit hue, saturation and value, into three bytes of `data`. */
function writeRgbOf(hue: number, saturation: number, value: number, data: Uint8Array, at: number): void {
  const sixths = (hue * 6) / 255;
  const sector = Math.floor(sixths);
  const inSector = Math.fround(sixths - sector);
  const strength = Math.fround(saturation / 255);
  const low = Math.round(value * (1 - strength));
  const falling = Math.round(value * (1 - Math.fround(strength * inSector)));
  const rising = Math.round(value * (1 - strength * (1 - inSector)));
  data.set(SECTORS[sector % 6]?.(value, low, falling, rising) ?? [], at);
}

type Sector = (value: number, low: number, falling: number, rising: number) => readonly number[];

/** Red, green and blue in the six sixths of the colour circle, from red by way of green and blue back to red. */
const SECTORS: readonly Sector[] = [
  (value, low, _falling, rising) => [value, rising, low],
  (value, low, falling) => [falling, value, low],
  (value, low, _falling, rising) => [low, value, rising],
  (value, low, falling) => [low, falling, value],
  (value, low, _falling, rising) => [rising, low, value],
  (value, low, falling) => [value, low, falling],
];
