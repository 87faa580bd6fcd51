// Rare class sampling: which class is drawn how often, and which source images have enough of it.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { Random } from "../../random.ts";
import { createRandom, mixSeeds } from "../../random.ts";
import { drawnSampler, type Sampler } from "../../training/samples/sampler.ts";
import type { ClassPixels } from "../../training/training-method.ts";

/** Plain data. */
export interface RareClasses {
  /** Rarest first. */
  readonly classes: readonly number[];
  /** Of each, in that order; they add up to 1. */
  readonly probabilities: readonly number[];
  /** Of each, places of the images that have more pixels of it than asked for. */
  readonly places: readonly (readonly number[])[];
}

export interface RareClassSettings {
  readonly rareTemperature: number;
  readonly rareMinPixels: number;
}

const STREAM = 34;

/**
 * P(c) ∝ exp((1 − f_c) / T), in float32 as the original. Source: spec "8. Rare Class Sampling".
 *
 * @param pixels  of each image, the pixels of each class by train id
 * @throws AppError `input.option` where a class occurs and no image has enough of it
 */
export function rareClasses(
  pixels: readonly ClassPixels[],
  { rareTemperature, rareMinPixels }: RareClassSettings,
): RareClasses {
  const totals = new Map<number, number>();
  for (const image of pixels) for (const [id, count] of image) totals.set(id, (totals.get(id) ?? 0) + count);
  const rising = [...totals].sort(([, a], [, b]) => a - b);
  const places = rising.map(([id]) =>
    pixels.flatMap((image, place) => ((image.get(id) ?? 0) > rareMinPixels ? [place] : [])),
  );
  const without = rising.flatMap(([id], k) => (places[k]?.length === 0 ? [id] : []));
  if (rising.length === 0 || without.length > 0) throw noImage(without, rareMinPixels);
  return {
    classes: rising.map(([id]) => id),
    probabilities: softened(
      rising.map(([, n]) => n),
      rareTemperature,
    ),
    places,
  };
}

/** Draws a class, then an image with it. `draw` counts the samples of the run. */
export function rareClassImages(table: RareClasses, batchSize: number, seed: number): Sampler {
  return drawnSampler(batchSize, seed, STREAM, (_, random) => {
    return random.pick(table.places[drawnPlace(table, random)] ?? []);
  });
}

/** The class that `rareClassImages` drew for this sample. */
export function classOfSample(table: RareClasses, seed: number, sample: number): number {
  return table.classes[drawnPlace(table, createRandom(mixSeeds(seed, STREAM, sample)))] ?? 0;
}

function drawnPlace({ probabilities }: RareClasses, random: Pick<Random, "next">): number {
  let left = random.next();
  const place = probabilities.findIndex((probability) => {
    left -= probability;
    return left < 0;
  });
  return place < 0 ? probabilities.length - 1 : place;
}

function softened(counts: readonly number[], temperature: number): number[] {
  const f = Math.fround;
  const sum = f(counts.reduce((total, count) => total + count, 0));
  const exponents = counts.map((count) => f(f(1 - f(f(count) / sum)) / f(temperature)));
  const largest = Math.max(...exponents);
  const powers = exponents.map((exponent) => Math.exp(exponent - largest));
  const all = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / all);
}

function noImage(classes: readonly number[], minPixels: number): AppError {
  const message =
    classes.length === 0
      ? "Rare class sampling: the labels of the source have no pixel of any class; name other images, or switch it off."
      : `Rare class sampling: no source image has more than ${minPixels} pixels of the classes ${classes.join(", ")}; ` +
        "ask for fewer with --rare-min-pixels, or switch it off.";
  return new AppError("input.option", message);
}
