// The colour of one pixel, in whole numbers: the shader in shaders.ts computes the same, so that both agree exactly.
import { IGNORE_LABEL } from "../../src-shared/labels/ignore-label.ts";
import { lineColor } from "./class-pattern.ts";
import type { Layer } from "./picture.ts";

/** The layers by number: this runs once a pixel. */
export const LAYER_CODES: { readonly [K in Layer["kind"]]: number } = {
  none: 0,
  labels: 1,
  heat: 2,
  errors: 3,
  difference: 4,
  pseudoLabel: 5,
};

type Color = readonly [number, number, number];

/** Orange-red and blue stay apart for all eyes. */
export const WRONG_COLOR: Color = [255, 84, 56];
export const FIXED_COLOR: Color = [56, 172, 255];
/** Wrong before and after, but not the same class. */
export const STILL_WRONG_COLOR: Color = [250, 204, 80];
/** Of one class: found, found where it is not, and not found. */
export const TRUE_POSITIVE_COLOR = FIXED_COLOR;
export const FALSE_POSITIVE_COLOR = WRONG_COLOR;
export const FALSE_NEGATIVE_COLOR = STILL_WRONG_COLOR;
/** Stands in for a photograph that is not there. */
export const BLANK_GREY = 40;
/** Of 256: how bright the grey photograph is under errors and differences, and where there is no pseudo-label. */
export const BACKDROP_SHARE = 150;
export const UNLABELLED_SHARE = 90;

/** What is known at one pixel: three planes of the layer (see `layerPlanes`) and the photograph. */
export interface PixelInputs {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  /** Whether one of the four device pixels around it shows another class. */
  readonly isBorder: boolean;
  /** Whether it lies on a line of its class's pattern. */
  readonly isOnPattern: boolean;
}

export interface ShadeStyle {
  readonly opacity255: number;
  readonly threshold255: number;
  readonly hasOutline: boolean;
  readonly hasPatterns: boolean;
  readonly classColors: Uint8Array;
  readonly soloClass: number;
  readonly ramp: Uint8Array;
}

/** @returns 0xRRGGBB */
export function shade(code: number, pixel: PixelInputs, style: ShadeStyle): number {
  const { a, b, c } = pixel;
  switch (code) {
    case LAYER_CODES.labels:
      return blendClass(pixel, a, photoOf(pixel), c < style.threshold255, style);
    case LAYER_CODES.heat:
      return blend(photoOf(pixel), colorAt(style.ramp, a), style.opacity255);
    case LAYER_CODES.errors: {
      const isCounted = b !== IGNORE_LABEL && c > 0;
      const backdrop = greyOf(pixel, isCounted ? BACKDROP_SHARE : UNLABELLED_SHARE);
      const color = isCounted ? errorColor(a, b, style) : null;
      return color === null ? packed(backdrop) : blend(backdrop, color, style.opacity255);
    }
    case LAYER_CODES.difference: {
      // A class shown alone is seen where it came and where it went.
      const isShown = a !== b && a !== IGNORE_LABEL && b !== IGNORE_LABEL && isEitherShown(a, b, style);
      return blend(greyOf(pixel, BACKDROP_SHARE), changeColor(a, b, c, style), isShown ? style.opacity255 : 0);
    }
    case LAYER_CODES.pseudoLabel: {
      if (a === IGNORE_LABEL) return packed(greyOf(pixel, UNLABELLED_SHARE));
      return blendClass(pixel, a, photoOf(pixel), false, style);
    }
    default:
      return packed(photoOf(pixel));
  }
}

function blendClass(pixel: PixelInputs, label: number, photo: Color, isUnsure: boolean, style: ShadeStyle): number {
  if (isUnsure || alphaAt(style.classColors, label) === 0) return packed(photo);
  const alpha = style.hasOutline ? (pixel.isBorder ? 255 : 0) : style.opacity255;
  const color = colorAt(style.classColors, label);
  return blend(photo, pixel.isOnPattern && !style.hasOutline ? lineColor(color) : color, alpha);
}

function errorColor(label: number, truth: number, { soloClass, classColors }: ShadeStyle): Color | null {
  if (soloClass === IGNORE_LABEL) {
    return label !== truth && isEitherShown(label, truth, { classColors }) ? WRONG_COLOR : null;
  }
  if (label === soloClass) return truth === soloClass ? TRUE_POSITIVE_COLOR : FALSE_POSITIVE_COLOR;
  return truth === soloClass ? FALSE_NEGATIVE_COLOR : null;
}

function isEitherShown(a: number, b: number, { classColors }: Pick<ShadeStyle, "classColors">): boolean {
  return alphaAt(classColors, a) > 0 || alphaAt(classColors, b) > 0;
}

function changeColor(from: number, to: number, truth: number, style: ShadeStyle): Color {
  if (truth === IGNORE_LABEL) return colorAt(style.classColors, to);
  if (to === truth) return FIXED_COLOR;
  return from === truth ? WRONG_COLOR : STILL_WRONG_COLOR;
}

function photoOf({ red, green, blue }: PixelInputs): Color {
  return [red, green, blue];
}

function greyOf({ red, green, blue }: PixelInputs, share: number): Color {
  const grey = (((77 * red + 150 * green + 29 * blue) >> 8) * share) >> 8;
  return [grey, grey, grey];
}

function colorAt(row: Uint8Array, index: number): Color {
  return [row[index * 4] ?? 0, row[index * 4 + 1] ?? 0, row[index * 4 + 2] ?? 0];
}

function alphaAt(row: Uint8Array, index: number): number {
  return row[index * 4 + 3] ?? 0;
}

function blend(under: Color, over: Color, alpha: number): number {
  const mix = (channel: 0 | 1 | 2): number =>
    Math.trunc((under[channel] * (255 - alpha) + over[channel] * alpha + 127) / 255);
  return (mix(0) << 16) | (mix(1) << 8) | mix(2);
}

function packed([red, green, blue]: Color): number {
  return (red << 16) | (green << 8) | blue;
}
