// All that is random in a step besides its samples: which masks networks drop by, which classes are pasted, how colours change.
import type { ColorJitter } from "../../images/jitter-colors.ts";
import { createRandom, mixSeeds } from "../../random.ts";
import { shuffled } from "../../shuffled.ts";
import { randomJitter } from "../shared/draws.ts";
import { type DropoutMasks, seededMasks } from "../shared/dropout-masks.ts";

/** Passes of the student, each with masks of its own. */
export const STUDENT_PASSES = ["source", "mixed", "entropy"] as const;
export type StudentPass = (typeof STUDENT_PASSES)[number];

/** What a step draws; asked in the original's order. Source: spec "16. Gotchas", 44. */
export interface StepDraws {
  /** Uniform in [0, 1): first for the colours of all images of the batch, then for their blur. */
  unit(): number;
  /** So many of the places 0 to `of` − 1, none twice. */
  choose(of: number, count: number): readonly number[];
  jitter(): ColorJitter;
  /** Standard deviation of the blur, in pixels. */
  sigma(): number;
  masks(pass: StudentPass): DropoutMasks;
}

/** @param step  from 0 */
export type DrawsOfStep = (step: number) => StepDraws;

/** Streams of the training's seed; samplers and samples have others. */
const CHOICES = 32;
const MASKS = 33;

const LEAST_SIGMA = 0.15;
const MOST_SIGMA = 1.15;

/** @param strength  of the jitter, of all four changes */
export function seededStepDraws(seed: number, strength: number): DrawsOfStep {
  return (step) => {
    const random = createRandom(mixSeeds(seed, CHOICES, step));
    const all = { brightness: strength, contrast: strength, saturation: strength, hue: strength };
    return {
      unit: () => random.next(),
      choose: (of, count) =>
        shuffled(
          Array.from({ length: of }, (_, k) => k),
          random,
        ).slice(0, count),
      jitter: () => randomJitter(random, all),
      sigma: () => random.uniform(LEAST_SIGMA, MOST_SIGMA),
      masks: (pass) => seededMasks(mixSeeds(seed, MASKS, step, STUDENT_PASSES.indexOf(pass))),
    };
  };
}
