// Counts importance weights over predictions, one after another.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { LabelMap } from "../../images/rgb-image.ts";
import { stopIfCancelled } from "../shared/cancellation.ts";
import { type ClassCounts, classCounts, type ImportanceWeights, importanceWeights } from "./importance-weights.ts";

/** A target image as the baseline predicts it. */
export interface PredictedImage {
  /** The file, for messages. */
  readonly path: string;
  /** That its weights are kept under. */
  readonly name: string;
  /** Train ids, 255 where nothing is predicted. */
  readonly predicted: () => Promise<LabelMap>;
}

export interface CountOptions {
  readonly signal?: AbortSignal;
  /** Called before each image with the number of those that are counted, of how many. */
  readonly onImage?: (done: number, images: number, name: string) => void;
}

/**
 * @throws AppError `input.option` for two images of one name; `label.ids` for ids that are no classes; those of the images
 * @throws CancelledError
 */
export async function countWeights(
  images: readonly PredictedImage[],
  numClasses: number,
  { signal, onImage }: CountOptions = {},
): Promise<ImportanceWeights> {
  const counts = new Map<string, ClassCounts>();
  for (const [done, { path, name, predicted }] of images.entries()) {
    stopIfCancelled(signal);
    onImage?.(done, images.length, name);
    if (counts.has(name)) {
      throw new AppError("input.option", `"${path}": another image is called "${name}", too; leave one of them out.`);
    }
    counts.set(name, classCounts(await predicted(), numClasses, path));
  }
  return importanceWeights(counts);
}
