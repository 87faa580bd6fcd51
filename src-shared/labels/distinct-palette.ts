// Colours for any number of classes, each apart from those before it.
import type { Palette, Rgb } from "./palettes.ts";

/** The golden angle: however many hues there are, the next one falls into the largest gap. */
const HUE_STEP_DEGREES = 137.507764;
/** Neighbouring hues differ in lightness as well, which all eyes see. */
const LIGHTNESS = [0.45, 0.7, 0.3, 0.58, 0.82];
const SATURATION = [0.75, 0.6, 0.9];

/** @param first  colours to begin with */
export function distinctPalette(count: number, first: Palette = []): Palette {
  return Array.from({ length: count }, (_, index) => first[index] ?? colorAt(index));
}

function colorAt(index: number): Rgb {
  const lightness = LIGHTNESS[index % LIGHTNESS.length] ?? 0.5;
  const saturation = SATURATION[Math.floor(index / LIGHTNESS.length) % SATURATION.length] ?? 0.75;
  return rgbFromHsl((index * HUE_STEP_DEGREES + 210) % 360, saturation, lightness);
}

/** @param hue  in degrees; the others 0..1. Source: CSS Color Module Level 4, "hsl to rgb" */
function rgbFromHsl(hue: number, saturation: number, lightness: number): Rgb {
  const channel = (offset: number): number => {
    const place = (offset + hue / 30) % 12;
    const reach = saturation * Math.min(lightness, 1 - lightness);
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(place - 3, 9 - place, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
