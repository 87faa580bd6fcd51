// A copy of a checkpoint that recommends parameters: the file itself is never written to.
import {
  type RecommendedParameters,
  recommendedMetadata,
} from "../../../src-shared/contract/recommended-parameters.ts";
import { atAlpha } from "./at-alpha.ts";
import { loadCheckpoint } from "./load-checkpoint.ts";
import { writeSafetensors } from "./safetensors/write-safetensors.ts";

/**
 * Whatever format the checkpoint has, the copy is .safetensors, with its metadata as text. A recommendation that was there
 * is replaced.
 *
 * @param alpha  what the parameters were found with, where it is not the checkpoint's own; it becomes the copy's
 * @throws AppError those of reading the checkpoint; `output.unwritable`, `output.diskFull`
 */
export async function storeRecommended(
  path: string,
  copy: string,
  recommended: RecommendedParameters,
  alpha: number | null,
): Promise<void> {
  const { stateDict, metadata } = await loadCheckpoint(path);
  const texts = Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, String(value)]));
  const weights = alpha === null ? stateDict : atAlpha(stateDict, alpha);
  await writeSafetensors(copy, weights, { ...texts, ...recommendedMetadata(recommended) });
}
