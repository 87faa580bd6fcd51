// What one labelled image becomes for source training: changed at random, normalised, with its train ids.

import { BugError } from "../../../../src-shared/contract/errors.ts";
import type { SourceTrainingConfig } from "../../../../src-shared/contract/training/source-training.ts";
import { normalize } from "../../images/normalize.ts";
import { createRandom, mixSeeds } from "../../random.ts";
import type { SampleMaker } from "../../training/samples/sample.ts";
import { augment } from "./augment.ts";

/** What decides how an image is changed. */
export type SampleSettings = Pick<SourceTrainingConfig, "seed" | "cropSize" | "augmentation">;

/** The random stream of the changes; the samplers have others. */
const AUGMENTATION_STREAM = 2;

/**
 * Planes: `image` float32 [3, H, W], ImageNet-normalised; `labels` uint8 [H, W], train ids. Seed, epoch and place alone decide
 * how an image is changed.
 *
 * @param settings  a `SampleSettings`
 */
export function sourceSampleMaker(settings: unknown): SampleMaker {
  const { seed, cropSize, augmentation } = settings as SampleSettings; // what `samples` of this method gave
  return ({ image, labels }, { place, draw: epoch }) => {
    if (labels === null) throw new BugError("source training reads labelled images");
    const random = createRandom(mixSeeds(seed, AUGMENTATION_STREAM, epoch, place));
    const changed = augment({ image, labels }, cropSize, augmentation, random);
    return {
      image: { shape: [3, ...cropSize], data: normalize(changed.image) },
      // A copy: samples are handed over to another thread, and the data set may keep what it reads.
      labels: { shape: [...cropSize], data: changed.labels.data.slice() },
    };
  };
}
