// The random choices of an augmentation, one after another: drawn from a seed, or replayed where a test has recorded them.
import { COLOR_CHANGES, type ColorJitter } from "../../images/jitter-colors.ts";
import { createRandom, type Random } from "../../random.ts";
import { shuffled } from "../../shuffled.ts";

/** How far colours may move: factors from 1 − x to 1 + x (not below 0), the hue up to so many turns either way. */
export interface JitterStrength {
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly hue: number;
}

/** What augmentations draw; the order in which they ask is theirs, and decides what a seed gives. */
export interface Draws {
  /** Uniform in [0, 1): for decisions, and to place a value between two others. */
  unit(): number;
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** A whole number from low to high, both included. */
  integer(low: number, high: number): number;
  /** Where a crop begins: so many rows and columns are left over. */
  cropOrigin(spareRows: number, spareColumns: number): { readonly top: number; readonly left: number };
  jitter(strength: JitterStrength): ColorJitter;
}

/** Draws that the seed determines. */
export function seededDraws(seed: number): Draws {
  const random = createRandom(seed);
  const integer = (low: number, high: number): number => low + random.integer(high - low + 1);
  return {
    unit: () => random.next(),
    uniform: (low, high) => random.uniform(low, high),
    integer,
    cropOrigin: (spareRows, spareColumns) => ({ top: integer(0, spareRows), left: integer(0, spareColumns) }),
    jitter: (strength) => randomJitter(random, strength),
  };
}

/** All amounts, then the order of the changes, each as likely. */
export function randomJitter(random: Random, { brightness, contrast, saturation, hue }: JitterStrength): ColorJitter {
  const factor = (strength: number): number => random.uniform(Math.max(0, 1 - strength), 1 + strength);
  const amounts = {
    brightness: factor(brightness),
    contrast: factor(contrast),
    saturation: factor(saturation),
    hue: random.uniform(-hue, hue),
  };
  return { ...amounts, order: shuffled(COLOR_CHANGES, random) };
}
