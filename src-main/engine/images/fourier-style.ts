// A picture in another's style: its own phases with the other's low amplitudes (Fourier domain adaptation). Source: spec of CISS, "3.1 FDA".
import { AppError } from "../../../src-shared/contract/errors.ts";
import { BETA_BELOW } from "../../../src-shared/contract/style.ts";
import { checkFloatPicture, type FloatPicture } from "./float-picture.ts";
import { type LowFrequencies, lowFrequencies, withAddedFrequencies } from "./low-frequencies.ts";

/**
 * The content with the other's amplitudes in the square of 2b + 1 low frequencies, b = floor(beta · its shorter side), the mean included.
 * Sizes may differ. In float64; nothing is clipped or rounded, so that values below 0 and above 255 occur.
 *
 * @param beta  0..0.5, without 0.5
 * @throws AppError `input.option` for another beta, `image.size` for an other picture of fewer frequencies, `image.format` for a content
 *         of one colour, which has no phases
 */
export function fourierStyled(content: FloatPicture, style: FloatPicture, beta: number): FloatPicture {
  const b = halfWidthOf(content, style, beta);
  requirePhases(content);
  return changedTo(content, lowFrequencies(content, b), lowFrequencies(style, b), b);
}

/** Each in the other's style, of transforms that are computed once. @throws as fourierStyled */
export function fourierStyledPair(
  one: FloatPicture,
  other: FloatPicture,
  beta: number,
): [one: FloatPicture, other: FloatPicture] {
  const [a, b] = [halfWidthOf(one, other, beta), halfWidthOf(other, one, beta)];
  requirePhases(one);
  requirePhases(other);
  if (a !== b) return [fourierStyled(one, other, beta), fourierStyled(other, one, beta)];
  const [ofOne, ofOther] = [lowFrequencies(one, a), lowFrequencies(other, a)];
  return [changedTo(one, ofOne, ofOther, a), changedTo(other, ofOther, ofOne, a)];
}

function changedTo(content: FloatPicture, own: LowFrequencies, other: LowFrequencies, halfWidth: number): FloatPicture {
  const real = new Float64Array(own.real.length);
  const imaginary = new Float64Array(own.real.length);
  for (let i = 0; i < real.length; i += 1) {
    const [re, im] = [own.real[i] as number, own.imaginary[i] as number];
    const amplitude = Math.hypot(re, im);
    const wanted = Math.hypot(other.real[i] as number, other.imaginary[i] as number);
    // The phase of 0 is 0.
    real[i] = amplitude === 0 ? wanted : re * (wanted / amplitude) - re;
    imaginary[i] = amplitude === 0 ? 0 : im * (wanted / amplitude) - im;
  }
  const { width, height } = content;
  return { width, height, data: withAddedFrequencies(content, { halfWidth, real, imaginary }) };
}

function halfWidthOf(content: FloatPicture, style: FloatPicture, beta: number): number {
  checkFloatPicture(content);
  checkFloatPicture(style);
  if (!(beta >= 0 && beta < BETA_BELOW)) {
    throw new AppError(
      "input.option",
      `beta is ${beta}; give a share from 0 to less than ${BETA_BELOW}, such as 0.01.`,
    );
  }
  const halfWidth = Math.floor(Math.min(content.width, content.height) * beta);
  const needed = 2 * halfWidth + 1;
  if (Math.min(style.width, style.height) >= needed) return halfWidth;
  throw new AppError(
    "image.size",
    `The image of the style has ${style.width} x ${style.height} pixels, and beta ${beta} of ${content.width} x ${content.height} ` +
      `asks for ${needed} frequencies; take a smaller beta or a larger image.`,
  );
}

/** Of one colour: what a transform holds besides the mean is rounding, and its phases are noise. */
function requirePhases({ data }: FloatPicture): void {
  for (let i = 3; i < data.length; i += 1) if (data[i] !== data[i % 3]) return;
  throw new AppError(
    "image.format",
    "The image is of one colour alone, so that no style can be put on what it shows; choose another.",
  );
}
