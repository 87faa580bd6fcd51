// All that is random in a step of mixing, asked in the original's order. Source: fixtures README, "4. Cases".
import type { ColorJitter } from "../../images/jitter-colors.ts";
import { createRandom, mixSeeds, type Random } from "../../random.ts";
import { randomJitter } from "../shared/draws.ts";

export interface CrotsDraws {
  /** Three other images of the batch, with replacement. */
  partners(image: number, images: number): readonly [number, number, number];
  /** From the beta distribution with both parameters the same; 0..1. */
  beta(parameter: number): number;
  /** Uniform in [0, 1): for the decisions about flip, colours and blur of the whole batch. */
  unit(): number;
  /** Standard deviation of the blur, in pixels. */
  sigma(): number;
  /** One for each image; their changes come in the same order. */
  jitters(images: number): readonly ColorJitter[];
}

/** @param step  from 0 */
export type DrawsOfStep = (step: number) => CrotsDraws;

/** A stream of the training's seed. */
const CHOICES = 48;
const LEAST_SIGMA = 0.15;
const MOST_SIGMA = 1.15;

/** @param strength  of the jitter, of all four changes */
export function seededStepDraws(seed: number, strength: number): DrawsOfStep {
  return (step) => {
    const random = createRandom(mixSeeds(seed, CHOICES, step));
    const all = { brightness: strength, contrast: strength, saturation: strength, hue: strength };
    return {
      partners: (image, images) => {
        const other = (): number => {
          const drawn = random.integer(images - 1);
          return drawn < image ? drawn : drawn + 1;
        };
        return [other(), other(), other()];
      },
      beta: (parameter) => {
        const [a, b] = [gamma(random, parameter), gamma(random, parameter)];
        // Of two numbers that are both too small to tell apart from 0 either may be the larger.
        return a + b > 0 ? a / (a + b) : random.integer(2);
      },
      unit: () => random.next(),
      sigma: () => random.uniform(LEAST_SIGMA, MOST_SIGMA),
      jitters: (images) => {
        const { order } = randomJitter(random, all);
        return Array.from({ length: images }, () => ({ ...randomJitter(random, all), order }));
      },
    };
  };
}

/**
 * From the gamma distribution of scale 1. Source: Marsaglia and Tsang, ACM TOMS 26 (2000), with their section 6 for shapes
 * below 1.
 */
function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
