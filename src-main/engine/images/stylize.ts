// A picture in another's style, by either of the ways.
import type { Style } from "../../../src-shared/contract/style.ts";
import { centralBox, cropImage } from "./crop.ts";
import type { FloatPicture } from "./float-picture.ts";
import { fourierStyled } from "./fourier-style.ts";
import { reinhardStyled } from "./reinhard-style.ts";
import { resizeBilinear } from "./resize-bilinear.ts";
import type { RgbImage } from "./rgb-image.ts";

/** Unrounded. @throws as fourierStyled and reinhardStyled */
export function stylized(content: FloatPicture, style: FloatPicture, how: Style): FloatPicture {
  return how.style === "fourier" ? fourierStyled(content, style, how.beta) : reinhardStyled(content, style);
}

/**
 * The middle of an image, of the other's proportions and size. Amplitudes are sums over pixels, and a frequency is so many waves across the
 * picture: both mean the same in two images only where these are of one size.
 */
export function fittedTo(image: RgbImage, { width, height }: Pick<RgbImage, "width" | "height">): RgbImage {
  const scale = Math.min(image.width / width, image.height / height);
  const [boxWidth, boxHeight] = [Math.round(width * scale), Math.round(height * scale)].map((side) =>
    Math.max(1, side),
  );
  const box = centralBox(image, boxWidth as number, boxHeight as number);
  return resizeBilinear(cropImage(image, box), width, height);
}

/**
 * The same at a smaller size, for eyes: as many frequencies change as in the image's own size, as far as the smaller one has them.
 *
 * @param maxPx  of the longer side
 * @throws as stylized
 */
export function stylizedWithin(content: RgbImage, style: RgbImage, how: Style, maxPx: number): FloatPicture {
  const scale = Math.min(1, maxPx / Math.max(content.width, content.height));
  const small = scaled(content, scale);
  if (how.style === "reinhard") return stylized(small, scaled(style, scale), how);
  const fitted = fittedTo(style, small);
  if (scale === 1) return stylized(small, fitted, how);
  const halfWidth = Math.floor(Math.min(content.width, content.height) * how.beta);
  const short = Math.min(small.width, small.height);
  // In the middle between what gives as many and what gives one more: rounding leads to neither.
  const beta = (Math.min(halfWidth, Math.ceil(short / 2) - 1) + 0.5) / (short + 1);
  return stylized(small, fitted, { ...how, beta });
}

function scaled(image: RgbImage, scale: number): RgbImage {
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return resizeBilinear(image, side(image.width), side(image.height));
}
