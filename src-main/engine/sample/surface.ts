// Surfaces: what a piece of the scene is (its class) and how it looks (albedo, gloss, glow at a point).
import { fractalNoise, valueNoise } from "./noise.ts";

/** Cityscapes trainIds by name; IGNORED is what a metric leaves out. */
export const LABEL = {
  road: 0,
  sidewalk: 1,
  building: 2,
  wall: 3,
  fence: 4,
  pole: 5,
  trafficLight: 6,
  trafficSign: 7,
  vegetation: 8,
  terrain: 9,
  sky: 10,
  person: 11,
  rider: 12,
  car: 13,
  truck: 14,
  bus: 15,
  train: 16,
  motorcycle: 17,
  bicycle: 18,
  ignored: 255,
} as const;

/** Linear red, green, blue. */
export type Color = readonly [number, number, number];

/** One visible point. A surface reads the first half and fills the second. */
export class ShadePoint {
  /** Surface coordinates, in metres unless the surface says otherwise. */
  u = 0;
  v = 0;
  /** World position. */
  x = 0;
  y = 0;
  z = 0;
  /** World normal, towards the viewer; a surface may bend it. */
  nx = 0;
  ny = 1;
  nz = 0;
  /** Metres that one sample covers here: finer texture than this is left out. */
  footprint = 0;
  /** 0 by day, 1 when lamps and windows are lit. */
  darkness = 0;

  /** Diffuse albedo, linear. */
  r = 0;
  g = 0;
  b = 0;
  /** Share of mirrored sky, 0 to 1. */
  gloss = 0;
  /** Emitted light, linear. */
  er = 0;
  eg = 0;
  eb = 0;

  paint(color: Color, brightness = 1): void {
    this.r = color[0] * brightness;
    this.g = color[1] * brightness;
    this.b = color[2] * brightness;
  }

  glow(color: Color, strength: number): void {
    this.er = color[0] * strength;
    this.eg = color[1] * strength;
    this.eb = color[2] * strength;
  }
}

/** What a sample of a surface covers: nothing, colour and class, or the class alone (a hole annotators paint over). */
export type Cover = "nothing" | "solid" | "hole";

export interface Surface {
  /** trainId 0..18 or 255. */
  readonly label: number;
  readonly shade: (point: ShadePoint) => void;
  /** Absent: solid everywhere. */
  readonly cover?: (u: number, v: number) => Cover;
}

/** A colour written the usual way, 0xrrggbb in sRGB, as linear light. */
export function colorFromHex(hex: number): Color {
  const linear = (byte: number): number => (byte / 255) ** 2.2;
  return [linear((hex >> 16) & 255), linear((hex >> 8) & 255), linear(hex & 255)];
}

export function mixColors(a: Color, b: Color, share: number): Color {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

/** Cloth, plaster, plastic: one colour with some blotches. */
export function matte(label: number, color: Color, seed = 0, blotches = 0.25, grain = 6): Surface {
  return {
    label,
    shade(point) {
      const noise = fractalNoise(point.u * grain + seed, point.v * grain, 2, seed);
      point.paint(color, 1 + blotches * (noise - 0.5) * 2);
    },
  };
}

/** Lacquer, metal: one colour that mirrors some sky. */
export function glossy(label: number, color: Color, gloss: number): Surface {
  return {
    label,
    shade(point) {
      const dirt = valueNoise(point.x * 3, point.y * 3 + point.z * 2, 5);
      point.paint(color, 0.94 + 0.12 * dirt);
      point.gloss = gloss;
    },
  };
}

/** Window glass: dark, mirrors the sky. */
export function glass(label: number): Surface {
  return {
    label,
    shade(point) {
      point.paint([0.018, 0.022, 0.026]);
      point.gloss = 0.55;
    },
  };
}

/** Something that shines: `day` and `night` are its strengths. */
export function luminous(label: number, color: Color, day: number, night: number): Surface {
  return {
    label,
    shade(point) {
      const strength = day + (night - day) * point.darkness;
      point.paint(color, strength > 0.1 ? 0.6 : 0.16);
      point.glow(color, strength);
      point.gloss = 0.1;
    },
  };
}
