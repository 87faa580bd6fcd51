// Importance weights of predictions that lie in a folder.
import { decodeLabelMap } from "../../images/decode-label-map.ts";
import { type CountOptions, countWeights } from "./count-weights.ts";
import type { ImportanceWeights } from "./importance-weights.ts";
import { findPredictedMasks } from "./predicted-masks.ts";

/**
 * @param folder  train ids in PNG files; see `findPredictedMasks`
 * @throws AppError those of `findPredictedMasks` and `countWeights`
 * @throws CancelledError
 */
export async function countPredictions(
  folder: string,
  numClasses: number,
  options: CountOptions = {},
): Promise<ImportanceWeights> {
  const masks = await findPredictedMasks(folder);
  const images = masks.map(({ path, name }) => ({ path, name, predicted: () => decodeLabelMap(path) }));
  return countWeights(images, numClasses, options);
}
