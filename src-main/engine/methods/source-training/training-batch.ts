// Batches: which images of an epoch go together, and how they become the network's input.
import type { TrainingConfig } from "../../../../src-shared/contract/training-config.ts";
import type { LabelledImages } from "../../datasets/labelled-images.ts";
import { normalize } from "../../images/normalize.ts";
import { createRandom, mixSeeds } from "../../random.ts";
import { augment, shuffled } from "./augment.ts";

export interface TrainingBatch {
  readonly size: number;
  /** float32 [N, 3, H, W], ImageNet-normalised. */
  readonly images: Float32Array;
  /** int32 [N, 1, H, W], train ids. */
  readonly labels: Int32Array;
  /** Pixels that count in the loss. */
  readonly labelledPixels: number;
}

/** Random streams that must not repeat one another. */
const ORDER_STREAM = 1;
const AUGMENTATION_STREAM = 2;

/** The images of an epoch in random order, cut into batches; the last may be smaller. Epochs count from 0. */
export function epochBatches(imageCount: number, epoch: number, { seed, batchSize }: TrainingConfig): number[][] {
  const places = Array.from({ length: imageCount }, (_, place) => place);
  const order = shuffled(places, createRandom(mixSeeds(seed, ORDER_STREAM, epoch)));
  return Array.from({ length: Math.ceil(imageCount / batchSize) }, (_, batch) =>
    order.slice(batch * batchSize, (batch + 1) * batchSize),
  );
}

/** Reads and augments the images of one batch. Seed, epoch and place alone decide how an image is changed. */
export async function readBatch(
  data: LabelledImages,
  places: readonly number[],
  epoch: number,
  { seed, cropSize, numClasses, augmentation }: TrainingConfig,
): Promise<TrainingBatch> {
  const pixels = cropSize[0] * cropSize[1];
  const images = new Float32Array(places.length * 3 * pixels);
  const labels = new Int32Array(places.length * pixels);
  for (const [k, place] of places.entries()) {
    const random = createRandom(mixSeeds(seed, AUGMENTATION_STREAM, epoch, place));
    const augmented = augment(await data.read(place), cropSize, augmentation, random);
    images.set(normalize(augmented.image), k * 3 * pixels);
    labels.set(augmented.labels.data, k * pixels);
  }
  const labelledPixels = labels.reduce((count, id) => count + (id < numClasses ? 1 : 0), 0);
  return { size: places.length, images, labels, labelledPixels };
}
