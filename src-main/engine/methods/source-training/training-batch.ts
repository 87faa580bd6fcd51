// Batches: which images of an epoch go together, and how they become the network's input.
import type { TrainingConfig } from "../../../../src-shared/contract/training-config.ts";
import type { LabelledImages } from "../../datasets/labelled-images.ts";
import { normalize } from "../../images/normalize.ts";
import { createRandom, mixSeeds } from "../../random.ts";
import { augment, shuffled } from "./augment.ts";

/** One augmented image as network input. */
export interface TrainingSample {
  /** float32 [3, H, W], ImageNet-normalised. */
  readonly image: Float32Array;
  /** [H, W], train ids. */
  readonly labels: Uint8Array;
}

/** Where samples come from: this thread, or others. */
export interface SampleReader {
  /** The image at this place of the data set, changed as this epoch wants it. */
  read(place: number, epoch: number): Promise<TrainingSample>;
  dispose(): Promise<void>;
}

export interface TrainingBatch {
  readonly size: number;
  /** float32 [N, 3, H, W], ImageNet-normalised. */
  readonly images: Float32Array;
  /** int32 [N, 1, H, W], train ids. */
  readonly labels: Int32Array;
  /** Pixels that count in the loss. */
  readonly labelledPixels: number;
}

/** What decides how an image is changed. */
export type SampleConfig = Pick<TrainingConfig, "seed" | "cropSize" | "augmentation">;

/** Random streams that must not repeat one another. */
const ORDER_STREAM = 1;
const AUGMENTATION_STREAM = 2;

/** The images of an epoch in random order, cut into batches; the last may be smaller. Epochs count from 0. */
export function epochBatches(
  imageCount: number,
  epoch: number,
  { seed, batchSize }: Pick<TrainingConfig, "seed" | "batchSize">,
): number[][] {
  const places = Array.from({ length: imageCount }, (_, place) => place);
  const order = shuffled(places, createRandom(mixSeeds(seed, ORDER_STREAM, epoch)));
  return chunks(order, batchSize);
}

/** The same items, so many at a time; the last chunk may be smaller. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, k) => items.slice(k * size, (k + 1) * size));
}

/** Reads and augments in this thread. Seed, epoch and place alone decide how an image is changed. */
export function sampleReader(data: LabelledImages, { seed, cropSize, augmentation }: SampleConfig): SampleReader {
  return {
    read: async (place, epoch) => {
      const random = createRandom(mixSeeds(seed, AUGMENTATION_STREAM, epoch, place));
      const { image, labels } = augment(await data.read(place), cropSize, augmentation, random);
      // A copy: samples are handed over to another thread, and the data set may keep what it reads.
      return { image: normalize(image), labels: labels.data.slice() };
    },
    dispose: () => Promise.resolve(),
  };
}

/** Reads the images of one batch, at the same time. */
export async function readBatch(
  reader: SampleReader,
  places: readonly number[],
  epoch: number,
  numClasses: number,
): Promise<TrainingBatch> {
  const samples = await Promise.all(places.map((place) => reader.read(place, epoch)));
  const pixels = samples[0]?.labels.length ?? 0;
  const images = new Float32Array(samples.length * 3 * pixels);
  const labels = new Int32Array(samples.length * pixels);
  let labelledPixels = 0;
  for (const [k, sample] of samples.entries()) {
    images.set(sample.image, k * 3 * pixels);
    labels.set(sample.labels, k * pixels);
    for (const id of sample.labels) if (id < numClasses) labelledPixels += 1;
  }
  return { size: samples.length, images, labels, labelledPixels };
}
