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
