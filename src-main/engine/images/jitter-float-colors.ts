// Colour jitter on numbers 0..1 as kornia does it: brightness, contrast, saturation and hue, one after another.
import type { ColorChange, ColorJitter } from "./jitter-colors.ts";

/**
 * Which kornia: up to 0.6.3 brightness is added and contrast knows no mean; from 0.6.4 on both are torchvision's, saturation too.
 * Source: spec of EBDA, "7.5 Strong augmentation".
 */
export const KORNIA_FLAVOURS = ["0.5.8", "0.6.4"] as const;
export type KorniaFlavour = (typeof KORNIA_FLAVOURS)[number];

/** Changes planes in place. */
type Change = (planes: Float32Array, amount: number) => void;

const TURN = 2 * Math.PI;
/** kornia's, in the denominator of the saturation: it became smaller in 0.6. */
const EPSILON: Readonly<Record<KorniaFlavour, number>> = { "0.5.8": 1e-6, "0.6.4": 1e-8 };

const hueOf =
  (flavour: KorniaFlavour): Change =>
  (planes, turns) =>
    mapHsv(planes, EPSILON[flavour], (angle, saturation) => [(angle + TURN * turns) % TURN, saturation]);

const CHANGES: Readonly<Record<KorniaFlavour, Readonly<Record<ColorChange, Change>>>> = {
  "0.5.8": {
    brightness: (planes, factor) => mapEach(planes, (value) => value + (factor - 1)),
    contrast: (planes, factor) => mapEach(planes, (value) => factor * value),
    saturation: (planes, factor) =>
      mapHsv(planes, EPSILON["0.5.8"], (angle, saturation) => [angle, clamped(factor * saturation)]),
    hue: hueOf("0.5.8"),
  },
  "0.6.4": {
    brightness: (planes, factor) => mapEach(planes, (value) => factor * value),
    contrast: (planes, factor) => {
      const mean = meanGray(planes);
      mapEach(planes, (value) => factor * value + (1 - factor) * mean);
    },
    saturation: (planes, factor) => {
      mapPixels(planes, (red, green, blue) => {
        const gray = (1 - factor) * grayOf(red, green, blue);
        return [clamped(factor * red + gray), clamped(factor * green + gray), clamped(factor * blue + gray)];
      });
    },
    hue: hueOf("0.6.4"),
  },
};

/**
 * @param planes  float32 [3, H, W], 0..1: red, green, blue; changed in place
 */
export function jitterFloatColors(planes: Float32Array, jitter: ColorJitter, flavour: KorniaFlavour): void {
  for (const name of jitter.order) CHANGES[flavour][name](planes, jitter[name]);
}

function mapEach(planes: Float32Array, change: (value: number) => number): void {
  for (let i = 0; i < planes.length; i += 1) planes[i] = clamped(change(planes[i] as number));
}

function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function meanGray(planes: Float32Array): number {
  const size = planes.length / 3;
  let sum = 0;
  for (let i = 0; i < size; i += 1) {
    sum += grayOf(planes[i] as number, planes[size + i] as number, planes[2 * size + i] as number);
  }
  return sum / size;
}

function grayOf(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

type Triple = [number, number, number];

function mapPixels(planes: Float32Array, change: (red: number, green: number, blue: number) => Triple): void {
  const size = planes.length / 3;
  for (let i = 0; i < size; i += 1) {
    const [red, green, blue] = change(planes[i] as number, planes[size + i] as number, planes[2 * size + i] as number);
    planes[i] = red;
    planes[size + i] = green;
    planes[2 * size + i] = blue;
  }
}

/** @param change  of the hue as an angle, and of the saturation; the value stays */
function mapHsv(
  planes: Float32Array,
  epsilon: number,
  change: (angle: number, saturation: number) => [number, number],
): void {
  mapPixels(planes, (red, green, blue) => {
    const value = Math.max(red, green, blue);
    const range = value - Math.min(red, green, blue);
    const [angle, saturation] = change(angleOf(red, green, blue, value, range), range / (value + epsilon));
    return rgbOf(angle, saturation, value);
  });
}

/** The first largest channel decides the third of the circle. */
function angleOf(red: number, green: number, blue: number, value: number, range: number): number {
  const divisor = range === 0 ? 1 : range;
  const thirds = value === red ? green - blue : value === green ? 2 * divisor + blue - red : 4 * divisor + red - green;
  return TURN * modulo(thirds / divisor / 6, 1);
}

function rgbOf(angle: number, saturation: number, value: number): Triple {
  const sixths = modulo((6 * angle) / TURN, 6);
  const sector = Math.floor(sixths);
  const inSector = sixths - sector;
  const low = value * (1 - saturation);
  const falling = value * (1 - inSector * saturation);
  const rising = value * (1 - (1 - inSector) * saturation);
  switch (sector) {
    case 0:
      return [value, rising, low];
    case 1:
      return [falling, value, low];
    case 2:
      return [low, value, rising];
    case 3:
      return [low, falling, value];
    case 4:
      return [rising, low, value];
    default:
      return [value, low, falling];
  }
}

function modulo(value: number, divisor: number): number {
  const rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}
