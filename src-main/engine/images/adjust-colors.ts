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
  const source = image.data;
  const data = new Uint8Array(source.length);
  for (let i = 0; i < data.length; i += 3) {
    const red = source[i] as number;
    const green = source[i + 1] as number;
    const blue = source[i + 2] as number;
    const value = Math.max(red, green, blue);
    const range = value - Math.min(red, green, blue);
    if (range === 0)
      write(value, value, value, data, i); // grey has no hue
    else writeRgbOf((hueOf(red, green, blue, value, range) + turn) & 255, saturationOf(value, range), value, data, i);
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

// What follows runs for every pixel: numbers only, since objects and closures would take most of the time.

/** 0..255 (a full turn is 255, as in Pillow), of a colour that is not grey. */
function hueOf(red: number, green: number, blue: number, value: number, range: number): number {
  // How far each channel is below the largest one, in float32 like what follows.
  const r = Math.fround((value - red) / range);
  const g = Math.fround((value - green) / range);
  const b = Math.fround((value - blue) / range);
  const sixths = Math.fround(value === red ? b - g : value === green ? 2 + r - b : 4 + g - r);
  const turns = sixths / 6 + 1; // from 5/6 up to 11/6
  return Math.trunc(Math.fround(turns >= 1 ? turns - 1 : turns) * 255);
}

/** 0..255 */
function saturationOf(value: number, range: number): number {
  return Math.trunc(Math.fround(range / value) * 255);
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
  // Sixths of the colour circle, from red by way of green and blue back to red.
  switch (sector % 6) {
    case 0:
      write(value, rising, low, data, at);
      break;
    case 1:
      write(falling, value, low, data, at);
      break;
    case 2:
      write(low, value, rising, data, at);
      break;
    case 3:
      write(low, falling, value, data, at);
      break;
    case 4:
      write(rising, low, value, data, at);
      break;
    default:
      write(value, low, falling, data, at);
  }
}

function write(red: number, green: number, blue: number, data: Uint8Array, at: number): void {
  data[at] = red;
  data[at + 1] = green;
  data[at + 2] = blue;
}
