// Takes the colour out of an image.
import { checkRgbImage, type RgbImage } from "./rgb-image.ts";

/**
 * The luma of one pixel, 0..255, in Pillow's 16-bit fixed point of 0.299 R + 0.587 G + 0.114 B (ITU-R 601-2).
 * Source: self-adaptation specification, 4.2 "Grayscale".
 */
export function lumaOf(red: number, green: number, blue: number): number {
  return (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
}

/** The same picture in grey: three equal channels, since the networks want three. */
export function grayscale(image: RgbImage): RgbImage {
  checkRgbImage(image);
  const { width, height, data } = image;
  const gray = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const luma = lumaOf(data[i] as number, data[i + 1] as number, data[i + 2] as number);
    gray[i] = luma;
    gray[i + 1] = luma;
    gray[i + 2] = luma;
  }
  return { width, height, data: gray };
}
