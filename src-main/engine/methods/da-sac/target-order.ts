// Which target image each sample of an epoch is of.
import { createRandom, mixSeeds } from "../../random.ts";
import { seededDraws } from "../shared/draws.ts";
import { drawImage, type ImageDistributions } from "./importance-sampler.ts";

/** Streams that must not repeat one another, nor those of the samples. */
const ORDER_STREAM = 3;
const IMAGE_STREAM = 4;

/**
 * Samples come in random order and are drawn with replacement; the class that an image is drawn for goes by the sample's
 * number, so that every class has its turn as often as the others. Seed and epoch alone decide. Source: spec "6.3 Sampling".
 *
 * @param samples  of the epoch: as many as the source has images
 * @returns        places of the target images, from 0
 */
export function targetOrder(seed: number, epoch: number, samples: number, distributions: ImageDistributions): number[] {
  return shuffledNumbers(samples, mixSeeds(seed, ORDER_STREAM, epoch)).map((slot) =>
    drawImage(distributions, slot, seededDraws(mixSeeds(seed, IMAGE_STREAM, epoch, slot))),
  );
}

/** 0 to count − 1, each order as likely (Fisher and Yates). */
function shuffledNumbers(count: number, seed: number): number[] {
  const random = createRandom(seed);
  const numbers = Array.from({ length: count }, (_, k) => k);
  for (let k = count - 1; k > 0; k--) {
    const other = random.integer(k + 1);
    [numbers[k], numbers[other]] = [numbers[other] as number, numbers[k] as number];
  }
  return numbers;
}
