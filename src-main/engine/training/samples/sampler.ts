// Samplers: which images of a data set a step reads. Everything random in them follows from seed and step.
import { createRandom, mixSeeds, type Random } from "../../random.ts";
import { shuffled } from "../../shuffled.ts";

/** Random streams of samplers; a method's own begin at 16. */
const ORDER_STREAM = 1;
const UNIFORM_STREAM = 4;
const PAIRS_STREAM = 5;

/** One image of a step. */
export interface SampleDraw {
  /** Of the image in its data set, from 0. */
  readonly place: number;
  /** With the place it decides how the image is changed: no two of a run have both the same. */
  readonly draw: number;
}

export interface Sampler {
  /** The images of the step with this index, from 0, over all epochs. */
  draws(step: number): readonly SampleDraw[];
}

export interface SamplerOptions {
  /** Images in the data set. */
  readonly count: number;
  /** Images of a step. */
  readonly batchSize: number;
  readonly seed: number;
}

export interface ShuffledSampler extends Sampler {
  readonly stepsPerEpoch: number;
}

/**
 * Every image once an epoch, in an order that seed and epoch decide. `draw` is the epoch.
 *
 * @param lastBatch  what becomes of the images that do not fill a batch at an epoch's end. Dropped, where there is not even
 *                   one batch: the images are gone through again until it is full
 */
export function shuffledSampler(
  { count, batchSize, seed }: SamplerOptions,
  lastBatch: "smaller" | "dropped" = "smaller",
): ShuffledSampler {
  const stepsPerEpoch =
    lastBatch === "smaller" ? Math.ceil(count / batchSize) : Math.max(1, Math.floor(count / batchSize));
  const orderOf = newest((epoch) => shuffled(places(count), createRandom(mixSeeds(seed, ORDER_STREAM, epoch))));
  return {
    stepsPerEpoch,
    draws: (step) => {
      const epoch = Math.floor(step / stepsPerEpoch);
      const first = (step % stepsPerEpoch) * batchSize;
      const order = orderOf(epoch);
      const size = lastBatch === "smaller" ? Math.min(batchSize, count - first) : batchSize;
      return Array.from({ length: size }, (_, k) => ({
        place: order[(first + k) % count] ?? 0, // in range
        // Gone through again, an image is changed otherwise than before.
        draw: epoch + Math.floor((first + k) / count) * REPEATED,
      }));
    },
  };
}

/** Above the number of epochs of any run. */
const REPEATED = 2 ** 32;

/** Images drawn with replacement, each as likely. `draw` counts the samples of the run. */
export function uniformSampler({ count, batchSize, seed }: SamplerOptions): Sampler {
  return drawnSampler(batchSize, seed, UNIFORM_STREAM, (_, random) => random.integer(count));
}

/**
 * Images drawn with replacement, one by one.
 *
 * @param place  of the sample with this number, counted from 0 over the whole run
 */
export function drawnSampler(
  batchSize: number,
  seed: number,
  stream: number,
  place: (sample: number, random: Random) => number,
): Sampler {
  return {
    draws: (step) =>
      Array.from({ length: batchSize }, (_, k) => {
        const sample = step * batchSize + k;
        return { place: place(sample, createRandom(mixSeeds(seed, stream, sample))), draw: sample };
      }),
  };
}

/**
 * Two samplers that keep in step: the k-th images of both are a pair, and of all pairs of images each is as likely.
 */
export function pairSamplers(
  counts: readonly [number, number],
  batchSize: number,
  seed: number,
): readonly [Sampler, Sampler] {
  const of = (part: 0 | 1): Sampler =>
    drawnSampler(batchSize, seed, PAIRS_STREAM, (_, random) => {
      const places = counts.map((count) => random.integer(count));
      return places[part] ?? 0; // there are two
    });
  return [of(0), of(1)];
}

function places(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place);
}

/** Keeps what was made last: steps are asked for in their order. */
function newest<T>(make: (key: number) => T): (key: number) => T {
  let known: { readonly key: number; readonly value: T } | null = null;
  return (key) => {
    if (known?.key !== key) known = { key, value: make(key) };
    return known.value;
  };
}
