// Rows of 256 colours, one for every value of a byte: classes with some of them hidden, and the ramp of heat maps.
import type { Palette } from "../../src-shared/labels/palettes.ts";

export const NUM_ENTRIES = 256;

/**
 * RGBA of every class id. Ids without a colour, such as the ignore label, and hidden classes are transparent.
 */
export function classColorRow(palette: Palette, hidden: ReadonlySet<number>): Uint8Array<ArrayBuffer> {
  const row = new Uint8Array(NUM_ENTRIES * 4);
  palette.forEach(([r, g, b], trainId) => {
    row.set([r, g, b, hidden.has(trainId) ? 0 : 255], trainId * 4);
  });
  return row;
}

/** From dark to light with steadily rising lightness, so that it reads the same without colour. */
const RAMP_STOPS: Palette = [
  [8, 8, 24],
  [44, 24, 92],
  [104, 32, 124],
  [168, 48, 112],
  [222, 82, 76],
  [248, 142, 56],
  [252, 202, 96],
  [252, 250, 200],
];

/** RGBA of every value, 0..255. */
export function rampColorRow(): Uint8Array<ArrayBuffer> {
  const row = new Uint8Array(NUM_ENTRIES * 4);
  for (let value = 0; value < NUM_ENTRIES; value++) row.set([...rampColor(value / (NUM_ENTRIES - 1)), 255], value * 4);
  return row;
}

/** The ramp's colour at a share of its length, 0..1. */
export function rampColor(share: number): readonly [number, number, number] {
  const position = Math.min(Math.max(share, 0), 1) * (RAMP_STOPS.length - 1);
  const index = Math.min(Math.floor(position), RAMP_STOPS.length - 2);
  const [from, to] = [RAMP_STOPS[index], RAMP_STOPS[index + 1]];
  if (from === undefined || to === undefined) return [0, 0, 0];
  const along = position - index;
  const mix = (channel: 0 | 1 | 2): number => Math.round(from[channel] + (to[channel] - from[channel]) * along);
  return [mix(0), mix(1), mix(2)];
}
